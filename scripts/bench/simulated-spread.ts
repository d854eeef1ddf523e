import type { SimulatedPeer } from "../../node/testing/simulator/simulated-peer.ts";
import type { Simulation } from "../../node/testing/simulator/simulation.ts";

/** Virtual time in which a block must have reached everybody. */
const LIMIT_MS = 120_000;
/** In which the last adverts are sent; what is still on its way after that would delay the next block. */
const REST_MS = 2_000;

/** What one kind of message has cost all peers. */
export interface KindCost {
  readonly messages: number;
  readonly bytes: number;
}

/** How one block has spread. */
export interface Spread {
  readonly block: number;
  readonly blockBytes: number;
  /** From the submit until each honest receiver had verified it. */
  readonly honestMs: readonly number[];
  /** The same of all receivers, the silent ones among them. */
  readonly allMs: readonly number[];
  /** How long it was looked at, from the submit until two seconds after all had it. */
  readonly elapsedMs: number;
  /** What all peers sent in that time, by kind of message. */
  readonly sent: ReadonlyMap<string, KindCost>;
  /** What was sent to the honest receivers. */
  readonly honestBytes: number;
}

/** Hands a new block of about this size in at the source, and follows it until all peers have it. */
export async function spreadBlock(
  simulation: Simulation,
  source: SimulatedPeer,
  size: number,
): Promise<Spread> {
  const { network, events, orderer, peers } = simulation;
  const receivers = peers.filter((peer) => peer !== source);
  const honest = new Set(receivers.filter((peer) => !peer.isSilent).map((peer) => peer.id));
  const before = network.traffic.byKind();
  const honestBytes = () => network.traffic.addressedBytes([...honest]);
  const honestBytesBefore = honestBytes();
  const startMs = simulation.elapsedMs;
  events.length = 0;
  const block = orderer.next(size - orderer.sibling(orderer.tip, size).bytes.length + size);
  await simulation.publish(block, source);
  const [honestMs, allMs]: [number[], number[]] = [[], []];
  let seen = 0;
  const follow = () => {
    for (; seen < events.length; seen++) {
      const { peer, atMs = Number.NaN, event } = events[seen] ?? {};
      if (event?.kind !== "block-verified" || event.number !== block.number) continue;
      if (peer === undefined || peer === source.id) continue;
      allMs.push(atMs - startMs);
      if (honest.has(peer)) honestMs.push(atMs - startMs);
    }
  };
  const isAtHonest = () => (follow(), honestMs.length === honest.size);
  await simulation.until(isAtHonest, LIMIT_MS, `block ${block.number} at all honest peers`);
  const isEverywhere = () => (follow(), allMs.length === receivers.length);
  await simulation.until(isEverywhere, LIMIT_MS, `block ${block.number} at all peers`);
  await simulation.runFor(REST_MS);
  const sent = difference(network.traffic.byKind(), before);
  const elapsedMs = simulation.elapsedMs - startMs;
  const cost = { sent, elapsedMs, honestBytes: honestBytes() - honestBytesBefore };
  return { block: block.number, blockBytes: block.bytes.length, honestMs, allMs, ...cost };
}

function difference(
  after: ReadonlyMap<string, KindCost>,
  before: ReadonlyMap<string, KindCost>,
): ReadonlyMap<string, KindCost> {
  return new Map(
    [...after].map(([kind, { messages, bytes }]) => {
      const old = before.get(kind) ?? { messages: 0, bytes: 0 };
      return [kind, { messages: messages - old.messages, bytes: bytes - old.bytes }];
    }),
  );
}
