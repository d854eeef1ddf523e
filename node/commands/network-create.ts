import { InvalidArgumentError, Option, type Command } from "commander";
import type { Consensus } from "../../chain/block-signing.ts";
import { EXIT_STATUS_HELP } from "../command-line.ts";
import { wholeNumber } from "../flag-values.ts";

interface Organisation {
  readonly name: string;
  readonly peers: number;
}

interface Flags {
  readonly out: string;
  readonly channel: string;
  readonly org: readonly Organisation[];
  readonly consensus: Consensus;
  readonly basePort?: number;
  readonly baseApiPort?: number;
  readonly host?: string;
}

/** Adds `create`: certificates, orderers, genesis block and a configuration for every peer. */
export function addNetworkCreate(network: Command): void {
  network
    .command("create")
    .description("make certificates, orderers, a genesis block and a configuration for every peer")
    .requiredOption("--out <dir>", "the folder to make; it must be new or empty")
    .requiredOption("--channel <name>", "the channel's name: a-z, 0-9, . and -, the first a letter")
    .requiredOption(
      "--org <name=peers...>",
      "an organisation and how many peers it has; may be repeated",
      organisation,
    )
    .addOption(
      new Option("--consensus <kind>", "how the orderers agree").choices(["raft", "bft"]).default("raft"),
    )
    .option(
      "--base-port <port>",
      "the first peer's port; the others have the ones behind it (default: 9700)",
      wholeNumber,
    )
    .option("--base-api-port <port>", "the same for the APIs (default: 100 above the base port)", wholeNumber)
    .option("--host <ip>", "the address that peers listen on (default: 127.0.0.1)")
    .addHelpText("after", EXAMPLE + EXIT_STATUS_HELP)
    .action(create);
}

const EXAMPLE = `
Example:
  blockgossip network create --out demo --channel demo --org Org1=3 --org Org2=2`;

async function create(flags: Flags): Promise<void> {
  // Loaded when it is needed: what makes certificates is large, and a peer does without it.
  const { createNetwork } = await import("../network.ts");
  const { out, channel, consensus, basePort, baseApiPort, host } = flags;
  const network = await createNetwork({
    out,
    channel,
    consensus,
    organisations: flags.org,
    ...(basePort === undefined ? {} : { portBase: basePort }),
    ...(baseApiPort === undefined ? {} : { apiPortBase: baseApiPort }),
    ...(host === undefined ? {} : { host }),
  });
  console.log(
    `made ${out}: channel ${channel}, genesis block ${network.genesis}, orderers ${network.orderers}`,
  );
  for (const peer of network.peers)
    console.log(`  ${peer.name}  ${peer.multiaddr}  API ${peer.api}  ${peer.config}`);
  console.log(`start a peer:  blockgossip peer start --config ${network.peers[0]?.config}`);
}

function organisation(text: string, before: readonly Organisation[] | undefined): readonly Organisation[] {
  const [, name, peers] = /^([^=]+)=(\d{1,6})$/.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError("Allowed is NAME=PEERS, such as Org1=3.");
  return [...(before ?? []), { name, peers: Number(peers) }];
}
