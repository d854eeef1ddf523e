import { isIP } from "node:net";
import type { Consensus } from "../../chain/block-signing.ts";
import {
  invalid,
  isOrganisationName,
  ORDERER_ORGANISATION,
  PEERS_MAX,
  PORT_MAX,
  requireChannelName,
  type NetworkPlan,
} from "./network-plan.ts";

/** What `createNetwork` makes a network of whose peers are on this machine. */
export interface NetworkSpec {
  /** The folder to make; it must not exist yet or be empty. */
  readonly out: string;
  /** A channel name by Fabric's rule. */
  readonly channel: string;
  readonly organisations: readonly { readonly name: string; readonly peers: number }[];
  readonly consensus: Consensus;
  /** Peers listen on this TCP port and those behind it; default 9700. */
  readonly portBase?: number;
  /** Peers' HTTP APIs listen on this port and those behind it; default 100 above `portBase`, or more for more peers. */
  readonly apiPortBase?: number;
  /** The IP address that peers listen on; default 127.0.0.1. */
  readonly host?: string;
}

const HOST_DEFAULT = "127.0.0.1";
const PORT_DEFAULT = 9700;

/** @throws NodeError `CONFIG_INVALID` with a sentence that names what is wrong and what is allowed. */
export function planNetwork(spec: NetworkSpec): NetworkPlan {
  const { out, channel, consensus, organisations, portBase = PORT_DEFAULT, host = HOST_DEFAULT } = spec;
  requireChannelName(channel);
  checkOrganisations(organisations);
  const count = organisations.reduce((sum, organisation) => sum + organisation.peers, 0);
  if (count > PEERS_MAX)
    throw invalid(`${count} peers are more than the ${PEERS_MAX} that one network is made with`);
  const apiPortBase = spec.apiPortBase ?? portBase + Math.max(100, count);
  checkPorts("portBase", portBase, count);
  checkPorts("apiPortBase", apiPortBase, count);
  if (Math.abs(apiPortBase - portBase) < count) {
    throw invalid(
      `portBase ${portBase} and apiPortBase ${apiPortBase} are closer than the ${count} ports that each needs`,
    );
  }
  if (isIP(host) === 0) throw invalid(`host ${JSON.stringify(host)} is no IP address, such as 127.0.0.1`);
  const names = organisations.flatMap(({ name: organisation, peers }) =>
    Array.from({ length: peers }, (_, index) => ({
      name: `${organisation.toLowerCase()}-peer${index}`,
      organisation,
    })),
  );
  const peers = names.map((named, position) => ({
    ...named,
    host,
    port: portBase + position,
    apiPort: apiPortBase + position,
  }));
  return { out, channel, consensus, peers, ordererHost: host, isHosted: false };
}

function checkOrganisations(organisations: NetworkSpec["organisations"]): void {
  if (organisations.length === 0) throw invalid("a network needs at least one organisation");
  const names = new Set([ORDERER_ORGANISATION.toLowerCase()]);
  for (const { name, peers } of organisations) {
    if (!isOrganisationName(name)) {
      throw invalid(
        `${JSON.stringify(name)} is no organisation's name; allowed are up to 63 letters, digits and "-", the first a letter`,
      );
    }
    // Folders and names of peers are in lower case.
    const folded = name.toLowerCase();
    if (names.has(folded)) {
      throw invalid(
        `organisation ${name} is there twice, or is ${ORDERER_ORGANISATION}, which the orderers have; case does not count`,
      );
    }
    names.add(folded);
    if (!Number.isInteger(peers) || peers < 1)
      throw invalid(`organisation ${name} has ${peers} peers; allowed is a whole number from 1`);
  }
}

function checkPorts(key: string, first: number, count: number): void {
  const highest = PORT_MAX - count + 1;
  if (Number.isInteger(first) && first >= 1 && first <= highest) return;
  throw invalid(`${key} is ${first}; allowed for ${count} peers is a whole number from 1 to ${highest}`);
}
