#!/usr/bin/env node
/** The command `blockgossip`. */
import { runProgram } from "./command-line.ts";
import { createProgram } from "./program.ts";

await runProgram(createProgram());
