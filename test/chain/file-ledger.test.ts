import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { blockNumber } from "../../chain/block.ts";
import { FileLedger } from "../../chain/file-ledger.ts";
import { fabricBlocks, HAS_FABRIC_BLOCKS } from "../fabric-blocks.ts";
import { ledgerAcceptance } from "../ledger-acceptance.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { chainOfBlocks } from "./chain-of-blocks.ts";
import { chainErrorOf, contents, hex, rotRecord } from "./ledger-fixture.ts";

ledgerAcceptance("FileLedger", async () => {
  const folder = temporaryDirectory();
  const directory = join(folder.path, "not", "there", "yet");
  const ledger = await FileLedger.open({ directory });
  const dispose = async () => {
    await ledger.close();
    folder[Symbol.dispose]();
  };
  return { ledger, rot: (number) => rotRecord(directory, number), [Symbol.asyncDispose]: dispose };
});

test("A closed ledger opens again with the same blocks, over many segments", async () => {
  using folder = temporaryDirectory();
  const options = { directory: folder.path, segmentBytesMax: 2000 };
  const blocks = chainOfBlocks(40, (number) => (number === 20 ? 5000 : number * 20));
  await using first = await FileLedger.open(options);
  for (const block of blocks.slice(0, 10)) await first.append(block);
  await first.close();
  await using second = await FileLedger.open(options);
  expect(second.tipHash).toBe(blocks[9]!.hash);
  await Promise.all(blocks.slice(10).map((block) => second.append(block)));
  expect(await contents(second)).toEqual(blocks.map(hex));
  await second.close();
  await using third = await FileLedger.open(options);
  expect(third.tipHash).toBe(blocks.at(-1)!.hash);
  expect(await contents(third)).toEqual(blocks.map(hex));
  expect(readdirSync(folder.path).filter((name) => name.startsWith("blockfile_")).length).toBeGreaterThan(10);
});

test("A segment file does not outgrow its bound unless by a single block", async () => {
  using folder = temporaryDirectory();
  await using ledger = await FileLedger.open({ directory: folder.path, segmentBytesMax: 1000 });
  const blocks = chainOfBlocks(4, (number) => [150, 150, 900, 150][number] ?? 0);
  await Promise.all(blocks.map((block) => ledger.append(block)));
  const segments = readdirSync(folder.path).filter((name) => name.startsWith("blockfile_"));
  expect(segments).toEqual(["blockfile_000000", "blockfile_000001", "blockfile_000002"]);
});

test("Reads of more segments than are held open at a time all succeed", async () => {
  using folder = temporaryDirectory();
  await using ledger = await FileLedger.open({ directory: folder.path, segmentBytesMax: 1 });
  const blocks = chainOfBlocks(40);
  await Promise.all(blocks.map((block) => ledger.append(block)));
  const reads = await Promise.all([...blocks, ...blocks].map((block) => ledger.read(block.number)));
  expect(reads.map((block) => block.hash)).toEqual([...blocks, ...blocks].map((block) => block.hash));
  expect(await contents(ledger)).toEqual(blocks.map(hex));
});

test.skipIf(!HAS_FABRIC_BLOCKS)("Real Fabric blocks of up to 2 MB come back byte for byte", async () => {
  using folder = temporaryDirectory();
  const blocks = fabricBlocks("generated-etcdraft-v2.4.9");
  await using written = await FileLedger.open({ directory: folder.path });
  await Promise.all(blocks.map((block) => written.append(block)));
  await written.close();
  await using ledger = await FileLedger.open({ directory: folder.path });
  expect(ledger.height).toBe(blocks.length);
  for (const block of blocks) {
    const read = await ledger.read(block.number);
    expect(Buffer.compare(read.bytes, block.bytes)).toBe(0);
  }
});

test("Closing writes what was accepted, in as many writes as it takes, and everything later is refused", async () => {
  using folder = temporaryDirectory();
  const blocks = chainOfBlocks(31, () => 150_000);
  const last = blocks.pop()!;
  await using ledger = await FileLedger.open({ directory: folder.path });
  const appends = blocks.map((block) => ledger.append(block));
  const closing = ledger.close();
  expect((await chainErrorOf(ledger.append(last))).code).toBe("LEDGER_CLOSED");
  expect((await chainErrorOf(ledger.read(blockNumber(0)))).code).toBe("LEDGER_CLOSED");
  await Promise.all([...appends, closing, ledger.close()]);
  await using reopened = await FileLedger.open({ directory: folder.path });
  expect(reopened.height).toBe(30);
});

test("A directory that cannot be one is refused by the file system's reason", async () => {
  using folder = temporaryDirectory();
  writeFileSync(join(folder.path, "file"), "");
  const error = await chainErrorOf(FileLedger.open({ directory: join(folder.path, "file", "ledger") }));
  expect(error.code).toBe("LEDGER_IO");
  expect(error.message).toContain("ENOTDIR");
});

test("A ledger that could not be opened has let go of its lock", async () => {
  using folder = temporaryDirectory();
  writeFileSync(join(folder.path, "format"), "something else");
  expect((await chainErrorOf(FileLedger.open({ directory: folder.path }))).code).toBe("LEDGER_FORMAT");
  expect((await chainErrorOf(FileLedger.open({ directory: folder.path }))).code).toBe("LEDGER_FORMAT");
});

test("A bound of the segments that makes no sense is refused", async () => {
  using folder = temporaryDirectory();
  for (const segmentBytesMax of [0, -1, NaN, 2 ** 31]) {
    await expect(FileLedger.open({ directory: folder.path, segmentBytesMax })).rejects.toThrow(RangeError);
  }
});
