#!/usr/bin/env node
/** The command `blockgossip`. */
// oxlint-disable-next-line import/no-unassigned-import -- it adds what Node.js 22 lacks
import "./disposable-stacks.ts";
import { enableCompileCache } from "node:module";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { silenceSqliteWarning } from "./commands/sqlite-warning.ts";

silenceSqliteWarning();
// In a clone two fifths of the time are for compiling the same files again. What is compiled already would gain less than
// a third by files in some folder of the user's.
if (extname(import.meta.url) === ".ts")
  enableCompileCache(fileURLToPath(new URL("../node_modules/.cache/compile", import.meta.url)));

// Only what is imported from now on is cached, and warns no more.
const { runProgram } = await import("./commands/command-line.ts");
const { createProgram } = await import("./commands/program.ts");
await runProgram(createProgram());
