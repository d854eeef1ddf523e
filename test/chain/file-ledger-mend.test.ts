import { closeSync, openSync, readdirSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createBlock, type Block } from "../../chain/block.ts";
import { crc32c } from "../../chain/crc32c.ts";
import { FileLedger } from "../../chain/file-ledger.ts";
import { RECORD_HEADER_BYTES } from "../../chain/ledger-record.ts";
import { scrubLedger } from "../../chain/scrub-ledger.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { chainOfBlocks } from "./chain-of-blocks.ts";
import {
  contents,
  hex,
  ledgerFiles,
  openFiles,
  readFiles,
  recordsIn,
  withFile,
  type LedgerFiles,
} from "./ledger-fixture.ts";

const blocks = chainOfBlocks(10, (number) => 600 + 30 * number);
const next = chainOfBlocks(11, (number) => 600 + 30 * number)[10]!;

/** Three segments; some writes have several blocks. */
const files = await ledgerFiles(
  [
    blocks.slice(0, 1),
    blocks.slice(1, 4),
    blocks.slice(4, 5),
    blocks.slice(5, 8),
    ...blocks.slice(8).map((block) => [block]),
  ],
  3_500,
);
const segments = [...files.keys()].filter((name) => name.startsWith("blockfile_")).sort();
const records = segments.flatMap((name) =>
  recordsIn(files.get(name)!).map((record) => ({ name, ...record })),
);

async function damagedIn(ledger: FileLedger): Promise<number[]> {
  const numbers: number[] = [];
  const { signal } = new AbortController();
  await scrubLedger(ledger, { onDamaged: (number) => numbers.push(number), signal });
  return numbers;
}

/** The files with bits of records flipped; each place is a byte of the record of a block. */
function flipped(
  whole: LedgerFiles,
  places: readonly (readonly [block: number, byte: number])[],
): LedgerFiles {
  let changed = whole;
  for (const [number, byte] of places) {
    const { name, offset } = records[number]!;
    const bytes = Uint8Array.from(changed.get(name)!);
    bytes[offset + byte]! ^= 1 << (byte % 8);
    changed = withFile(changed, name, bytes);
  }
  return changed;
}

const PLACES: readonly (readonly [string, number])[] = [
  ["marker", 3],
  ["number", 8],
  ["length", 16],
  ["high byte of the length", 19],
  ["beginning of a write", 20],
  ["hash", 30],
  ["block's checksum", 57],
  ["header's checksum", 61],
  ["block's header", 64 + 10],
  ["last byte of a transaction", 64 + 500],
];

