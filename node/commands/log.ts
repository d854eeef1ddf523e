import type { Command } from "commander";
import { EXIT_STATUS_HELP } from "./command-line.ts";
import type { ApiLogSpec } from "../http/api-types.ts";
import { LOG_AREAS } from "../logs/log-areas.ts";
import { addPeerFlags, openApi, type PeerFlags } from "./api-flags.ts";

interface Flags extends PeerFlags {
  readonly json?: true;
}

/** Adds what is done with a running peer's log. */
export function addLog(log: Command): void {
  addPeerFlags(log.command("level"))
    .description("show or change, until the peer ends, what a running peer logs")
    .argument(
      "[spec]",
      "a level, or levels by logger and that of all others, such as gossip.state=debug:info",
    )
    .option("--json", "as JSON")
    .addHelpText("after", LEVEL_EXAMPLE + EXIT_STATUS_HELP)
    .action(level);
  addPeerFlags(log.command("list"))
    .description("show a running peer's loggers, the level of each, and what it is about")
    .option("--json", "as JSON")
    .addHelpText("after", LIST_EXAMPLE + EXIT_STATUS_HELP)
    .action(list);
}

const LIST_EXAMPLE = `
Examples:
  blockgossip log list
  blockgossip log list --api http://127.0.0.1:9801 --json`;

const LEVEL_EXAMPLE = `
Levels: silent, fatal, error, warn, info, debug, trace. A logger stands for those below it too; with a dot at its end
for itself alone. libp2p's loggers have warn at most unless they are named.

Example:
  blockgossip log level --api http://127.0.0.1:9800 gossip.state,transport=debug:info`;

async function level(spec: string | undefined, { json, ...flags }: Flags): Promise<void> {
  const api = await openApi(flags);
  if (spec !== undefined) await api.setLogSpec(spec);
  const now = await api.logSpec();
  console.log(json === true ? JSON.stringify({ spec: now.spec }) : now.spec);
}

async function list({ json, ...flags }: Flags): Promise<void> {
  const { loggers } = await (await openApi(flags)).logSpec();
  if (json === true) console.log(JSON.stringify(loggers));
  else for (const line of table(loggers)) console.log(line);
}

function table(loggers: ApiLogSpec["loggers"]): readonly string[] {
  const about: Readonly<Record<string, string>> = LOG_AREAS;
  const width = Math.max(...Object.keys(loggers).map((name) => name.length));
  return Object.entries(loggers).map(([name, logLevel]) =>
    `${name.padEnd(width)}  ${logLevel.padEnd("silent".length)}  ${about[name] ?? ""}`.trimEnd(),
  );
}
