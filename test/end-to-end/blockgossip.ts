import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { CliOutcome } from "../node/in-process-cli.ts";

/** The program's file. */
export const CLI = fileURLToPath(new URL("../../node/cli.ts", import.meta.url));

/** Runs `blockgossip` as a user does, in a process of its own. */
export async function blockgossip(...args: readonly string[]): Promise<CliOutcome> {
  const child = spawn(process.execPath, [CLI, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [[status], stdout, stderr] = await Promise.all([
    once(child, "exit"),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { status, stdout, stderr };
}
