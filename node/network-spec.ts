import { isIP } from "node:net";
import type { Consensus } from "../chain/block-signing.ts";
import { isChannelName } from "../chain/channel-spec.ts";
import { NodeError } from "./errors.ts";

/** What `createNetwork` makes a network of. */
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

/** The organisation whose certificates the orderers have. */
export const ORDERER_ORGANISATION = "Orderer";

const PEERS_MAX = 1000;
const PORT_MAX = 65535;

/** A spec that has been checked, with its defaults. */
export type CheckedNetworkSpec = Required<NetworkSpec>;

/** @throws NodeError `CONFIG_INVALID` with a sentence that names what is wrong and what is allowed. */
export function checkNetworkSpec(spec: NetworkSpec): CheckedNetworkSpec {
  const { channel, organisations, portBase = 9700, host = "127.0.0.1" } = spec;
  if (!isChannelName(channel)) {
    throw invalid(
      `${JSON.stringify(channel)} is no channel name; allowed are up to 249 characters of a-z, 0-9, "." and "-", the first a letter`,
    );
  }
  checkOrganisations(organisations);
  const peers = organisations.reduce((sum, organisation) => sum + organisation.peers, 0);
  if (peers > PEERS_MAX)
    throw invalid(`${peers} peers are more than the ${PEERS_MAX} that one network is made with`);
  const apiPortBase = spec.apiPortBase ?? portBase + Math.max(100, peers);
  checkPorts("portBase", portBase, peers);
  checkPorts("apiPortBase", apiPortBase, peers);
  if (Math.abs(apiPortBase - portBase) < peers) {
    throw invalid(
      `portBase ${portBase} and apiPortBase ${apiPortBase} are closer than the ${peers} ports that each needs`,
    );
  }
  if (isIP(host) === 0) throw invalid(`host ${JSON.stringify(host)} is no IP address, such as 127.0.0.1`);
  return { ...spec, portBase, apiPortBase, host };
}

function checkOrganisations(organisations: NetworkSpec["organisations"]): void {
  if (organisations.length === 0) throw invalid("a network needs at least one organisation");
  const names = new Set([ORDERER_ORGANISATION.toLowerCase()]);
  for (const { name, peers } of organisations) {
    if (!/^[A-Za-z][A-Za-z0-9-]{0,62}$/.test(name)) {
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

function invalid(message: string): NodeError {
  return new NodeError("CONFIG_INVALID", message);
}
