import { CommanderError, type Command } from "commander";
import { ChainError } from "../../chain/errors.ts";
import { GossipError } from "../../gossip/errors.ts";
import { NodeError, RejectedError } from "../errors.ts";
import { errorGuide, EXIT_STATUS, EXIT_STATUS_HELP } from "./exit-status.ts";
import { reason } from "../files.ts";

export { EXIT_STATUS, EXIT_STATUS_HELP };

/**
 * Runs a program with the arguments, by default the process's. An error is one sentence on standard error, the next
 * step below it, and an exit status, never a stack trace; with --json it is one line of JSON. An action's own
 * `process.exitCode` stands.
 */
export async function runProgram(
  program: Command,
  args: readonly string[] = process.argv.slice(2),
): Promise<void> {
  process.stdout.off("error", ignoreGoneReader).on("error", ignoreGoneReader);
  const isJson = wantsJson(args);
  // Commander tells its errors by itself, as text.
  if (isJson) silence(program);
  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    process.exitCode = report(program.name(), error, isJson);
  }
}

/** Whoever reads what we write may have gone. */
function ignoreGoneReader(): void {}

/**
 * Settings of every program; to be applied before commands are added to it, which inherit them. A wrong flag is told
 * with a hint where to read on.
 */
export function configureProgram(program: Command): Command {
  return program.exitOverride().showHelpAfterError(`(${HELP_HINT})`).addHelpText("after", EXIT_STATUS_HELP);
}

const HELP_HINT = "--help shows what there is";

/** How a command is called, from the program's name on: `blockgossip ledger verify`. */
export function callOf(command: Command): string {
  return command.parent === null ? command.name() : `${callOf(command.parent)} ${command.name()}`;
}

/** Tells the error on standard error; returns the exit status. */
export function report(name: string, error: unknown, isJson = false): number {
  if (error instanceof CommanderError) {
    if (isHelp(error)) return EXIT_STATUS.ok;
    if (isJson) reportJson({ code: "USAGE", message: usageMessage(error), hint: HELP_HINT });
    return EXIT_STATUS.usage;
  }
  const isOurs = error instanceof NodeError || error instanceof ChainError || error instanceof GossipError;
  const code = isOurs ? error.code : undefined;
  const { status, hint: usualHint } = errorGuide(code);
  const hint = error instanceof RejectedError ? error.problem.hint : usualHint;
  const message = code === undefined ? `unexpected error: ${reason(error)}` : reason(error);
  if (isJson) reportJson({ code: code ?? "UNEXPECTED", message, ...(hint === undefined ? {} : { hint }) });
  else
    console.error(
      `${name}: ${message}${code === undefined ? "" : ` (${code})`}${hint === undefined ? "" : `\n  ${hint}`}`,
    );
  return status;
}

function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return args.slice(0, end < 0 ? args.length : end).includes("--json");
}

function silence(command: Command): void {
  command.configureOutput({ ...command.configureOutput(), writeErr: () => undefined });
  for (const child of command.commands) silence(child);
}

interface ReportedError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

function reportJson(error: ReportedError): void {
  console.error(JSON.stringify({ error }));
}

/** Commander's sentence; where it would have shown the help, ours. */
function usageMessage({ code, message }: CommanderError): string {
  return code === "commander.help" ? "the command is missing" : message.replace(/^error: /, "");
}

/** Help that was asked for, unlike help that is shown because the command is missing. */
function isHelp({ code }: CommanderError): boolean {
  return code === "commander.helpDisplayed" || code === "commander.version";
}
