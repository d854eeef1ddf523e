import { expect, test } from "vitest";
import type { Block } from "../../chain/block.ts";
import { BlockMaker } from "../../scripts/bench/block-maker.ts";
import { ClosedLoad } from "../../scripts/bench/closed-load.ts";
import { Completions } from "../../scripts/bench/completions.ts";
import { monotonicMs } from "../../scripts/bench/monotonic-ms.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

/** A network of two processes that has each block at once, but for some. */
class InstantNetwork {
  readonly completions = new Completions(2);
  readonly submitted: number[] = [];
  readonly #missing: ReadonlySet<number>;

  constructor(...missing: readonly number[]) {
    this.#missing = new Set(missing);
  }

  async submit({ number }: Block): Promise<number> {
    this.submitted.push(number);
    const atMs = monotonicMs();
    await Promise.resolve();
    this.completions.tell({ block: number, stage: "verified", atMs });
    if (!this.#missing.has(number)) this.completions.tell({ block: number, stage: "verified", atMs });
    return atMs;
  }
}

async function blockMaker(directory: string): Promise<BlockMaker> {
  return await BlockMaker.create(directory, 2_000);
}

test("a block is complete when the last process has told, since the latest of their times", async () => {
  const completions = new Completions(2);
  const next = completions.next(60_000);
  completions.tell({ block: 1, stage: "verified", atMs: 20 });
  completions.tell({ block: 1, stage: "durable", atMs: 30 });
  expect(completions.atMs(1, "verified")).toBeUndefined();
  completions.tell({ block: 1, stage: "verified", atMs: 10 });
  await next;
  expect([completions.atMs(1, "verified"), completions.atMs(1, "durable")]).toEqual([20, undefined]);
});

test("the next block is handed in when another is complete, in order, until it is stopped", async () => {
  using directory = temporaryDirectory();
  const network = new InstantNetwork();
  const load = new ClosedLoad({
    network,
    maker: await blockMaker(directory.path),
    window: 3,
    limitMs: 60_000,
  });
  const running = load.run();
  while (load.carried.length < 7) await network.completions.next(1_000);
  load.stop();
  await running;
  expect(network.submitted).toEqual(network.submitted.map((_, index) => index + 1));
  expect([load.carried.length, load.underWay]).toEqual([network.submitted.length, 0]);
});

test("a block that does not come to all peers ends the load, with what is under way", async () => {
  using directory = temporaryDirectory();
  const network = new InstantNetwork(2);
  const load = new ClosedLoad({ network, maker: await blockMaker(directory.path), window: 1, limitMs: 20 });
  await load.run();
  expect([network.submitted, load.carried.length, load.underWay]).toEqual([[1, 2], 1, 1]);
});
