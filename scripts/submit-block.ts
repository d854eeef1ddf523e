/** `npm run submit -- …`: the same as `blockgossip submit`. */
import { Command } from "commander";
import { configureProgram, runProgram } from "../node/commands/command-line.ts";
import { describeSubmit } from "../node/commands/submit.ts";

await runProgram(describeSubmit(configureProgram(new Command("npm run submit --"))));
