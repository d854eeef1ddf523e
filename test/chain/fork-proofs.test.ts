import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ForkProofs } from "../../chain/fork-proofs.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { chainOfBlocks } from "./chain-of-blocks.ts";
import { chainErrorOf, hex } from "./ledger-fixture.ts";

const ours = chainOfBlocks(20);
const theirs = chainOfBlocks(20, undefined, 1);
const others = chainOfBlocks(20, undefined, 2);

function proofOf(number: number) {
  return { number, first: ours[number]!.hash, second: theirs[number]!.hash };
}

test("A recorded fork is listed, and both blocks are read back, also when opened again", async () => {
  using folder = temporaryDirectory();
  const forks = await ForkProofs.open({ directory: folder.path });
  expect(forks.list()).toEqual([]);
  await forks.record(ours[3]!, theirs[3]!);
  for (const opened of [forks, await ForkProofs.open({ directory: folder.path })]) {
    expect(opened.list()).toEqual([proofOf(3)]);
    const blocks = await opened.read(opened.list()[0]!);
    expect(blocks?.map(hex)).toEqual([hex(ours[3]!), hex(theirs[3]!)]);
  }
});

test("A second block is kept once, and two different ones of a number are both kept", async () => {
  using folder = temporaryDirectory();
  const forks = await ForkProofs.open({ directory: folder.path });
  await Promise.all([theirs, theirs, others, theirs].map((chain) => forks.record(ours[5]!, chain[5]!)));
  expect(forks.list().map((proof) => proof.second)).toEqual([theirs[5]!.hash, others[5]!.hash]);
  expect(readdirSync(join(folder.path, "forks"))).toHaveLength(2);
});

test("No more proofs are kept than the bound, also when opened again", async () => {
  using folder = temporaryDirectory();
  const forks = await ForkProofs.open({ directory: folder.path });
  await Promise.all(ours.map((block, number) => forks.record(block, theirs[number]!)));
  expect(forks.list()).toHaveLength(16);
  const again = await ForkProofs.open({ directory: folder.path });
  await again.record(ours[19]!, theirs[19]!);
  expect(again.list()).toHaveLength(16);
  expect(readdirSync(join(folder.path, "forks"))).toHaveLength(16);
  const few = await ForkProofs.open({ directory: folder.path, proofsMax: 2 });
  expect(few.list()).toHaveLength(2);
});

test("Blocks that are no fork are refused", async () => {
  using folder = temporaryDirectory();
  const forks = await ForkProofs.open({ directory: folder.path });
  await expect(forks.record(ours[3]!, ours[3]!)).rejects.toThrow(RangeError);
  await expect(forks.record(ours[3]!, theirs[4]!)).rejects.toThrow(RangeError);
});

test("A proof that is damaged in any way is reported and passed over, and the others are listed", async () => {
  using folder = temporaryDirectory();
  const forks = await ForkProofs.open({ directory: folder.path });
  await forks.record(ours[3]!, theirs[3]!);
  await forks.record(ours[4]!, theirs[4]!);
  const path = join(folder.path, "forks", `3-${theirs[3]!.hash}`);
  const bytes = new Uint8Array(readFileSync(path));
  const damage = fc.oneof(
    fc.tuple(fc.nat(bytes.length - 1), fc.nat(7)).map(([at, bit]) => bytes.with(at, bytes[at]! ^ (1 << bit))),
    fc.nat(bytes.length - 1).map((size) => bytes.subarray(0, size)),
    fc.uint8Array({ maxLength: 50 }),
    // Good by its checksum, and without blocks.
    fc.constant(Uint8Array.of(0xc7, 0x4b, 0x67, 0x48, 0, 0, 0, 0)),
    fc.constant(new Uint8Array(readFileSync(join(folder.path, "forks", `4-${theirs[4]!.hash}`)))),
  );
  await fc.assert(
    fc.asyncProperty(damage, async (changed) => {
      writeFileSync(path, changed);
      const damaged: string[] = [];
      const opened = await ForkProofs.open({
        directory: folder.path,
        onDamaged: (file) => damaged.push(file),
      });
      expect(opened.list()).toEqual([proofOf(4)]);
      expect(damaged).toEqual([path]);
      await opened.record(ours[3]!, theirs[3]!);
      expect((await ForkProofs.open({ directory: folder.path })).list()).toHaveLength(2);
    }),
    { numRuns: 60 },
  );
});

test("What an interrupted write left is removed, and files of other names are left alone", async () => {
  using folder = temporaryDirectory();
  const directory = join(folder.path, "forks");
  mkdirSync(directory);
  for (const name of [`3-${theirs[3]!.hash}.12345678.tmp`, "README"])
    writeFileSync(join(directory, name), "x");
  const forks = await ForkProofs.open({ directory: folder.path });
  expect(forks.list()).toEqual([]);
  expect(readdirSync(directory)).toEqual(["README"]);
});

test("A directory that cannot be one is an error of the file system", async () => {
  using folder = temporaryDirectory();
  writeFileSync(join(folder.path, "forks"), "");
  expect((await chainErrorOf(ForkProofs.open({ directory: folder.path }))).code).toBe("LEDGER_IO");
});
