import common from "@hyperledger/fabric-protos/lib/common/common_pb.js";
import mspPb from "@hyperledger/fabric-protos/lib/msp/msp_config_pb.js";
import { expect, test } from "vitest";
import { decodeMessage } from "../../chain/decode-message.ts";
import { lengthDelimited } from "../../chain/protobuf-fields.ts";

/** Field 9 begins a group, and in the second there is something in it. */
const GROUPS = [new Uint8Array([0x4b]), new Uint8Array([0x4b, 0x08, 0x01])];

test.each(GROUPS)("a group that never ends is refused, and does not hold up the peer: %#", (group) => {
  const refused = expect.objectContaining({ code: "MALFORMED_CONFIG" });
  expect(() => decodeMessage(mspPb.MSPConfig, group, "MSPConfig")).toThrow(refused);
  // Within another message as well.
  const nested = lengthDelimited(1, group);
  expect(() => decodeMessage(common.Block, nested, "Block")).toThrow(refused);
});

test("fields that are not known are still passed over", () => {
  const unknown = Buffer.concat([
    lengthDelimited(9, new Uint8Array(5)),
    lengthDelimited(2, new Uint8Array([7])),
  ]);
  expect(decodeMessage(mspPb.MSPConfig, unknown, "MSPConfig").getConfig_asU8()).toEqual(new Uint8Array([7]));
});
