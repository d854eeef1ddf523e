import { expect, test } from "vitest";
import {
  DEFAULT_GOSSIP_OPTIONS,
  FABRIC_PUSH_OPTIONS,
  gossipOptions,
  LOCAL_GOSSIP_OPTIONS,
} from "../../gossip/options.ts";

test("every preset is allowed", () => {
  for (const preset of [DEFAULT_GOSSIP_OPTIONS, LOCAL_GOSSIP_OPTIONS, FABRIC_PUSH_OPTIONS]) {
    expect(gossipOptions(preset)).toEqual(preset);
  }
});

test.each([
  [{ antiEntropyPeers: 0 }, "gossip.antiEntropyPeers is 0; allowed is a whole number from 1"],
  [{ antiEntropyPeers: 1.5 }, "gossip.antiEntropyPeers is 1.5; allowed is a whole number from 1"],
  [{ push: 1 }, "gossip.push is 1; allowed is true or false"],
  [{ pushFanout: "many" }, 'gossip.pushFanout is "many"; allowed is a whole number from 1, or "auto"'],
  [{ pullPears: 3 }, "gossip.pullPears is not an option"],
])("options %j are refused with the key, the value and what is allowed", (overrides, message) => {
  expect(() => gossipOptions(overrides as object)).toThrow(
    expect.objectContaining({ code: "INVALID_OPTION", message }),
  );
});
