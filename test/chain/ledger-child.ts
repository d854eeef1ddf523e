import { writeSync } from "node:fs";
import { blockNumber } from "../../chain/block.ts";
import { FileLedger } from "../../chain/file-ledger.ts";
import { chainOfBlocks } from "./chain-of-blocks.ts";

/*
 * A process of its own for tests: `node ledger-child.ts DIRECTORY BLOCKS TOGETHER` opens the ledger, prints `open` or
 * the error's message, appends the chain of BLOCKS blocks from its height on, so many together, and prints the height
 * that each append acknowledged, or the error's code and message. After an error it tries once more, reads block 0
 * and ends; without one it prints `done`, keeps the ledger open and waits to be killed.
 */
const [directory, blocks, together] = process.argv.slice(2);

function print(line: string): void {
  // At once and not through a stream's buffer, which would die with the process.
  writeSync(1, `${line}\n`);
}

function printError(error: unknown): void {
  print(`${(error as { code: string }).code} ${(error as Error).message}`);
}

async function appendAll(ledger: FileLedger): Promise<void> {
  const rest = chainOfBlocks(Number(blocks), () => 3000).slice(ledger.height);
  while (rest.length > 0) {
    const appends = rest.splice(0, Number(together)).map(async (block) => {
      await ledger.append(block);
      print(`${block.number + 1}`);
    });
    const failures = (await Promise.allSettled(appends)).filter((outcome) => outcome.status === "rejected");
    for (const failure of failures) printError(failure.reason);
    if (failures.length === 0) continue;
    await ledger.append(rest[0]!).catch(printError);
    print(`read ${(await ledger.read(blockNumber(0))).number}`);
    return;
  }
  print("done");
  setInterval(() => undefined, 60_000);
}

try {
  const ledger = await FileLedger.open({ directory: directory!, segmentBytesMax: 200_000 });
  print("open");
  await appendAll(ledger);
} catch (error) {
  printError(error);
}
