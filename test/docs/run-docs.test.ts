import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Clone } from "./clone.ts";
import { documentPaths, readDocument } from "./documents.ts";
import { runBlocks, type RunBlock } from "./run-blocks.ts";

// README.md starts the devnet that the others use.
const PATHS = ["README.md", ...documentPaths().filter((path) => path !== "README.md")];
const DOCUMENTS = PATHS.map((path) => ({ path, blocks: runBlocks(readDocument(path)) })).filter(
  ({ blocks }) => blocks.length > 0,
);
/** What the documents use and a machine may lack. */
const MISSING = ["curl", "jq"].filter((tool) => spawnSync(tool, ["--version"]).error !== undefined);

let clone: Clone;
beforeAll(async () => {
  clone = await Clone.create();
});
afterAll(() => clone[Symbol.asyncDispose]());

describe.each(DOCUMENTS)("$path can be followed by hand", ({ path, blocks }) => {
  beforeAll(() => clone.beginDocument());

  test.for(blocks)("line $line", async (block, { skip }) => {
    for (const tool of MISSING) skip(uses(block, tool), `there is no ${tool} on this machine`);
    for (const step of block.steps) {
      const { status, output } = await clone.run(step, block);
      const where = `${path}:${step.line}: ${step.command}`;
      expect(output, where).toEqual(step.shown);
      expect(status, where).toBe(block.status);
    }
  });
});

function uses({ steps }: RunBlock, tool: string): boolean {
  return steps.some(({ command }) => command.split(/\s/).includes(tool));
}
