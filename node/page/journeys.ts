import type { ApiArrival, ApiJourneys } from "../http/journey-types.ts";

/** How one block came to each peer, by peer id. */
export type Journey = ReadonlyMap<string, ApiArrival>;

/** By block number. */
export type JourneyBook = ReadonlyMap<number, Journey>;

/** Of so many blocks the page shows the way. */
export const BLOCKS_SHOWN = 12;
/** Charts go back further. */
const BLOCKS_KEPT = 120;

/** What was known, and what an answer tells. */
export function withAnswer(book: JourneyBook, { peers }: Pick<ApiJourneys, "peers">): JourneyBook {
  const next = new Map([...book].map(([number, journey]) => [number, new Map(journey)]));
  for (const { peer, arrivals } of peers)
    for (const arrival of arrivals) {
      const journey = next.get(arrival.number) ?? new Map<string, ApiArrival>();
      next.set(arrival.number, journey.set(peer, arrival));
    }
  const numbers = [...next.keys()].toSorted((a, b) => b - a);
  for (const number of numbers.slice(BLOCKS_KEPT)) next.delete(number);
  return next;
}

/** From which block on to ask: of those that are shown, the first that is not durable at one of these peers. */
export function firstOpen(book: JourneyBook, height: number, peers: readonly string[]): number {
  for (let number = Math.max(1, height - BLOCKS_SHOWN); number < height; number++) {
    const journey = book.get(number);
    if (journey === undefined || peers.some((peer) => journey.get(peer)?.committedMs === undefined))
      return number;
  }
  return height;
}

/** One peer's line of a waterfall; times are from the block's first appearance anywhere, in milliseconds. */
export interface Step {
  readonly peer: string;
  readonly arrival: ApiArrival;
  readonly receivedMs: number;
  readonly verifiedMs: number;
  /** Undefined: it is not durable there yet. */
  readonly committedMs: number | undefined;
}

/** A block's way, in the order of arrival. Where clocks differ, nothing comes before the first appearance. */
export function stepsOf(journey: Journey): readonly Step[] {
  const origin = [...journey.values()].find((arrival) => isFirst(arrival));
  const startMs = origin?.receivedMs ?? Math.min(...[...journey.values()].map((each) => each.receivedMs));
  const since = (atMs: number) => Math.max(0, atMs - startMs);
  const steps = [...journey].map(([peer, arrival]) => ({
    peer,
    arrival,
    receivedMs: since(arrival.receivedMs),
    verifiedMs: since(arrival.verifiedMs),
    committedMs: arrival.committedMs === undefined ? undefined : since(arrival.committedMs),
  }));
  const order = (step: Step) => (isFirst(step.arrival) ? -1 : step.receivedMs);
  return steps.toSorted((a, b) => order(a) - order(b));
}

/** How long the block took to be durable at half of the peers, and at the last one that was there, in milliseconds. */
export function spreadOf(
  journey: Journey,
): { readonly medianMs: number; readonly lastMs: number } | undefined {
  const delays = stepsOf(journey).flatMap(({ arrival, committedMs }) =>
    isFirst(arrival) || isLate(arrival) || committedMs === undefined ? [] : [committedMs],
  );
  const sorted = delays.toSorted((a, b) => a - b);
  const medianMs = sorted[(sorted.length - 1) >> 1];
  const lastMs = sorted.at(-1);
  return medianMs === undefined || lastMs === undefined ? undefined : { medianMs, lastMs };
}

/** The time that a waterfall spans: peers that caught up later do not make the others' bars too small to see. */
export function spanOf(steps: readonly Step[]): number {
  const there = steps.filter(({ arrival }) => !isLate(arrival));
  const ends = (there.length > 1 ? there : steps).map(
    ({ committedMs, verifiedMs }) => committedMs ?? verifiedMs,
  );
  return Math.max(0.001, ...ends);
}

/** Whether the peer was away, or behind, when the block went round. */
function isLate({ origin }: Pick<ApiArrival, "origin">): boolean {
  return origin === "state-transfer" || origin === "repair";
}

/** Whether the block came into the network there. */
export function isFirst({ origin }: Pick<ApiArrival, "origin">): boolean {
  return origin === "publish" || origin === "source";
}
