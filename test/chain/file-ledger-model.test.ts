import { rmSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { blockNumber } from "../../chain/block.ts";
import { FileLedger } from "../../chain/file-ledger.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { chainOfBlocks } from "./chain-of-blocks.ts";
import { chainErrorOf, hex } from "./ledger-fixture.ts";

const blocks = chainOfBlocks(60, (number) => (number * 37) % 400);

type Step =
  | { readonly kind: "append"; readonly count: number }
  | { readonly kind: "append-other"; readonly number: number }
  | { readonly kind: "read"; readonly number: number }
  | { readonly kind: "reopen"; readonly dropIndex: boolean; readonly segmentBytesMax: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("append"), count: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ kind: fc.constant("append-other"), number: fc.nat(59) }),
  fc.record({ kind: fc.constant("read"), number: fc.nat(70) }),
  fc.record({
    kind: fc.constant("reopen"),
    dropIndex: fc.boolean(),
    segmentBytesMax: fc.constantFrom(1, 700, 3000, 2 ** 20),
  }),
);

test("Whatever is appended, read, closed and opened, the ledger does what a list of blocks does", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      using folder = temporaryDirectory();
      let ledger = await FileLedger.open({ directory: folder.path, segmentBytesMax: 1500 });
      let height = 0;
      for (const next of steps) {
        switch (next.kind) {
          case "append": {
            const appended = blocks.slice(height, height + next.count);
            await Promise.all(appended.map((block) => ledger.append(block)));
            height += appended.length;
            break;
          }
          case "append-other":
            if (next.number === height) break;
            expect((await chainErrorOf(ledger.append(blocks[next.number]!))).code).toBe("OUT_OF_ORDER");
            break;
          case "read": {
            const read = ledger.read(blockNumber(next.number));
            if (next.number < height) expect(hex(await read)).toBe(hex(blocks[next.number]!));
            else expect((await chainErrorOf(read)).code).toBe("NOT_HELD");
            break;
          }
          case "reopen": {
            await ledger.close();
            if (next.dropIndex) rmSync(join(folder.path, "index"));
            const { segmentBytesMax } = next;
            ledger = await FileLedger.open({ directory: folder.path, segmentBytesMax });
            break;
          }
          default:
            next satisfies never;
        }
        expect(ledger.height).toBe(height);
        expect(ledger.tipHash).toBe(blocks[height - 1]?.hash);
      }
      await ledger.close();
    }),
    { numRuns: 50 },
  );
});