describe.each([
  ["with its index", files],
  ["without an index", withFile(files, "index", undefined)],
])("A ledger %s", (_what, whole) => {
  test.each(PLACES)("is mended where a bit of the %s has flipped, to the last byte", async (_place, byte) => {
    using folder = temporaryDirectory();
    for (const number of [0, 1, 2, 5, 9]) {
      await using opened = await openFiles(folder.path, flipped(whole, [[number, byte]]));
      const { ledger } = opened;
      expect(await damagedIn(ledger)).toEqual([number]);
      expect(await ledger.mend(blocks[number]!)).toBe(true);
      expect(await damagedIn(ledger)).toEqual([]);
      await ledger.close();
      expect(readFiles(folder.path)).toEqual(files);
    }
  });

  test("with any bits flipped in any blocks is mended while it grows, and opens whole", async () => {
    using folder = temporaryDirectory();
    const place = fc.tuple(fc.nat(9), fc.nat(RECORD_HEADER_BYTES + 599));
    await fc.assert(
      fc.asyncProperty(fc.array(place, { minLength: 1, maxLength: 6 }), async (places) => {
        await using opened = await openFiles(folder.path, flipped(whole, places));
        const { ledger } = opened;
        // Blocks that were not known to be durable may be gone; they come again.
        const damaged = await damagedIn(ledger);
        const appended = ledger.height === 10 ? ledger.append(next) : undefined;
        for (const number of damaged) expect(await ledger.mend(blocks[number]!)).toBe(true);
        await appended;
        const expected = [...blocks, next].slice(0, ledger.height).map(hex);
        expect(await contents(ledger)).toEqual(expected);
        await ledger.close();
        await using again = await FileLedger.open({ directory: folder.path });
        expect(await contents(again)).toEqual(expected);
        expect(await damagedIn(again)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

test("Several records destroyed together, of which nothing tells where one ends, are mended beside the segments", async () => {
  using folder = temporaryDirectory();
  const { offset } = records[1]!;
  const end = records[3]!.offset;
  const bytes = Uint8Array.from(files.get(segments[0]!)!).fill(0xaa, offset, end);
  const destroyed = withFile(withFile(files, segments[0]!, bytes), "index", undefined);
  await using opened = await openFiles(folder.path, destroyed);
  expect(opened.events.map(({ kind, number }) => [kind, number])).toEqual([
    ["damaged", 1],
    ["damaged", 2],
  ]);
  for (const number of await damagedIn(opened.ledger)) await opened.ledger.mend(blocks[number]!);
  await opened.ledger.append(next);
  await opened.ledger.close();
  expect(readdirSync(folder.path).filter((name) => name.startsWith("mended_"))).toEqual([
    "mended_000000001",
    "mended_000000002",
  ]);
  const events: unknown[] = [];
  await using again = await FileLedger.open({
    directory: folder.path,
    onEvent: (event) => events.push(event),
  });
  expect(events).toEqual([]);
  expect(await contents(again)).toEqual([...blocks, next].map(hex));
  const range = await again.readRange(blocks[0]!.number, 11, 2 ** 20);
  expect(range).toHaveLength(1);
});

test("A mended block whose own file rots is damaged again, and mended again", async () => {
  using folder = temporaryDirectory();
  await using opened = await openFiles(folder.path, flipped(files, [[5, 100]]));
  const { ledger } = opened;
  expect(await ledger.mend(longer(blocks[5]!))).toBe(true);
  const path = join(folder.path, "mended_000000005");
  const file = openSync(path, "r+");
  writeSync(file, Uint8Array.of(readFileSync(path)[200]! ^ 1), 0, 1, 200);
  closeSync(file);
  expect(await damagedIn(ledger)).toEqual([5]);
  expect(await ledger.mend(longer(blocks[5]!))).toBe(true);
  expect((await ledger.read(blocks[5]!.number)).bytes).toEqual(new Uint8Array(longer(blocks[5]!).bytes));
});

test("A mended block of its own that the ledger loses afterwards does not come in place of the one appended then", async () => {
  using folder = temporaryDirectory();
  await using opened = await openFiles(folder.path, flipped(files, [[9, 100]]));
  await opened.ledger.mend(longer(blocks[9]!));
  await opened.ledger.close();
  const { name, offset } = records[9]!;
  const cut = withFile(readFiles(folder.path), name, files.get(name)!.subarray(0, offset));
  await using again = await openFiles(folder.path, cut);
  expect(again.ledger.height).toBe(9);
  await again.ledger.append(blocks[9]!);
  expect(await contents(again.ledger)).toEqual(blocks.map(hex));
});

test("A mend that was interrupted anywhere leaves a damaged block, which is mended again", async () => {
  using folder = temporaryDirectory();
  const broken = flipped(files, [
    [2, 16],
    [2, 300],
  ]);
  const { name, offset, lengthBytes } = records[2]!;
  const good = files.get(name)!;
  for (let written = 0; written < RECORD_HEADER_BYTES + lengthBytes; written += 37) {
    const bytes = Uint8Array.from(broken.get(name)!);
    bytes.set(good.subarray(offset, offset + written), offset);
    for (const base of [broken, withFile(broken, "index", undefined)]) {
      await using opened = await openFiles(folder.path, withFile(base, name, bytes));
      for (const number of await damagedIn(opened.ledger)) await opened.ledger.mend(blocks[number]!);
      expect(await contents(opened.ledger)).toEqual(blocks.map(hex));
    }
  }
});

test("A block that was changed together with its checksum is found by the chain, and mended", async () => {
  using folder = temporaryDirectory();
  const forged = createBlock({
    number: 4,
    previousHash: Buffer.from(blocks[3]!.hash, "hex"),
    transactions: [Buffer.alloc(blocks[4]!.transactions[0]!.length, 7)],
    metadata: blocks[4]!.metadata,
  });
  const forgedFiles = await ledgerFiles([blocks.slice(0, 1), blocks.slice(1, 4), [forged]], 3_500);
  const own = Buffer.from(files.get(segments[0]!)!).subarray(0, 8);
  const record = forgedRecord(forgedFiles, own);
  const { name, offset } = records[4]!;
  const bytes = Uint8Array.from(files.get(name)!);
  bytes.set(record, offset);
  await using opened = await openFiles(folder.path, withFile(files, name, bytes));
  expect((await opened.ledger.read(forged.number)).hash).toBe(forged.hash);
  expect(await damagedIn(opened.ledger)).toEqual([4]);
  expect(await opened.ledger.mend(blocks[4]!)).toBe(true);
  expect(await contents(opened.ledger)).toEqual(blocks.map(hex));
});

test("A closed ledger mends nothing", async () => {
  using folder = temporaryDirectory();
  await using opened = await openFiles(folder.path, flipped(files, [[2, 100]]));
  await opened.ledger.close();
  await expect(opened.ledger.mend(blocks[2]!)).rejects.toMatchObject({ code: "LEDGER_CLOSED" });
});

/** The block as other orderers have signed it. */
function longer({ number, previousHash, transactions }: Block): Block {
  const metadata = [Buffer.alloc(90, 3)];
  return createBlock({ number, previousHash: Buffer.from(previousHash, "hex"), transactions, metadata });
}

/** The last record of a ledger, as it would be in the ledger of another marker. */
function forgedRecord(ledger: LedgerFiles, marker: Uint8Array): Uint8Array {
  const name = [...ledger.keys()]
    .filter((key) => key.startsWith("blockfile_"))
    .sort()
    .at(-1)!;
  const { offset } = recordsIn(ledger.get(name)!).at(-1)!;
  const record = Buffer.from(ledger.get(name)!.subarray(offset));
  record.set(marker);
  record.writeUInt32LE(crc32c(record.subarray(0, 60)), 60);
  return record;
}
