import { expect, test } from "vitest";
import type { Block } from "../../chain/block.ts";
import { BlockFetcher } from "../../gossip/catch-up/block-fetcher.ts";
import { GossipError } from "../../gossip/errors.ts";
import { gossipOptions } from "../../gossip/options.ts";
import type { PeerView } from "../../gossip/channel/peer-view.ts";
import type { ChannelId, PeerId, Transport } from "../../gossip/ports.ts";
import { chainOfBlocks } from "../chain/chain-of-blocks.ts";
import { VirtualClock } from "../../node/testing/simulator/virtual-clock.ts";

const blocks = chainOfBlocks(10) as Block[];
const peer = "peer" as PeerId;

/** A fetcher whose only source answers with what is given. */
function fetcherUnderTest(answer: () => Promise<readonly Uint8Array[]>) {
  const clock = new VirtualClock();
  const offered: number[] = [];
  const failures: string[] = [];
  const standing: string[] = [];
  const view = { penalise: () => standing.push("penalised"), reward: () => standing.push("rewarded") };
  const fetchBlocks: Transport["fetchBlocks"] = async (_peer, _question, onBlock) => {
    for (const block of await answer()) onBlock(block);
  };
  const transport = { fetchBlocks } as unknown as Transport;
  const fetcher = new BlockFetcher({
    onHeard: () => undefined,
    channel: "00" as ChannelId,
    view: view as unknown as PeerView,
    transport,
    clock,
    options: gossipOptions({ fetchTimeoutMs: 100 }),
    offer: ({ block }) => offered.push(block.number),
    onFailed: (_peer, error) => failures.push((error as GossipError).code),
  });
  return { clock, fetcher, offered, failures, standing };
}

const bytes = (...numbers: readonly number[]) => numbers.map((number) => blocks[number]!.bytes);

test("what comes of a range is offered in order, and its source is rewarded, though it is only a part", async () => {
  const { fetcher, offered, failures, standing } = fetcherUnderTest(() => Promise.resolve(bytes(3, 4)));
  await fetcher.fetch({ peer, range: { first: 3, end: 8 }, origin: "pull" });
  expect([offered, failures, standing]).toEqual([[3, 4], [], ["rewarded"]]);
});

test.each([
  ["nothing", () => bytes(), [], "NOT_HELD"],
  ["another block than the first of the range", () => bytes(5), [], "WRONG_NUMBER"],
  ["a range with a hole", () => bytes(3, 5), [3], "WRONG_NUMBER"],
  ["more than was asked for", () => bytes(3, 4, 5, 6), [3, 4, 5], "BROKEN_PROMISE"],
  ["bytes that are no block", () => [new Uint8Array([1, 2, 3])], [], "MALFORMED_BLOCK"],
])(
  "a source that answers with %s is penalised, and what was wrong is told",
  async (_what, answer, taken, code) => {
    const { fetcher, offered, failures, standing } = fetcherUnderTest(() => Promise.resolve(answer()));
    await fetcher.fetch({ peer, range: { first: 3, end: 6 }, origin: "pull" });
    expect([offered, failures, standing]).toEqual([taken, [code], ["penalised"]]);
  },
);

test("a source that does not answer in time is penalised, and the range is free for another", async () => {
  const { clock, fetcher, failures, standing } = fetcherUnderTest(() => new Promise(() => undefined));
  const fetching = fetcher.fetch({ peer, range: { first: 3, end: 6 }, origin: "pull" });
  await clock.runFor(99);
  expect([2, 3, 5, 6].map((number) => fetcher.isFetching(number))).toEqual([false, true, true, false]);
  await clock.runFor(1);
  await fetching;
  expect([failures, standing, fetcher.isFetching(3)]).toEqual([["TIMED_OUT"], ["penalised"], false]);
});

test("a source that merely does not know us yet is not penalised", async () => {
  const stranger = new GossipError("NOT_A_MEMBER", "who are you");
  const { fetcher, failures, standing } = fetcherUnderTest(() => Promise.reject(stranger));
  await fetcher.fetch({ peer, range: { first: 3, end: 6 }, origin: "pull" });
  expect([failures, standing]).toEqual([["NOT_A_MEMBER"], []]);
});
