/** `npm run height -- …`: the same as `blockgossip height`. */
import { Command } from "commander";
import { configureProgram, runProgram } from "../node/commands/command-line.ts";
import { describeHeight } from "../node/commands/height.ts";

await runProgram(describeHeight(configureProgram(new Command("npm run height --"))));
