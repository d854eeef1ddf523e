import { Buffer } from "node:buffer";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { temporaryDirectory } from "../temporary-directory.ts";
import { chainOfBlocks } from "./chain-of-blocks.ts";
import {
  contents,
  hex,
  ledgerFiles,
  openFiles,
  readFiles,
  withFile,
  type LedgerFiles,
} from "./ledger-fixture.ts";

const blocks = chainOfBlocks(12, (number) => 30 * number);
const groups = blocks.map((block) => [block]);
const files = await ledgerFiles(groups, 1200);
const index = files.get("index")!;

test("The index file has 16 bytes a block", () => {
  expect(index.length).toBe(16 * blocks.length);
});

test("A missing index, and one of any other bytes, changes nothing and is replaced", async () => {
  using folder = temporaryDirectory();
  const garbled = fc.oneof(
    fc.constant(undefined),
    fc.uint8Array({ maxLength: 400 }),
    fc.nat(index.length).map((size) => index.subarray(0, size)),
    fc.tuple(fc.nat(index.length - 1), fc.nat(7)).map(([byte, bit]) => flipped(index, byte, bit)),
    fc.uint8Array({ maxLength: 40 }).map((more) => Buffer.concat([index, more])),
    fc.constant(Buffer.concat([index.subarray(16), index.subarray(0, 16)])),
  );
  await fc.assert(
    fc.asyncProperty(garbled, (bytes) => expectBlocks(folder.path, withFile(files, "index", bytes))),
    { numRuns: 60 },
  );
});

test("The index of another ledger, of an older state and of a newer state changes nothing", async () => {
  using folder = temporaryDirectory();
  const other = await ledgerFiles(groups, 900);
  const older = await ledgerFiles(groups.slice(0, 5), 1200);
  const newer = chainOfBlocks(14, (number) => 30 * number);
  await using grown = await openFiles(folder.path, files);
  await Promise.all(newer.slice(12).map((block) => grown.ledger.append(block)));
  await grown.ledger.close();
  const newerIndex = readFiles(folder.path).get("index")!;
  expect(newerIndex.length).toBe(16 * 14);
  for (const bytes of [other.get("index")!, older.get("index")!, index.subarray(0, 80), newerIndex]) {
    await expectBlocks(folder.path, withFile(files, "index", bytes));
  }
});

test("Entries of blocks that were cut off do not return for the blocks written in their place", async () => {
  using folder = temporaryDirectory();
  const cutOff = await ledgerFiles(groups.slice(0, 8));
  const segment = cutOff.get("blockfile_000000")!;
  await using cut = await openFiles(
    folder.path,
    withFile(cutOff, "blockfile_000000", segment.subarray(0, 1000)),
  );
  const height = cut.ledger.height;
  expect(height).toBeLessThan(7);
  for (const block of blocks.slice(height)) await cut.ledger.append(block);
  // As a killed process leaves it: the index was not written since the opening.
  const killed = readFiles(folder.path);
  await cut.ledger.close();
  expect(killed.get("index")!.length).toBe(16 * height);
  await using again = await openFiles(folder.path, killed);
  expect(await contents(again.ledger)).toEqual(blocks.map(hex));
});

async function expectBlocks(path: string, changed: LedgerFiles): Promise<void> {
  await using opened = await openFiles(path, changed);
  expect(await contents(opened.ledger)).toEqual(blocks.map(hex));
  expect(opened.events.filter((event) => event.kind === "damaged")).toEqual([]);
  expect(opened.ledger.tipHash).toBe(blocks.at(-1)!.hash);
  await opened.ledger.close();
  expect(readFiles(path).get("index")!.length).toBe(index.length);
}

function flipped(bytes: Uint8Array, byte: number, bit: number): Uint8Array {
  return bytes.with(byte, bytes[byte]! ^ (1 << bit));
}
