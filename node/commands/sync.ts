import { setTimeout as pause } from "node:timers/promises";
import type { Command } from "commander";
import { EXIT_STATUS_HELP } from "./command-line.ts";
import type { ApiClient } from "../http/api-client.ts";
import type { ApiCatchUp } from "../http/api-types.ts";
import { addPeerFlags, openApi, type PeerFlags } from "./api-flags.ts";
import { formatCatchUp } from "./height-row.ts";
import { LiveLines } from "./live-lines.ts";

interface Flags extends PeerFlags {
  readonly channel?: string;
  readonly watch?: true;
  readonly json?: true;
}

/** How far a peer has got in one channel. */
interface SyncState {
  readonly channel: string;
  /** behind: it lacks blocks, and does not catch up yet. */
  readonly state: "synced" | "behind" | "catching-up";
  readonly height: number;
  /** The greatest height that the peer knows of, its own included. */
  readonly target: number;
  readonly catchUp?: ApiCatchUp;
}

const LOOK_INTERVAL_MS = 250;
/** Where nothing can be redrawn, a line is written so often. */
const LINE_INTERVAL_MS = 5_000;

/** Adds `sync`: how a peer's catch-up gets on. */
export function addSync(program: Command): void {
  addPeerFlags(program.command("sync"))
    .description("show how far a peer has got: in step with the others, or how its catch-up gets on")
    .option("--channel <name>", "the channel (default: the only one that the peer has joined)")
    .option("--watch", "until it is in step: a bar on a terminal, elsewhere a line every 5 s")
    .option("--json", "one JSON object a line")
    .addHelpText("after", EXAMPLES + EXIT_STATUS_HELP)
    .action(show);
}

const EXAMPLES = `
Examples:
  blockgossip sync
  blockgossip sync --watch --api http://127.0.0.1:9803`;

async function show({ channel: named, watch, json, ...flags }: Flags): Promise<void> {
  const { chosenChannel } = await import("../orderer/submission.ts");
  const api = await openApi(flags);
  const channel = await chosenChannel(api, named);
  const lines = new LiveLines(process.stdout);
  const isRedrawn = process.stdout.isTTY && json !== true;
  let toldMs = -Infinity;
  for (;;) {
    const state = await askSync(api, channel);
    const isOver = watch !== true || state.state === "synced";
    const nowMs = performance.now();
    if (isRedrawn || isOver || nowMs - toldMs >= LINE_INTERVAL_MS) {
      lines.show([json === true ? JSON.stringify(state) : sentence(state)]);
      toldMs = nowMs;
    }
    if (isOver) return;
    await pause(LOOK_INTERVAL_MS);
  }
}

async function askSync(api: ApiClient, channel: string): Promise<SyncState> {
  const [{ height, catchUp }, members] = await Promise.all([api.channel(channel), api.members(channel)]);
  const heights = members
    .filter(({ state }) => state === "alive")
    .map(({ channels }) => channels.find(({ name }) => name === channel)?.height ?? 0);
  const target = Math.max(height, catchUp?.target ?? 0, ...heights);
  if (catchUp !== undefined) return { channel, state: "catching-up", height, target, catchUp };
  return { channel, state: height < target ? "behind" : "synced", height, target };
}

function sentence({ channel, state, height, target, catchUp }: SyncState): string {
  if (catchUp !== undefined) return `${channel}: ${height} ${formatCatchUp(catchUp)}`;
  switch (state) {
    case "synced":
      return `${channel}: in step with the others at ${height}`;
    case "behind":
    case "catching-up":
      return `${channel}: ${height} of ${target}, ${target - height} behind`;
    default:
      return state satisfies never;
  }
}
