import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Block, type BlockHash } from "../chain/block.ts";
import type { ApiClient } from "./http/api-client.ts";
import { NodeError } from "./errors.ts";
import { Orderer } from "./orderer.ts";
import { poll } from "./poll.ts";

/** The channel that was named, or the only one that the peer has joined. @throws NodeError `CONFIG_INVALID`. */
export async function chosenChannel(api: ApiClient, named: string | undefined): Promise<string> {
  if (named !== undefined) return named;
  const { channels } = await api.status();
  const [only] = channels;
  if (channels.length === 1 && only !== undefined) return only.name;
  const names = channels.map(({ name }) => name).join(", ") || "none";
  throw new NodeError(
    "CONFIG_INVALID",
    `${api.url} has joined ${channels.length} channels: ${names}; name one with --channel`,
  );
}

const DEVNET_ORDERERS = join("devnet", "orderers");

/**
 * The orderers' folder that was named, or that of the development network: in the current folder, else in the project's.
 *
 * @throws NodeError `CONFIG_INVALID`.
 */
export function chosenOrderers(named: string | undefined): string {
  if (named !== undefined) return named;
  const project = fileURLToPath(new URL(join("..", DEVNET_ORDERERS), import.meta.url));
  const development = [DEVNET_ORDERERS, project].find((directory) => existsSync(directory));
  if (development !== undefined) return development;
  throw new NodeError(
    "CONFIG_INVALID",
    `there is no development network's ${DEVNET_ORDERERS} to sign with; name the orderers' folder with --orderer`,
  );
}

/** The next block of a channel, one transaction a file, made and signed by the orderers of the folder. */
export async function nextBlock(
  api: ApiClient,
  channel: string,
  { orderers, files }: { readonly orderers: string; readonly files: readonly Uint8Array[] },
): Promise<Block> {
  const orderer = Orderer.load(orderers);
  const { height, tipHash, lastConfig } = await api.channel(channel);
  return orderer.createBlock({
    channel,
    number: height,
    previousHash: tipHash as BlockHash,
    lastConfig,
    files,
  });
}

/** How far a block has got. */
export interface Reach {
  /** Members of the channel that are alive. */
  readonly alive: number;
  /** Names of those that do not hold it yet, as far as is known here. */
  readonly missing: readonly string[];
}

/** How far the channel's blocks below a height have got, as the peer sees it. */
export async function reach(api: ApiClient, channel: string, height: number): Promise<Reach> {
  const members = (await api.members(channel)).filter(({ state }) => state === "alive");
  const missing = members.filter(({ channels }) => {
    const known = channels.find(({ name }) => name === channel)?.height;
    return known === undefined || known < height;
  });
  return { alive: members.length, missing: missing.map(({ name }) => name) };
}

const REACH_INTERVAL_MS = 50;

/** How many members are to hold a block: all, so many, or a share of those that are alive, in percent. */
export type Quorum =
  | { readonly kind: "all" }
  | { readonly kind: "count"; readonly count: number }
  | { readonly kind: "percent"; readonly percent: number };

/** What is waited for, and how long. */
export interface WaitOptions {
  /** The blocks below it are waited for. */
  readonly height: number;
  readonly quorum: Quorum;
  readonly timeoutMs: number;
}

/** Waits until as many members as are asked for hold the blocks below a height. @throws NodeError `TIMED_OUT`. */
export async function waitForHolders(
  api: ApiClient,
  channel: string,
  { height, quorum, timeoutMs }: WaitOptions,
): Promise<Reach> {
  let last: Reach = { alive: 0, missing: [] };
  const enough = await poll(
    async () => {
      last = await reach(api, channel, height);
      return last.alive - last.missing.length >= holdersWanted(quorum, last.alive) ? last : undefined;
    },
    { intervalMs: REACH_INTERVAL_MS, timeoutMs },
  );
  if (enough !== undefined) return enough;
  const { alive, missing } = last;
  const lacking =
    missing.length === 0
      ? `only ${alive} members are alive`
      : `block ${height - 1} is still missing at ${missing.join(", ")} of ${alive} members`;
  throw new NodeError("TIMED_OUT", `after ${timeoutMs} ms ${lacking}`);
}

function holdersWanted(quorum: Quorum, alive: number): number {
  switch (quorum.kind) {
    case "all":
      return alive;
    case "count":
      return quorum.count;
    case "percent":
      return Math.ceil((alive * quorum.percent) / 100);
    default:
      return quorum satisfies never;
  }
}
