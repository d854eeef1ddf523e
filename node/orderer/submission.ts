import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Block } from "../../chain/block.ts";
import type { ApiClient, Submission } from "../http/api-client.ts";
import { NodeError } from "../errors.ts";
import { poll } from "../poll.ts";
import { SigningTurn, type SigningOptions } from "./signing-turn.ts";

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

/** The orderers' folder that was named, or that of the current folder's devnet. @throws NodeError `CONFIG_INVALID`. */
export function chosenOrderers(named: string | undefined): string {
  if (named !== undefined) return named;
  if (existsSync(DEVNET_ORDERERS)) return DEVNET_ORDERERS;
  throw new NodeError(
    "CONFIG_INVALID",
    `there is no ${DEVNET_ORDERERS} in this folder to sign with; name the orderers' folder with --orderer`,
  );
}

/** What the next block is made of, and by whom. */
export interface NextBlockOptions extends SigningOptions {
  /** One transaction each. */
  readonly files: readonly Uint8Array[];
}

/** A block that was made, and what became of it. */
export interface SubmittedBlock {
  readonly block: Block;
  readonly result: Submission;
}

/** Makes the next block of a channel and hands it in, before any other can be made. @throws NodeError as `SigningTurn`. */
export async function submitNext(
  api: ApiClient,
  channel: string,
  { files, ...options }: NextBlockOptions,
): Promise<SubmittedBlock> {
  using turn = await SigningTurn.begin(api, channel, options);
  const block = await turn.sign(files);
  return { block, result: await turn.handIn(block, options.signal) };
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
