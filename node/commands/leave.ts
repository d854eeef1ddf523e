import type { Command } from "commander";
import { EXIT_STATUS_HELP } from "./command-line.ts";
import { addPeerFlags, openApi, type PeerFlags } from "./api-flags.ts";
import { tell } from "./tell.ts";

interface Flags extends PeerFlags {
  readonly json?: true;
}

/** Adds `leave`: lets a running peer say goodbye and end. */
export function addLeave(program: Command): void {
  addPeerFlags(program.command("leave"))
    .description("let a running peer say goodbye to the others, who then show it as left, and end")
    .option("--json", "as JSON")
    .addHelpText("after", EXAMPLES + EXIT_STATUS_HELP)
    .action(leave);
}

const EXAMPLES = `
It is the same as SIGTERM to its process, and takes the right to operate.

Examples:
  blockgossip leave
  blockgossip leave --api https://peer0.example.org:9800 --ca ca.pem --token-file operator.token`;

async function leave({ json, ...flags }: Flags): Promise<void> {
  const api = await openApi(flags);
  const { name, peer } = await api.status();
  await api.leave();
  tell(json, { peer, name }, [`${name} says goodbye and stops`]);
}
