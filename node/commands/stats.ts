import { setTimeout as pause } from "node:timers/promises";
import type { Command } from "commander";
import { EXIT_STATUS_HELP } from "./command-line.ts";
import { durationMs, positiveNumber } from "./flag-values.ts";
import type { PeerStats } from "../metrics/peer-stats.ts";
import { addPeerFlags, openApi, type PeerFlags } from "./api-flags.ts";

interface Flags extends PeerFlags {
  readonly watch?: true;
  readonly interval: number;
  readonly count?: number;
  readonly json?: true;
}

const INTERVAL_MS = 2_000;

/** Adds `stats`: a running peer's numbers. */
export function addStats(program: Command): void {
  addPeerFlags(program.command("stats"))
    .description(
      "show a peer's numbers since its start: blocks by way, bytes by kind, delays, drops, refusals",
    )
    .option("--watch", "show what happens from now on, per second, until Ctrl-C")
    .option("--interval <duration>", "with --watch: how often, such as 5s", durationMs, INTERVAL_MS)
    .option("--count <n>", "with --watch: end after so many", positiveNumber)
    .option("--json", "one JSON object a line; with --watch of what came in each interval")
    .addHelpText("after", EXAMPLE + EXIT_STATUS_HELP)
    .action(run);
}

const EXAMPLE = `
Example:
  blockgossip stats --api http://127.0.0.1:9800 --watch`;

async function run({ watch, interval: intervalMs, count = Infinity, json, ...flags }: Flags): Promise<void> {
  const [api, { MetricSamples: Samples }, { peerStats }] = await Promise.all([
    openApi(flags),
    import("../metrics/metric-samples.ts"),
    import("../metrics/peer-stats.ts"),
  ]);
  const look = async () => ({ atMs: performance.now(), samples: Samples.parse(await api.metrics()) });
  let before = await look();
  if (watch !== true) return await show(peerStats(before.samples), { isJson: json === true });
  for (let shown = 0; shown < count; shown++) {
    await pause(intervalMs);
    const now = await look();
    const stats = peerStats(now.samples.since(before.samples));
    await show(stats, { isJson: json === true, seconds: (now.atMs - before.atMs) / 1_000 });
    before = now;
  }
}

/** On a terminal what is watched stays in its place. */
const CLEAR = "\u{1b}[H\u{1b}[J";

interface Manner {
  readonly isJson: boolean;
  readonly seconds?: number;
}

async function show(stats: PeerStats, { isJson, seconds }: Manner): Promise<void> {
  if (isJson) return console.log(JSON.stringify(seconds === undefined ? stats : { seconds, ...stats }));
  const { statsLines } = await import("../metrics/stats-lines.ts");
  const isRedrawn = seconds !== undefined && process.stdout.isTTY;
  console.log(`${isRedrawn ? CLEAR : ""}${statsLines(stats, seconds).join("\n")}`);
}
