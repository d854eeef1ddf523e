import type { Command } from "commander";
import { callOf, EXIT_STATUS_HELP } from "../node/commands/command-line.ts";

const WIDTH = 100;

/** The reference of all commands of a program as Markdown: what their --help says. */
export function cliReference(program: Command): string {
  const commands = leaves(program);
  const index = commands.map(
    (command) => `- [\`${callOf(command)}\`](#${anchor(command)}): ${summaryOf(command)}`,
  );
  const sections = commands.map(
    (command) => `## ${callOf(command)}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\`\n`,
  );
  return `${HEAD}${index.join("\n")}\n\n${sections.join("\n")}`;
}

const HEAD = `# Commands

Made by \`npm run docs:cli\` from the program itself; a test compares.

Every command that asks a running peer takes \`--api URL\`: by default \`BLOCKGOSSIP_API\`, else \`http://127.0.0.1:9800\`. With
\`--json\` output is JSON, and so is an error: \`{"error":{"code","message","hint"}}\` in one line on standard error.

| exit status | what it says | for example |
|---|---|---|
| 0 | all went well | |
| 1 | it failed | a folder that cannot be written, a ledger with a bad block, a check of \`doctor\` |
| 2 | a flag or a setting is wrong | an unknown flag, a configuration that is not allowed |
| 3 | no peer answers | it does not run, or its API is elsewhere |
| 4 | there is no such thing | a channel that the peer has not joined, a block that is not held |
| 5 | it was refused | a block that is not valid, a token that does not allow it |
| 6 | it took too long | members that do not hold a block within \`--timeout\` |

`;

function leaves(command: Command): readonly Command[] {
  const children = command
    .createHelp()
    .visibleCommands(command)
    .filter((child) => child.name() !== "help");
  return children.flatMap((child) => (child.commands.length > 0 ? leaves(child) : [child]));
}

function anchor(command: Command): string {
  return callOf(command).replaceAll(" ", "-");
}

function summaryOf(command: Command): string {
  return command.summary() || command.description();
}

function helpOf(command: Command): string {
  let text = "";
  const before = command.configureOutput();
  command.configureHelp({ helpWidth: WIDTH });
  command.configureOutput({ ...before, writeOut: (part) => (text += part) });
  command.outputHelp();
  command.configureOutput(before);
  return text.replace(EXIT_STATUS_HELP, "").trim();
}
