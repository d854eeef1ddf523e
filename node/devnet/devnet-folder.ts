import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Consensus } from "../../chain/block-signing.ts";
import { NodeError } from "../errors.ts";
import { freePortBase } from "../network/free-ports.ts";
import { createNetwork, type Network } from "../network/network.ts";

/** What a development network is made of. */
export interface DevnetSpec {
  readonly dir: string;
  readonly peers: number;
  readonly orgs: number;
  readonly consensus: Consensus;
  /** Undefined: the first free ones from 9700 on. */
  readonly basePort: number | undefined;
}

/** The channel of a development network. */
export const DEVNET_CHANNEL = "devnet";

const HOST = "127.0.0.1";
const PORT_BASE_DEFAULT = 9_700;
/** A folder without this file was made by somebody else and is never removed. */
const MARKER = ".blockgossip-devnet";

/**
 * Makes a new network in the folder. A network that was made there before is removed.
 *
 * @throws NodeError `CONFIG_INVALID`, `NETWORK_EXISTS` where the folder holds anything else, `PORT_TAKEN`.
 */
export async function createDevnet({ dir, peers, orgs, consensus, basePort }: DevnetSpec): Promise<Network> {
  if (orgs > peers)
    throw new NodeError(
      "CONFIG_INVALID",
      `${peers} peers are too few for ${orgs} organisations; each has one at least`,
    );
  const out = resolve(dir);
  if (existsSync(join(out, MARKER))) rmSync(out, { recursive: true });
  const portBase = basePort ?? (await freePorts(peers));
  const organisations = organisationsOf(peers, orgs);
  const network = await createNetwork({ out, channel: DEVNET_CHANNEL, organisations, consensus, portBase });
  writeFileSync(
    join(out, MARKER),
    "Made by blockgossip devnet, which removes this folder when it makes the next one.\n",
  );
  return network;
}

/** So many peers in organisations Org1, Org2 and so on, each with as many as the others, or one more. */
export function organisationsOf(
  peers: number,
  orgs: number,
): readonly { readonly name: string; readonly peers: number }[] {
  return Array.from({ length: orgs }, (_, index) => ({
    name: `Org${index + 1}`,
    peers: Math.floor(peers / orgs) + (index < peers % orgs ? 1 : 0),
  }));
}

async function freePorts(peers: number): Promise<number> {
  const apiOffset = Math.max(100, peers);
  const offsets = Array.from({ length: peers }, (_, index) => [index, apiOffset + index]).flat();
  const base = await freePortBase(HOST, PORT_BASE_DEFAULT, offsets);
  if (base !== undefined) return base;
  throw new NodeError(
    "PORT_TAKEN",
    `no ${2 * peers} free ports from ${PORT_BASE_DEFAULT} on; name others with --base-port`,
  );
}
