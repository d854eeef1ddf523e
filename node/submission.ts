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

/** The orderers' folder that was named, or that of the development network. @throws NodeError `CONFIG_INVALID`. */
export function chosenOrderers(named: string | undefined): string {
  const development = fileURLToPath(new URL(join("..", "devnet", "orderers"), import.meta.url));
  if (named !== undefined) return named;
  if (existsSync(development)) return development;
  throw new NodeError(
    "CONFIG_INVALID",
    `there is no development network's ${join("devnet", "orderers")} to sign with; name the orderers' folder with --orderer`,
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

/** Waits until every member that is alive holds the blocks below a height. @throws NodeError `TIMED_OUT`. */
export async function waitForAll(
  api: ApiClient,
  channel: string,
  { height, timeoutMs }: { readonly height: number; readonly timeoutMs: number },
): Promise<Reach> {
  let last: Reach | undefined;
  const all = await poll(
    async () => {
      last = await reach(api, channel, height);
      return last.missing.length === 0 ? last : undefined;
    },
    { intervalMs: REACH_INTERVAL_MS, timeoutMs },
  );
  if (all !== undefined) return all;
  throw new NodeError(
    "TIMED_OUT",
    `after ${timeoutMs} ms block ${height - 1} is still missing at ${last?.missing.join(", ")} of ${last?.alive} members`,
  );
}
