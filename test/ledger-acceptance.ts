import { describe, expect, test } from "vitest";
import { Block, blockNumber, createBlock } from "../chain/block.ts";
import type { ChainErrorCode } from "../chain/errors.ts";
import type { Ledger } from "../chain/ledger.ts";
import { scrubLedger } from "../chain/scrub-ledger.ts";
import { chainOfBlocks } from "./chain/chain-of-blocks.ts";

/** An empty ledger to be tested. */
export interface LedgerUnderTest extends AsyncDisposable {
  readonly ledger: Ledger;
  /** Changes a bit of the stored block. */
  readonly rot: (number: number) => void;
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

    test("Scrubbing names the blocks that have rotted, and no others; they are not served, and the rest is", async () => {
      await using subject = await withBlocks(open, 300);
      expect(await damaged(subject)).toEqual([]);
      for (const number of [0, 7, 8, 150, 299]) subject.rot(number);
      expect(await damaged(subject)).toEqual([299, 150, 8, 7, 0]);
      expect(await codeOf(subject, subject.ledger.read(blockNumber(150)))).toBe("LEDGER_CORRUPT");
      const before = await settled(subject, subject.ledger.readRange(blockNumber(140), 160, 2 ** 20));
      expect(before).toHaveLength(10);
      expect(subject.ledger.tipHash).toBe(subject.blocks[299]!.hash);
    });

    test("Rotten blocks are mended from the highest down, and are again what was appended", async () => {
      await using subject = await withBlocks(open, 12);
      const { ledger, blocks } = subject;
      for (const number of [0, 4, 5, 6, 11]) subject.rot(number);
      expect(await codeOf(subject, ledger.mend(blocks[4]!))).toBe("LEDGER_CORRUPT");
      for (const number of [11, 6, 5, 4, 0]) {
        expect(await settled(subject, ledger.mend(blocks[number]!))).toBe(true);
      }
      expect(await damaged(subject)).toEqual([]);
      for (const block of blocks) {
        const read = await settled(subject, ledger.read(block.number));
        expect(read.bytes).toEqual(new Uint8Array(block.bytes));
      }
    });

    test("Only a damaged block is mended, and only by the block that the chain asks for", async () => {
      await using subject = await withBlocks(open, 5);
      const { ledger, blocks } = subject;
      const strangers = chainOfBlocks(6, undefined, 1);
      expect(await settled(subject, ledger.mend(blocks[2]!))).toBe(false);
      expect(await settled(subject, ledger.mend(strangers[2]!))).toBe(false);
      expect(await codeOf(subject, ledger.mend(strangers[5]!))).toBe("NOT_HELD");
      for (const number of [2, 4]) {
        subject.rot(number);
        expect(await codeOf(subject, ledger.mend(strangers[number]!))).toBe("BROKEN_LINK");
        const { previousHash, metadata } = blocks[number]!;
        const emptied = createBlock({
          number,
          previousHash: Buffer.from(previousHash, "hex"),
          transactions: [Buffer.from("something else")],
          metadata,
        });
        const header = Buffer.from(blocks[number]!.bytes).subarray(0, headerBytes(blocks[number]!));
        const forged = Block.parse(
          Buffer.concat([header, Buffer.from(emptied.bytes).subarray(headerBytes(emptied))]),
        );
        expect(forged.hash).toBe(blocks[number]!.hash);
        expect(await codeOf(subject, ledger.mend(forged))).toBe("WRONG_DATA_HASH");
        expect(await damaged(subject)).toEqual([number]);
        expect(await settled(subject, ledger.mend(blocks[number]!))).toBe(true);
      }
    });

    test("A block that other orderers have signed, so that its metadata is longer, mends as well", async () => {
      await using subject = await withBlocks(open, 5);
      const { ledger, blocks } = subject;
      const { number, previousHash, transactions } = blocks[3]!;
      const metadata = [Buffer.alloc(70, 5)];
      const other = createBlock({
        number,
        previousHash: Buffer.from(previousHash, "hex"),
        transactions,
        metadata,
      });
      subject.rot(3);
      expect(await settled(subject, ledger.mend(other))).toBe(true);
      expect((await settled(subject, ledger.read(number))).bytes).toEqual(new Uint8Array(other.bytes));
      expect(await damaged(subject)).toEqual([]);
      const range = await settled(subject, ledger.readRange(blockNumber(4), 5, 2 ** 20));
      expect(range.map((bytes) => Block.parse(bytes).number)).toEqual([4]);
    });

    test("Scrubbing ends when it is told to", async () => {
      await using subject = await withBlocks(open, 3);
      const signal = AbortSignal.abort(new Error("enough"));
      const scrubbing = scrubLedger(subject.ledger, { onDamaged: () => undefined, signal });
      await expect(settled(subject, scrubbing)).rejects.toThrow("enough");
    });
  });
}

/** A ledger to be tested that holds a chain of so many blocks. */
async function withBlocks(open: () => Promise<LedgerUnderTest>, count: number) {
  const subject = await open();
  const blocks = chainOfBlocks(count);
  await settled(subject, Promise.all(blocks.map((block) => subject.ledger.append(block))));
  return Object.assign(subject, { blocks });
}

async function damaged(subject: LedgerUnderTest): Promise<number[]> {
  const numbers: number[] = [];
  const { signal } = new AbortController();
  await settled(
    subject,
    scrubLedger(subject.ledger, { onDamaged: (number) => numbers.push(number), signal }),
  );
  return numbers;
}

/** How long the serialized header is, with the field's tag and length in front. */
function headerBytes({ bytes }: Block): number {
  return 2 + bytes[1]!;
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
