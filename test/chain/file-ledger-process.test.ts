import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { FileLedger } from "../../chain/file-ledger.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { chainOfBlocks } from "./chain-of-blocks.ts";
import { chainErrorOf, contents, hex } from "./ledger-fixture.ts";

const CHILD = fileURLToPath(new URL("ledger-child.ts", import.meta.url));
const BLOCKS = 1000;

/** A process with the ledger in `directory` open, and the lines it prints. */
function startChild(directory: string, blocks: number, shell?: string) {
  const command = [process.execPath, CHILD, directory, String(blocks), "8"];
  const child =
    shell === undefined
      ? spawn(command[0]!, command.slice(1), { stdio: ["ignore", "pipe", "inherit"] })
      : spawn("sh", ["-c", `${shell} exec "$@"`, "sh", ...command], { stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const dispose = () => killed(child);
  return { child, lines: { [Symbol.asyncIterator]: () => lines }, [Symbol.asyncDispose]: dispose };
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}

async function firstLine(lines: AsyncIterable<string>): Promise<string> {
  for await (const line of lines) return line;
  throw new Error("the process ended without a word");
}

test("A process killed in the middle of its appends, again and again, has lost no block that it acknowledged", async () => {
  using folder = temporaryDirectory();
  const blocks = chainOfBlocks(BLOCKS, () => 3000);
  const opened: number[] = [];
  for (const acknowledgements of [1, 2, 7, 20, 33, 64, 90, 128]) {
    await using running = startChild(folder.path, BLOCKS);
    let acknowledged = 0;
    let seen = 0;
    for await (const line of running.lines) {
      if (/^\d+$/.test(line)) {
        acknowledged = Number(line);
        seen++;
      }
      if (seen === acknowledgements || line === "done") running.child.kill("SIGKILL");
    }
    await using ledger = await FileLedger.open({ directory: folder.path });
    expect(ledger.height).toBeGreaterThanOrEqual(acknowledged);
    expect(await contents(ledger)).toEqual(blocks.slice(0, ledger.height).map(hex));
    opened.push(ledger.height);
  }
  expect(opened[0]).toBeGreaterThan(0);
  expect(opened.toSorted((a, b) => a - b)).toEqual(opened);
});

describe("The lock", () => {
  test("It keeps a second process out, names the holder, and ends with a holder that is killed", async () => {
    using folder = temporaryDirectory();
    await using holder = startChild(folder.path, 0);
    expect(await firstLine(holder.lines)).toBe("open");
    const error = await chainErrorOf(FileLedger.open({ directory: folder.path }));
    expect(error.code).toBe("LEDGER_LOCKED");
    expect(error.message).toContain(`process ${holder.child.pid};`);
    await killed(holder.child);
    await using ledger = await FileLedger.open({ directory: folder.path });
    await using late = startChild(folder.path, 0);
    expect(await firstLine(late.lines)).toMatch(new RegExp(`^LEDGER_LOCKED .* process ${process.pid};`));
    await ledger.close();
    await using free = startChild(folder.path, 0);
    expect(await firstLine(free.lines)).toBe("open");
  });

  test("It keeps a second opening in the same process out, and is free after closing", async () => {
    using folder = temporaryDirectory();
    await using ledger = await FileLedger.open({ directory: folder.path });
    const error = await chainErrorOf(FileLedger.open({ directory: folder.path }));
    expect(error.code).toBe("LEDGER_LOCKED");
    expect(error.message).toContain(`process ${process.pid};`);
    await ledger.close();
    await using again = await FileLedger.open({ directory: folder.path });
    expect(again.height).toBe(0);
  });

  test("Of many that open at the same time exactly one gets the ledger", async () => {
    using folder = temporaryDirectory();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 5 }, () => FileLedger.open({ directory: folder.path })),
    );
    const opened = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
    expect(opened).toHaveLength(1);
    await opened[0]!.close();
  });
});

test.skipIf(process.platform === "win32")(
  "A write that the file system cuts short fails every waiting append; opened again, the ledger goes on",
  async () => {
    using folder = temporaryDirectory();
    // A limit of 100 blocks of 512 bytes on the size of a file stands for a full disk.
    await using child = startChild(folder.path, BLOCKS, "trap '' XFSZ; ulimit -f 100;");
    const lines: string[] = [];
    for await (const line of child.lines) lines.push(line);
    const acknowledged = lines.filter((line) => /^\d+$/.test(line)).length;
    const failures = lines.filter((line) => line.startsWith("LEDGER_IO Cannot write block "));
    // Those of one group of eight, and the one that was tried afterwards.
    expect(failures.length + (acknowledged % 8)).toBe(9);
    expect(failures[0]).toMatch(/EFBIG|wrote \d+ of \d+ bytes/);
    expect(lines.at(-1)).toBe("read 0");
    await using ledger = await FileLedger.open({ directory: folder.path });
    const blocks = chainOfBlocks(BLOCKS, () => 3000);
    expect(ledger.height).toBeGreaterThanOrEqual(acknowledged);
    expect(await contents(ledger)).toEqual(blocks.slice(0, ledger.height).map(hex));
    await ledger.append(blocks[ledger.height]!);
  },
);
