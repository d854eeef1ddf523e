import tab from "@bomb.sh/tab/commander";
import type { Command } from "commander";
import { EXIT_STATUS_HELP } from "./command-line.ts";

/**
 * Adds `completion SHELL`, and the hidden command that the shell then asks with every Tab. To be called when all other
 * commands are there.
 */
export function addCompletion(program: Command): void {
  tab(program, { completionCommandName: "completion" });
  program.commands
    .find((command) => command.name() === "completion")
    ?.summary("make a shell's completion")
    .description("print what makes a shell complete commands and flags: bash, zsh, fish or powershell")
    .addHelpText("after", EXAMPLES + EXIT_STATUS_HELP);
}

const EXAMPLES = `
Examples:
  source <(blockgossip completion bash)
  blockgossip completion fish > ~/.config/fish/completions/blockgossip.fish`;
