import { Buffer } from "node:buffer";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createBlock } from "../../chain/block.ts";
import { FileLedger } from "../../chain/file-ledger.ts";
import { encodeRecordHeader, RECORD_HEADER_BYTES } from "../../chain/ledger-record.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { chainOfBlocks } from "./chain-of-blocks.ts";
import {
  chainErrorOf,
  contents,
  hex,
  ledgerFiles,
  openFiles,
  readFiles,
  withFile,
  writeFiles,
} from "./ledger-fixture.ts";

const blocks = chainOfBlocks(9, (number) => 40 + 30 * number);
const next = chainOfBlocks(10, (number) => 40 + 30 * number)[9]!;
const SEGMENT = "blockfile_000000";

/** Three segments of several blocks, each block its own write. */
const files = await ledgerFiles(
  blocks.map((block) => [block]),
  1000,
);
const segments = [...files.keys()].filter((name) => name.startsWith("blockfile_")).sort();
const withoutIndex = withFile(files, "index", undefined);

/** A few blocks in one segment, each its own write. */
const small = blocks.slice(0, 4);
const smallFiles = await ledgerFiles(small.map((block) => [block]));
const smallWithoutIndex = withFile(smallFiles, "index", undefined);
const smallSegment = smallFiles.get(SEGMENT)!;

function recordBytes(number: number): number {
  return RECORD_HEADER_BYTES + blocks[number]!.bytes.length;
}

describe.each([
  ["with its index", files, true],
  ["without an index", withoutIndex, false],
])("A bit that flips in a ledger %s", (_, whole, hasIndex) => {
  test("It is named, its block is never served, every other block is, and the ledger goes on", async () => {
    using folder = temporaryDirectory();
    const flip = fc.record({
      at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      bit: fc.nat(7),
    });
    await fc.assert(
      fc.asyncProperty(flip, fc.constantFrom(...segments), async ({ at, bit }, name) => {
        await expectFlipNamed(folder.path, { name, byte: Math.floor(at * files.get(name)!.length), bit });
      }),
      { numRuns: 200 },
    );
  });

  test("So it is in every byte of the header of a record in the middle, and in every byte of the last record", async () => {
    using folder = temporaryDirectory();
    const last = segments.at(-1)!;
    const lastOffset = files.get(last)!.length - recordBytes(8);
    const middle = Array.from({ length: RECORD_HEADER_BYTES }, (_byte, i) => ({
      name: SEGMENT,
      byte: recordBytes(0) + i,
    }));
    const end = Array.from({ length: recordBytes(8) }, (_byte, i) => ({ name: last, byte: lastOffset + i }));
    for (const [i, place] of [...middle, ...end].entries())
      await expectFlipNamed(folder.path, { ...place, bit: i % 8 });
  });

  interface Flip {
    readonly name: string;
    readonly byte: number;
    readonly bit: number;
  }

  async function expectFlipNamed(path: string, { name, byte, bit }: Flip): Promise<void> {
    const changed = Uint8Array.from(files.get(name)!);
    changed[byte]! ^= 1 << bit;
    await using opened = await openFiles(path, withFile(whole, name, changed));
    const { number, offset } = blockAt(name, byte);
    const served = await contents(opened.ledger);
    const refusal = served[number]!;
    expect(served.with(number, hex(blocks[number]!))).toEqual(blocks.map(hex));
    expect(refusal).toMatch(/^LEDGER_CORRUPT /);
    for (const part of [`Block ${number} `, `offset ${offset} `, name]) expect(refusal).toContain(part);
    const damaged = { kind: "damaged", number, segment: segments.indexOf(name), offset };
    expect(opened.events).toEqual(hasIndex && number < 8 ? [] : [damaged]);
    await opened.ledger.append(next);
    expect(opened.ledger.tipHash).toBe(next.hash);
  }
});

