import { InvalidArgumentError, Option, type Command } from "commander";
import type { Consensus } from "../../chain/block-signing.ts";
import { EXIT_STATUS_HELP } from "./command-line.ts";
import { NodeError } from "../errors.ts";
import { wholeNumber } from "./flag-values.ts";
import type { NetworkSpec } from "../network/network-spec.ts";

interface Organisation {
  readonly name: string;
  readonly peers: number;
}

interface Flags {
  readonly out: string;
  readonly channel: string;
  readonly org?: readonly Organisation[];
  readonly hosts?: string;
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
    .option(
      "--org <name=peers...>",
      "an organisation and how many peers it has, all on this machine; may be repeated",
      organisation,
    )
    .addOption(
      new Option(
        "--hosts <file>",
        "instead of --org: a CSV or YAML file with name, organisation, host, port and apiPort of each peer; also writes " +
          "systemd units, a compose file, Kubernetes manifests and Prometheus targets",
      ).conflicts(["org", "basePort", "baseApiPort", "host"]),
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
  blockgossip network create --out demo --channel demo --org Org1=3 --org Org2=2
  blockgossip network create --out demo --channel demo --hosts hosts.csv

A hosts file; ports left out are 9700 and 9800:
  name,organisation,host,port,apiPort
  org1-peer0,Org1,192.0.2.10,9700,9800
  org2-peer0,Org2,peer0.org2.example,,`;

async function create(flags: Flags): Promise<void> {
  // Loaded when it is needed: what makes certificates is large, and a peer does without it.
  const { createNetwork } = await import("../network/network.ts");
  const { out, channel, consensus, hosts } = flags;
  const network = await createNetwork(
    hosts === undefined ? localSpec(flags) : { out, channel, consensus, hosts },
  );
  console.log(
    `made ${out}: channel ${channel}, genesis block ${network.genesis}, orderers ${network.orderers}`,
  );
  for (const peer of network.peers)
    console.log(`  ${peer.name}  ${peer.multiaddr}  API ${peer.api}  ${peer.config}`);
  console.log(
    hosts === undefined
      ? `start a peer:  blockgossip peer start --config ${network.peers[0]?.config}`
      : `send each host the folder of its peer, and no other; then start it by ${out}/systemd, ${out}/compose.yaml or ${out}/kubernetes`,
  );
}

function localSpec({ out, channel, consensus, org, basePort, baseApiPort, host }: Flags): NetworkSpec {
  if (org === undefined) {
    throw new NodeError(
      "CONFIG_INVALID",
      "it is not said which peers there are: name organisations with --org, or a file of hosts with --hosts",
    );
  }
  return {
    out,
    channel,
    consensus,
    organisations: org,
    ...(basePort === undefined ? {} : { portBase: basePort }),
    ...(baseApiPort === undefined ? {} : { apiPortBase: baseApiPort }),
    ...(host === undefined ? {} : { host }),
  };
}

function organisation(text: string, before: readonly Organisation[] | undefined): readonly Organisation[] {
  const [, name, peers] = /^([^=]+)=(\d{1,6})$/.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError("Allowed is NAME=PEERS, such as Org1=3.");
  return [...(before ?? []), { name, peers: Number(peers) }];
}
