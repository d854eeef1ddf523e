/** `npm run devnet -- …`: the same as `blockgossip devnet`. */
import { Command } from "commander";
import { configureProgram, runProgram } from "../node/commands/command-line.ts";
import { describeDevnet } from "../node/commands/devnet.ts";

const calls = { submit: "npm run submit --", height: "npm run height --" };
await runProgram(describeDevnet(configureProgram(new Command("npm run devnet --")), calls));
