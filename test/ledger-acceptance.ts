import { describe, expect, test } from "vitest";
import { blockNumber } from "../chain/block.ts";
import type { ChainErrorCode } from "../chain/errors.ts";
import type { Ledger } from "../chain/ledger.ts";
import { chainOfBlocks } from "./chain/chain-of-blocks.ts";

/** An empty ledger to be tested. */
export interface LedgerUnderTest extends AsyncDisposable {
  readonly ledger: Ledger;
  /** Lets the time pass that the ledger's work needs, where that is not the world's. */
  readonly settle?: (work: Promise<unknown>) => Promise<unknown>;
}

/** What every adapter of the {@link Ledger} port must do. `open` gives a new, empty ledger for each test. */
export function ledgerAcceptance(name: string, open: () => Promise<LedgerUnderTest>): void {
  describe(`${name} is a ledger`, () => {
    test("An empty ledger has height 0 and no tip", async () => {
      await using subject = await open();
      expect(subject.ledger.height).toBe(0);
      expect(subject.ledger.tipHash).toBeUndefined();
    });

    test("Blocks appended one after the other are read back byte for byte", async () => {
      await using subject = await open();
      const blocks = chainOfBlocks(5, (number) => number * 3000);
      for (const block of blocks) await settled(subject, subject.ledger.append(block));
      for (const block of blocks) {
        const read = await settled(subject, subject.ledger.read(block.number));
        expect(read.bytes).toEqual(new Uint8Array(block.bytes));
        expect(read.hash).toBe(block.hash);
      }
    });

    test.each([
      ["a whole range", 1, 4, 100_000, [1, 2, 3]],
      ["a range up to the height", 3, 90, 100_000, [3, 4]],
      ["what fits of a range", 0, 5, 7_500, [0, 1]],
      ["one block, whatever fits", 4, 5, 0, [4]],
    ])("%s is read back byte for byte", async (_what, first, end, bytesMax, numbers) => {
      await using subject = await open();
      const blocks = chainOfBlocks(5, (number) => number * 3000);
      for (const block of blocks) await settled(subject, subject.ledger.append(block));
      const read = await settled(subject, subject.ledger.readRange(blockNumber(first), end, bytesMax));
      expect(read.map((bytes) => new Uint8Array(bytes))).toEqual(
        numbers.map((number) => new Uint8Array(blocks[number]!.bytes)),
      );
    });

    test("A range that begins at the height is not held", async () => {
      await using subject = await open();
      const [genesis] = chainOfBlocks(1);
      await settled(subject, subject.ledger.append(genesis!));
      const reading = subject.ledger.readRange(blockNumber(1), 2, 1_000);
      await expect(settled(subject, reading)).rejects.toMatchObject({ code: "NOT_HELD" });
    });

    test("Height and tip move when an append resolves and not before", async () => {
      await using subject = await open();
      const [genesis, next] = chainOfBlocks(2);
      const first = subject.ledger.append(genesis!);
      expect(subject.ledger.height).toBe(0);
      expect(subject.ledger.tipHash).toBeUndefined();
      await settled(subject, first);
      expect(subject.ledger.height).toBe(1);
      expect(subject.ledger.tipHash).toBe(genesis!.hash);
      const second = subject.ledger.append(next!);
      expect(subject.ledger.height).toBe(1);
      await settled(subject, second);
      expect(subject.ledger.tipHash).toBe(next!.hash);
    });

    test("Appends that overlap resolve in order, each with its block counted in the height", async () => {
      await using subject = await open();
      const blocks = chainOfBlocks(20);
      const heights: number[] = [];
      const appends = blocks.map((block) =>
        subject.ledger.append(block).then(() => heights.push(subject.ledger.height)),
      );
      await settled(subject, Promise.all(appends));
      expect(heights.every((height, i) => height > i)).toBe(true);
      expect(heights.toSorted((a, b) => a - b)).toEqual(heights);
      expect(subject.ledger.height).toBe(20);
      expect(subject.ledger.tipHash).toBe(blocks.at(-1)!.hash);
    });

    test("A block that is not the next is refused as out of order", async () => {
      await using subject = await open();
      const [genesis, first, second] = chainOfBlocks(3);
      expect(await codeOf(subject, subject.ledger.append(first!))).toBe("OUT_OF_ORDER");
      await settled(subject, subject.ledger.append(genesis!));
      expect(await codeOf(subject, subject.ledger.append(second!))).toBe("OUT_OF_ORDER");
      expect(await codeOf(subject, subject.ledger.append(genesis!))).toBe("OUT_OF_ORDER");
      expect(subject.ledger.height).toBe(1);
    });

    test("A block that names another predecessor than the tip is refused as a broken link", async () => {
      await using subject = await open();
      const [genesis, first] = chainOfBlocks(2);
      const stranger = chainOfBlocks(2, undefined, 1)[1]!;
      await settled(subject, subject.ledger.append(genesis!));
      expect(await codeOf(subject, subject.ledger.append(stranger))).toBe("BROKEN_LINK");
      await settled(subject, subject.ledger.append(first!));
      expect(subject.ledger.tipHash).toBe(first!.hash);
    });

    test("Order and links are checked against appends that are still on their way", async () => {
      await using subject = await open();
      const [genesis, first] = chainOfBlocks(2);
      const stranger = chainOfBlocks(2, undefined, 1)[1]!;
      const accepted = subject.ledger.append(genesis!);
      const again = codeOf(subject, subject.ledger.append(genesis!));
      const broken = codeOf(subject, subject.ledger.append(stranger));
      const next = subject.ledger.append(first!);
      await settled(subject, Promise.all([accepted, next]));
      expect([await again, await broken]).toEqual(["OUT_OF_ORDER", "BROKEN_LINK"]);
      expect(subject.ledger.height).toBe(2);
    });

    test("A block that is not durable yet, and a number that never was, are not held", async () => {
      await using subject = await open();
      const [genesis] = chainOfBlocks(1);
      const append = subject.ledger.append(genesis!);
      const early = codeOf(subject, subject.ledger.read(genesis!.number));
      await settled(subject, append);
      expect(await early).toBe("NOT_HELD");
      expect(await codeOf(subject, subject.ledger.read(blockNumber(1)))).toBe("NOT_HELD");
      expect(await codeOf(subject, subject.ledger.read(blockNumber(Number.MAX_SAFE_INTEGER)))).toBe(
        "NOT_HELD",
      );
    });

    test("Reads overlap each other and appends", async () => {
      await using subject = await open();
      const blocks = chainOfBlocks(30, () => 5000);
      await settled(subject, Promise.all(blocks.slice(0, 15).map((block) => subject.ledger.append(block))));
      const appends = blocks.slice(15).map((block) => subject.ledger.append(block));
      const reads = blocks.slice(0, 15).map((block) => subject.ledger.read(block.number));
      await settled(subject, Promise.all([...appends, ...reads]));
      expect((await Promise.all(reads)).map((block) => block.hash)).toEqual(
        blocks.slice(0, 15).map((block) => block.hash),
      );
      expect(subject.ledger.height).toBe(30);
    });
  });
}

async function settled<T>(subject: LedgerUnderTest, work: Promise<T>): Promise<T> {
  await subject.settle?.(work);
  return work;
}

async function codeOf(
  subject: LedgerUnderTest,
  work: Promise<unknown>,
): Promise<ChainErrorCode | "resolved"> {
  try {
    await settled(subject, work);
    return "resolved";
  } catch (error) {
    return (error as { code: ChainErrorCode }).code;
  }
}
