import { CommanderError, type Command } from "commander";
import { ChainError } from "../chain/errors.ts";
import { GossipError } from "../gossip/errors.ts";
import { NodeError } from "./errors.ts";
import { reason } from "./files.ts";

/** What a command's exit status says. */
export const EXIT_STATUS = { ok: 0, failed: 1, usage: 2 } as const;

/** For the end of every command's help. */
export const EXIT_STATUS_HELP = `
Exit status: 0 all went well, 1 it failed, 2 a flag or a setting is wrong.`;

/**
 * Runs a program with the process's arguments. An error is one sentence on standard error and an exit status, never a
 * stack trace. An action's own `process.exitCode` stands.
 */
export async function runProgram(program: Command): Promise<void> {
  // Whoever reads what we write may have gone.
  process.stdout.on("error", () => undefined);
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = report(program.name(), error);
  }
}

/**
 * Settings of every program; to be applied before commands are added to it, which inherit them. A wrong flag is told
 * with a hint where to read on.
 */
export function configureProgram(program: Command): Command {
  return program
    .exitOverride()
    .showHelpAfterError("(--help shows what there is)")
    .addHelpText("after", EXIT_STATUS_HELP);
}

/** Tells the error on standard error; returns the exit status. */
export function report(name: string, error: unknown): number {
  if (error instanceof CommanderError) return isHelp(error) ? EXIT_STATUS.ok : EXIT_STATUS.usage;
  const isOurs = error instanceof NodeError || error instanceof ChainError || error instanceof GossipError;
  const code = isOurs ? error.code : undefined;
  const what = code === undefined ? `unexpected error: ${reason(error)}` : `${reason(error)} (${code})`;
  console.error(`${name}: ${what}`);
  return code === "CONFIG_INVALID" || code === "INVALID_OPTION" ? EXIT_STATUS.usage : EXIT_STATUS.failed;
}

/** Help that was asked for, unlike help that is shown because the command is missing. */
function isHelp({ code }: CommanderError): boolean {
  return code === "commander.helpDisplayed" || code === "commander.version";
}
