import { expect, test } from "vitest";
import type { Block } from "../../chain/block.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { RangeTransfer } from "../../gossip/catch-up/range-transfer.ts";
import { TransferPace } from "../../gossip/catch-up/transfer-pace.ts";

const BLOCK_BYTES = 10_000;

/** A range of 50 blocks that was asked for at 0, of which so many have come, one each `msPerBlock`. */
function transfer(come: number, msPerBlock: number): RangeTransfer {
  const range = new RangeTransfer("a" as PeerId, { first: 0, end: 50 }, 0);
  for (let number = 0; number < come; number++)
    range.received({ number } as Block, (number + 1) * msPerBlock);
  return range;
}

/** A pace at which blocks have come each 10 ms. */
function usualPace(): TransferPace {
  const pace = new TransferPace(1_000_000);
  pace.received(BLOCK_BYTES);
  pace.ended(transfer(50, 10));
  return pace;
}

test("a range is slow when its rest would take three times as long as usual, and half a second more", () => {
  const pace = usualPace();
  expect(pace.isSlow(transfer(10, 40), 400)).toBe(false);
  expect(pace.isSlow(transfer(10, 45), 450)).toBe(true);
});

test("the end of a range is waited for, however slow it is", () => {
  expect(usualPace().isSlow(transfer(49, 400), 49 * 400)).toBe(false);
});

test("a range that stops in the middle becomes slow", () => {
  const pace = usualPace();
  const stopped = transfer(10, 10);
  expect(pace.isSlow(stopped, 200)).toBe(false);
  expect(pace.isSlow(stopped, 600)).toBe(true);
});

test("nothing is slow before anything is known", () => {
  const pace = new TransferPace(1_000_000);
  expect(pace.isSlow(transfer(2, 5_000), 20_000)).toBe(false);
  expect(usualPace().isSlow(transfer(0, 0), 20_000)).toBe(false);
});

test("a source may be silent for a second, and for as long as a block takes on a slow link", () => {
  const pace = usualPace();
  expect([1_009, 1_010].map((ms) => pace.isSilent(0, ms))).toEqual([false, true]);
});
