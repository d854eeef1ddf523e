import { encodeMessage } from "../../gossip/wire/message-codec.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { Consortium } from "../simulator/consortium.ts";
import { SimulatedKeyring } from "../../node/testing/simulator/simulated-keyring.ts";

/** The member that has been taken over. */
export const HOSTILE = "mallory" as PeerId;
export const KEYRING = new SimulatedKeyring(HOSTILE);
/** The peer that has to bear it. */
export const VICTIM = "a";
export const CHANNEL = "trade";

/** A consortium that has worked for a while, one of whose members has been taken over. */
export const consortium = await Consortium.create({
  seed: 4,
  organisations: { Org1: { a: {}, b: {}, c: {}, d: {}, [HOSTILE]: {} }, Org2: { e: {} } },
  channels: { [CHANNEL]: { Org1: ["a"], Org2: ["e"] } },
  // Or the first five messages would be the last that are looked at.
  options: { liesMax: 2 ** 30, chunkBlockBytesMin: 4_000 },
});
/** All others. */
export const HONEST = ["a", "b", "c", "d", "e"];
await consortium.start();
await consortium.untilAcquainted([...HONEST, HOSTILE]);
for (const bytes of [500, 20_000, 500, 60_000]) await consortium.publishNext(CHANNEL, "b", bytes);
await consortium.runFor(5_000);

export const channel = consortium.peer(VICTIM).channel(CHANNEL).id;
export const { identity } = consortium.peer(VICTIM).membership.get(HOSTILE)!.statement;
/** What was really said, some of every kind. */
export const REAL_MESSAGES = [
  ...Map.groupBy(consortium.said, ({ message }) => message.kind).values(),
].flatMap((said) => said.slice(-20).map(({ message }) => message));
export const REAL_FRAMES = REAL_MESSAGES.map(encodeMessage);
/** The message with a field behind it that nobody knows. */
export function padded(bytes: Uint8Array, padding: number): Uint8Array {
  const length = [(padding & 0x7f) | 0x80, ((padding >> 7) & 0x7f) | 0x80, padding >> 14];
  const frame = new Uint8Array(bytes.length + 5 + padding);
  frame.set(bytes);
  frame.set([0xfa, 0x7f, ...length], bytes.length);
  return frame;
}
