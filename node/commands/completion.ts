import tab from "@bomb.sh/tab/commander";
import type { Command } from "commander";

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
    .addHelpText("after", EXAMPLES);
}

const EXAMPLES = `
Examples:
  source <(blockgossip completion bash)
  blockgossip completion fish > ~/.config/fish/completions/blockgossip.fish`;
