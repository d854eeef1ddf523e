import { Buffer } from "node:buffer";
import { expect, test } from "vitest";
import { FileLedger } from "../../chain/file-ledger.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { chainOfBlocks } from "./chain-of-blocks.ts";
import { chainErrorOf, contents, hex, ledgerFiles, openFiles, withFile } from "./ledger-fixture.ts";

const blocks = chainOfBlocks(3);
const files = await ledgerFiles([blocks]);
const format = Buffer.from(files.get("format")!).toString();

test("The format file is three lines of text", () => {
  expect(format).toMatch(/^blockgossip-ledger 1\nmarker [0-9a-f]{16}\ncrc32c [0-9a-f]{8}\n$/);
});

test("A ledger of a newer format is refused with what to do, and nothing is written to it", async () => {
  using folder = temporaryDirectory();
  const newer = Buffer.from("blockgossip-ledger 2\nand who knows what\n");
  const error = await chainErrorOf(openFiles(folder.path, withFile(files, "format", newer)));
  expect(error.code).toBe("LEDGER_FORMAT");
  expect(error.message).toMatch(/format 2 and this program reads format 1: start /);
  await using restored = await openFiles(folder.path, files);
  expect(await contents(restored.ledger)).toEqual(blocks.map(hex));
});

test("A format file with any bit flipped, or cut anywhere, is refused", async () => {
  using folder = temporaryDirectory();
  const bytes = files.get("format")!;
  for (let at = 0; at < bytes.length; at++) {
    const flipped = bytes.with(at, bytes[at]! ^ (1 << (at % 8)));
    for (const changed of [flipped, bytes.subarray(0, at)]) {
      const error = await chainErrorOf(openFiles(folder.path, withFile(files, "format", changed)));
      expect(error.code).toBe("LEDGER_FORMAT");
    }
  }
});

test("Block files without a format file are refused", async () => {
  using folder = temporaryDirectory();
  const error = await chainErrorOf(openFiles(folder.path, withFile(files, "format", undefined)));
  expect(error.code).toBe("LEDGER_FORMAT");
  expect(error.message).toContain("is missing");
});

test("A ledger that was killed before its first block opens", async () => {
  using folder = temporaryDirectory();
  const empty = new Map([
    ["blockfile_000000", new Uint8Array(0)],
    ["format.12ab.tmp", new Uint8Array(5)],
  ]);
  await using opened = await openFiles(folder.path, empty);
  expect(opened.ledger.height).toBe(0);
  await opened.ledger.append(blocks[0]!);
  await opened.ledger.close();
  await using again = await FileLedger.open({ directory: folder.path });
  expect(again.tipHash).toBe(blocks[0]!.hash);
});
