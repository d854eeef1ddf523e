import { join } from "node:path";
import type { Command } from "commander";
import { EXIT_STATUS_HELP } from "./command-line.ts";
import { loadConfig } from "../config/config.ts";
import { addConfigFlag, configSources, type ConfigFlag } from "./config-flag.ts";

interface Flags extends ConfigFlag {
  readonly data?: string;
  readonly json?: true;
}

/** Adds `id`: who a peer is, told without starting it. */
export function addId(program: Command): void {
  addConfigFlag(program.command("id"))
    .description("show a peer's id, which its key gives it, and its organisation; the peer need not run")
    .option("--data <dir>", "the folder with its node.key, instead of a configuration")
    .option("--json", "as JSON")
    .addHelpText("after", EXAMPLES + EXIT_STATUS_HELP)
    .action(show);
}

const EXAMPLES = `
Examples:
  blockgossip id --config network/peers/org1-peer0/config.yaml
  blockgossip id --data mirror --json`;

async function show({ data, json, ...flags }: Flags): Promise<void> {
  const { name, mspId, nodeKey } = data === undefined ? loadConfig(configSources(flags)) : keyIn(data);
  const { peerIdIn } = await import("../peer/own-peer-id.ts");
  const peer = await peerIdIn(nodeKey);
  if (json === true) console.log(JSON.stringify({ peer, name, organisation: mspId, nodeKey }));
  else console.log([peer, name, mspId].filter((part) => part !== undefined).join("  "));
}

function keyIn(data: string): { readonly name?: string; readonly mspId?: string; readonly nodeKey: string } {
  return { nodeKey: join(data, "node.key") };
}