describe("Damage of more than a bit", () => {
  test("Several destroyed records in a row are each named, and the blocks around them are served", async () => {
    using folder = temporaryDirectory();
    const changed = Uint8Array.from(smallSegment).fill(
      0xaa,
      recordBytes(0) + 10,
      recordBytes(0) + recordBytes(1) + 70,
    );
    await using opened = await openFiles(folder.path, withFile(smallWithoutIndex, SEGMENT, changed));
    const served = await contents(opened.ledger);
    expect([served[0], served[3]]).toEqual([hex(small[0]!), hex(small[3]!)]);
    expect(served[1]).toMatch(/^LEDGER_CORRUPT Block 1 /);
    expect(served[2]).toMatch(/^LEDGER_CORRUPT Block 2 /);
  });

  test("Where the last records are destroyed the ledger ends before them and says how many were lost", async () => {
    using folder = temporaryDirectory();
    const offset = recordBytes(0) + recordBytes(1);
    const changed = Uint8Array.from(smallSegment).fill(0xaa, offset);
    await using opened = await openFiles(folder.path, withFile(smallFiles, SEGMENT, changed));
    expect(await contents(opened.ledger)).toEqual(small.slice(0, 2).map(hex));
    expect(opened.events.reduce((sum, event) => sum + (event.kind === "cut" ? event.lost : 0), 0)).toBe(2);
    await opened.ledger.append(small[2]!);
  });

  test("A missing segment file is refused by name", async () => {
    using folder = temporaryDirectory();
    for (const name of segments.slice(0, -1)) {
      for (const base of [files, withoutIndex]) {
        const error = await chainErrorOf(openFiles(folder.path, withFile(base, name, undefined)));
        expect(error.code).toBe("LEDGER_CORRUPT");
        expect(error.message).toContain(name);
      }
    }
  });

  test("A segment cut short that is not the last is refused, or only what it lost is", async () => {
    using folder = temporaryDirectory();
    const bytes = files.get(SEGMENT)!;
    for (let size = 0; size < bytes.length; size += 11) {
      writeFiles(folder.path, withFile(withoutIndex, SEGMENT, bytes.subarray(0, size)));
      const opened = await FileLedger.open({ directory: folder.path }).catch((error: unknown) => error);
      if (!(opened instanceof FileLedger)) {
        expect(opened).toMatchObject({ code: "LEDGER_CORRUPT" });
        continue;
      }
      const served = await contents(opened);
      expect(
        served.every((entry, i) => entry === hex(blocks[i]!) || entry.startsWith("LEDGER_CORRUPT")),
      ).toBe(true);
      await opened.close();
    }
  });

  test("A segment that lost more than its bytes account for is refused", async () => {
    using folder = temporaryDirectory();
    const bytes = files.get(SEGMENT)!.subarray(0, recordBytes(0) + 30);
    const error = await chainErrorOf(openFiles(folder.path, withFile(withoutIndex, SEGMENT, bytes)));
    expect(error.code).toBe("LEDGER_CORRUPT");
    expect(error.message).toMatch(/has block \d and not blocks 1 to \d/);
  });

  test("Nothing of another ledger's segment in the place of one's own is served", async () => {
    using folder = temporaryDirectory();
    const other = await ledgerFiles(small.map((block) => [block]));
    await using opened = await openFiles(folder.path, withFile(smallFiles, SEGMENT, other.get(SEGMENT)!));
    expect((await contents(opened.ledger)).filter((entry) => !entry.startsWith("LEDGER_CORRUPT"))).toEqual(
      [],
    );
  });

  test("A record inside a block's transaction is not taken for one of the ledger's", async () => {
    using folder = temporaryDirectory();
    const { blocks: carriers, files: written } = await ledgerOfCarriers();
    const headerOfLast = RECORD_HEADER_BYTES + carriers[0]!.bytes.length;
    const changed = Uint8Array.from(written.get(SEGMENT)!);
    changed[headerOfLast + 20]! ^= 1;
    const damaged = withFile(withFile(written, SEGMENT, changed), "index", undefined);
    await using opened = await openFiles(folder.path, damaged);
    const refused = expect.stringMatching(/^LEDGER_CORRUPT Block 1 /);
    expect(await contents(opened.ledger)).toEqual([hex(carriers[0]!), refused]);
    expect(opened.ledger.tipHash).toBe(carriers[1]!.hash);
  });
});

/** A ledger whose block 1 carries a record of block 0 as it lies there, and a forged one of block 2. */
async function ledgerOfCarriers() {
  using folder = temporaryDirectory();
  await using ledger = await FileLedger.open({ directory: folder.path });
  const genesis = small[0]!;
  await ledger.append(genesis);
  const record = readFiles(folder.path).get(SEGMENT)!;
  const forged = encodeRecordHeader(new Uint8Array(8).fill(7), small[2]!, true);
  const transactions = [Buffer.concat([record, forged, small[2]!.bytes])];
  const previousHash = Buffer.from(genesis.hash, "hex");
  const carrier = createBlock({ number: 1, previousHash, transactions, metadata: [] });
  await ledger.append(carrier);
  await ledger.close();
  return { blocks: [genesis, carrier], files: readFiles(folder.path) };
}

/** The block whose record holds a byte of a segment. */
function blockAt(name: string, byte: number): { number: number; offset: number } {
  let number = 0;
  for (const segment of segments) {
    let offset = 0;
    for (; offset < files.get(segment)!.length; number++) {
      if (segment === name && byte < offset + recordBytes(number)) return { number, offset };
      offset += recordBytes(number);
    }
  }
  throw new RangeError(`${name} has no byte ${byte}`);
}
