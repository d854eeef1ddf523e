import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Clone } from "./clone.ts";
import { documentPaths, readDocument } from "./documents.ts";
import { runBlocks } from "./run-blocks.ts";

// README.md starts the devnet that the others use.
const PATHS = ["README.md", ...documentPaths().filter((path) => path !== "README.md")];
const DOCUMENTS = PATHS.map((path) => ({ path, blocks: runBlocks(readDocument(path)) })).filter(
  ({ blocks }) => blocks.length > 0,
);

let clone: Clone;
beforeAll(async () => {
  clone = await Clone.create();
});
afterAll(() => clone[Symbol.asyncDispose]());

describe.each(DOCUMENTS)("$path can be followed by hand", ({ path, blocks }) => {
  beforeAll(() => clone.beginDocument());

  test.each(blocks)("line $line", async (block) => {
    for (const step of block.steps) {
      const { status, output } = await clone.run(step, block);
      const where = `${path}:${step.line}: ${step.command}`;
      expect(output, where).toEqual(step.shown);
      expect(status, where).toBe(0);
    }
  });
});
