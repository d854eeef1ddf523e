/** `npm run docs:cli`: writes docs/CLI.md. */
import { writeFileSync } from "node:fs";
import { createProgram } from "../node/commands/program.ts";
import { cliReference } from "./cli-reference.ts";

writeFileSync(new URL("../docs/CLI.md", import.meta.url), cliReference(createProgram()));
