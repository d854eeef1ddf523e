import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Block } from "../../chain/block.ts";
import { ChannelConfig } from "../../chain/channel-config.ts";
import type { AdmissionCode } from "../../gossip/errors.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { createIdentity } from "../../node/msp/identity.ts";
import { MspAdmission } from "../../node/msp/msp-admission.ts";
import { mspSigner, readMspFolder } from "../../node/msp/msp-folder.ts";
import { createNetwork } from "../../node/network/network.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

interface Channel {
  readonly config: ChannelConfig;
  readonly peer: PeerId;
  /** What the peer shows: that it belongs to this channel's organisation. */
  readonly identity: Uint8Array;
}

/** A channel with one peer of one organisation, whose certificates are its own. */
async function channel(directory: string, name: string, organisation = "Org1"): Promise<Channel> {
  const network = await createNetwork({
    out: join(directory, name),
    channel: name,
    organisations: [{ name: organisation, peers: 1 }],
    consensus: "raft",
  });
  const { peerId, mspId, directory: folder } = network.peers[0]!;
  const identity = createIdentity(mspSigner(readMspFolder(join(folder, "msp")), mspId), peerId);
  const config = ChannelConfig.fromBlock(Block.parse(new Uint8Array(readFileSync(network.genesis))));
  return { config, peer: peerId as PeerId, identity };
}

function admission(
  configs: () => readonly ChannelConfig[],
  more: { readonly admission?: "open" | "msp"; readonly now?: () => number } = {},
): MspAdmission {
  return new MspAdmission({ admission: "msp", member: undefined, configs, now: Date.now, ...more });
}

/** Matches the error of a peer that is not let in for this reason. */
function refused(code: AdmissionCode): Error {
  return expect.objectContaining({ name: "GossipError", code });
}

test("who proves an organisation of a joined channel is admitted to that channel and no other", async () => {
  using directory = temporaryDirectory();
  const one = await channel(directory.path, "one", "Org1");
  const two = await channel(directory.path, "two", "Org2");
  const judge = admission(() => [one.config, two.config]);
  expect(judge.admit(one.peer, one.identity).organisation).toBe("Org1MSP");
  expect(judge.admit(two.peer, two.identity).organisation).toBe("Org2MSP");
  const ofOne = judge.admit(one.peer, one.identity);
  expect(judge.mayRead(one.config, ofOne)).toBe(true);
  expect(judge.mayRead(two.config, ofOne)).toBe(false);
  expect(judge.mayRead(one.config, judge.admit(two.peer, two.identity))).toBe(false);
  const madeUp = { organisation: "Org1MSP", expiresMs: undefined, verify: () => true };
  expect(judge.mayRead(one.config, madeUp)).toBe(false);
});

test("an identity is refused that is missing, shown by another peer, changed, or of no joined channel", async () => {
  using directory = temporaryDirectory();
  const one = await channel(directory.path, "one", "Org1");
  const two = await channel(directory.path, "two", "Org2");
  const judge = admission(() => [one.config]);
  const changed = Uint8Array.from(one.identity);
  changed[changed.length - 1]! ^= 1;
  expect(() => judge.admit(one.peer, undefined)).toThrow(refused("NO_IDENTITY"));
  expect(() => judge.admit(two.peer, one.identity)).toThrow(refused("WRONG_PEER"));
  expect(() => judge.admit(one.peer, changed)).toThrow(refused("WRONG_PEER"));
  expect(() => judge.admit(two.peer, two.identity)).toThrow(refused("UNKNOWN_ORGANISATION"));
  expect(judge.admit(one.peer, one.identity).organisation).toBe("Org1MSP");
});

test("an MSP id that two channels give to different certificates opens neither to the other's peers", async () => {
  using directory = temporaryDirectory();
  const one = await channel(directory.path, "one");
  const two = await channel(directory.path, "two");
  expect(admission(() => [one.config]).admit(one.peer, one.identity).organisation).toBe("Org1MSP");
  const judge = admission(() => [one.config, two.config]);
  expect(() => judge.admit(one.peer, one.identity)).toThrow(refused("INVALID_CERTIFICATE"));
  expect(() => judge.admit(two.peer, two.identity)).toThrow(refused("INVALID_CERTIFICATE"));
});

test("a verdict follows the configurations and the certificate's time", async () => {
  using directory = temporaryDirectory();
  const one = await channel(directory.path, "one", "Org1");
  const two = await channel(directory.path, "two", "Org2");
  let configs = [one.config];
  let nowMs = Date.now();
  const judge = admission(() => configs, { now: () => nowMs });
  expect(judge.admit(one.peer, one.identity).organisation).toBe("Org1MSP");
  configs = [two.config];
  expect(() => judge.admit(one.peer, one.identity)).toThrow(refused("UNKNOWN_ORGANISATION"));
  configs = [one.config];
  expect(judge.admit(one.peer, one.identity).organisation).toBe("Org1MSP");
  nowMs += 100 * 365 * 24 * 3_600_000;
  expect(() => judge.admit(one.peer, one.identity)).toThrow(refused("EXPIRED_CERTIFICATE"));
});

test("where admission is open everybody takes part, and only a proven organisation is shown", async () => {
  using directory = temporaryDirectory();
  const one = await channel(directory.path, "one");
  const other = await channel(directory.path, "other");
  const judge = admission(() => [one.config], { admission: "open" });
  expect(judge.admit(one.peer, one.identity).organisation).toBe("Org1MSP");
  expect(judge.admit(other.peer, other.identity).organisation).toBeUndefined();
  expect(judge.admit(other.peer, undefined).organisation).toBeUndefined();
  expect(judge.mayRead(one.config, judge.admit(other.peer, undefined))).toBe(true);
});
