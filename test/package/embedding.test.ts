import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { createNetwork } from "../../node/network.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const MARKED = /^```ts run\n(.*?)^```\n\n```\n(.*?)^```$/gms;

test("the programs in docs/EMBEDDING.md print what stands there", async () => {
  using directory = temporaryDirectory();
  const organisations = [{ name: "Org1", peers: 2 }];
  const out = join(directory.path, "network");
  await createNetwork({ out, channel: "trade", organisations, consensus: "raft" });
  const programs = [...readFileSync(join(ROOT, "docs", "EMBEDDING.md"), "utf8").matchAll(MARKED)];
  expect(programs).toHaveLength(2);
  for (const [, program = "", expected] of programs) {
    // Imports are looked up from here, files from there.
    const code = `process.chdir(${JSON.stringify(directory.path)});\n${program}`;
    const flags = ["--conditions=blockgossip-source", "--input-type=module-typescript", "--eval", code];
    const { stdout } = await promisify(execFile)(process.execPath, flags, { cwd: ROOT });
    expect(stdout).toBe(expected);
  }
}, 120_000);
