#!/usr/bin/env node
/** The command `blockgossip`. */
// oxlint-disable-next-line import/no-unassigned-import -- it adds what Node.js 22 lacks
import "./disposable-stacks.ts";
import { runProgram } from "./command-line.ts";
import { createProgram } from "./program.ts";

await runProgram(createProgram());
