import { Buffer } from "node:buffer";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RECORD_HEADER_BYTES } from "../../chain/ledger-record.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { chainOfBlocks } from "./chain-of-blocks.ts";
import { contents, hex, ledgerFiles, openFiles, withFile } from "./ledger-fixture.ts";

const SEGMENT = "blockfile_000000";

/** Four blocks, each its own write. */
const small = chainOfBlocks(4, (number) => 40 + 30 * number);
const smallFiles = await ledgerFiles(small.map((block) => [block]));
const smallWithoutIndex = withFile(smallFiles, "index", undefined);
const smallSegment = smallFiles.get(SEGMENT)!;
/** Where each record ends. */
const ends = small.map((_, number) =>
  small.slice(0, number + 1).reduce((sum, block) => sum + RECORD_HEADER_BYTES + block.bytes.length, 0),
);

describe.each([
  ["with its index", smallFiles, 1],
  ["without an index", smallWithoutIndex, 0],
])("A torn tail of a ledger %s", (_, whole, lost) => {
  test("Cut at any byte of the last record, the ledger is exactly what is whole, and goes on", async () => {
    using folder = temporaryDirectory();
    const lastOffset = ends[2]!;
    for (let size = lastOffset; size < smallSegment.length; size++) {
      const changed = withFile(whole, SEGMENT, smallSegment.subarray(0, size));
      await using opened = await openFiles(folder.path, changed);
      expect(await contents(opened.ledger)).toEqual(small.slice(0, 3).map(hex));
      const bytes = size - lastOffset;
      const cut = { kind: "cut", number: 3, segment: 0, offset: lastOffset, bytes, lost };
      expect(opened.events).toEqual(bytes + lost === 0 ? [] : [cut]);
      await opened.ledger.append(small[3]!);
      expect(opened.ledger.tipHash).toBe(small[3]!.hash);
    }
  });

  test("Cut at any byte at all, the ledger is the blocks that are whole", async () => {
    using folder = temporaryDirectory();
    for (let size = 0; size < smallSegment.length; size += 7) {
      const changed = withFile(whole, SEGMENT, smallSegment.subarray(0, size));
      await using opened = await openFiles(folder.path, changed);
      const left = small.filter((_block, number) => ends[number]! <= size);
      expect(await contents(opened.ledger)).toEqual(left.map(hex));
    }
  });

  test("Bytes behind the last record that are none are cut off, and no block with them", async () => {
    using folder = temporaryDirectory();
    const garbage = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 2000 }),
      fc.constant(new Uint8Array(9000)),
    );
    await fc.assert(
      fc.asyncProperty(garbage, async (bytes) => {
        const longer = Buffer.concat([smallSegment, bytes]);
        await using opened = await openFiles(folder.path, withFile(whole, SEGMENT, longer));
        expect(await contents(opened.ledger)).toEqual(small.map(hex));
        const offset = smallSegment.length;
        expect(opened.events).toEqual([
          { kind: "cut", number: 4, segment: 0, offset, bytes: bytes.length, lost: 0 },
        ]);
      }),
      { numRuns: 40 },
    );
  });
});

describe("An interrupted write of several blocks", () => {
  const group = chainOfBlocks(6, () => 3000);
  const torn = withZeroedSector(2, [group.slice(0, 2), group.slice(2)]);

  test("One that left a sector of a block unwritten is cut off from that block on, whole ones behind it included", async () => {
    using folder = temporaryDirectory();
    await using opened = await openFiles(folder.path, withFile(await torn, "index", undefined));
    expect(await contents(opened.ledger)).toEqual(group.slice(0, 2).map(hex));
    expect(opened.events).toMatchObject([{ kind: "cut", number: 2, lost: 0 }]);
  });

  test("The same damage in blocks that the index names is kept and named", async () => {
    using folder = temporaryDirectory();
    await using opened = await openFiles(folder.path, await torn);
    expect(opened.ledger.height).toBe(6);
    expect(
      (await contents(opened.ledger)).filter((entry) => entry.startsWith("LEDGER_CORRUPT Block 2 ")),
    ).toHaveLength(1);
  });

  test("The same damage in the newest block is kept and named where the index names it, and is cut off otherwise", async () => {
    using folder = temporaryDirectory();
    const newest = await withZeroedSector(5, [group]);
    await using kept = await openFiles(folder.path, newest);
    expect(kept.ledger.height).toBe(6);
    expect(kept.events).toMatchObject([{ kind: "damaged", number: 5 }]);
    await kept.ledger.close();
    await using cut = await openFiles(folder.path, withFile(newest, "index", undefined));
    expect(cut.ledger.height).toBe(5);
  });

  test("The same damage in a write that a later one followed is kept and named", async () => {
    using folder = temporaryDirectory();
    const followed = await withZeroedSector(2, [group.slice(0, 5), group.slice(5)]);
    await using opened = await openFiles(folder.path, withFile(followed, "index", undefined));
    expect(opened.ledger.height).toBe(6);
    expect(opened.events).toMatchObject([{ kind: "damaged", number: 2 }]);
  });

  async function withZeroedSector(number: number, groups: readonly (typeof group)[]) {
    const written = await ledgerFiles(groups);
    const offset = group
      .slice(0, number)
      .reduce((sum, block) => sum + RECORD_HEADER_BYTES + block.bytes.length, 0);
    const sector = Math.ceil((offset + 500) / 512) * 512;
    return withFile(written, SEGMENT, Uint8Array.from(written.get(SEGMENT)!).fill(0, sector, sector + 512));
  }
});
