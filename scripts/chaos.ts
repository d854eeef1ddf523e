/** `npm run chaos`: a network of processes under load whose peers are killed, frozen and parted at random. */
import { existsSync, rmSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { Command } from "commander";
import { configureProgram, EXIT_STATUS, runProgram } from "../node/commands/command-line.ts";
import { durationMs, positiveNumber, wholeNumber } from "../node/commands/flag-values.ts";
import { StopRequest } from "../node/peer/stop-request.ts";
import { ChaosFaults } from "./chaos/chaos-faults.ts";
import { ChaosLoad } from "./chaos/chaos-load.ts";
import { ChaosNetwork } from "./chaos/chaos-network.ts";
import { MemoryWatch } from "./chaos/memory-watch.ts";
import { seededRandom } from "../node/testing/simulator/seeded-random.ts";
import { settle } from "./chaos/settle.ts";

interface Flags {
  readonly peers: number;
  readonly orgs: number;
  readonly duration: number;
  readonly size: number;
  readonly interval: number;
  readonly seed: number;
  readonly dir: string;
  readonly partitions: boolean;
  readonly settle: number;
}

const program = configureProgram(new Command("npm run chaos --"))
  .description(
    "Starts peers in processes of their own, on two hosts (network namespaces) where the machine allows it, hands in block after block, and meanwhile kills, freezes and parts them at random. Then everybody must hold every block that was acknowledged.",
  )
  .option("--peers <number>", "how many peers", positiveNumber, 16)
  .option("--orgs <number>", "how many organisations they are in", positiveNumber, 4)
  .option("--duration <duration>", "how long faults go on", durationMs, durationMs("5m"))
  .option("--size <bytes>", "random bytes in each block", positiveNumber, 16_384)
  .option("--interval <duration>", "from one block to the next", durationMs, durationMs("300ms"))
  .option("--seed <number>", "draws the faults; the machine's own timing is not in it", wholeNumber, 1)
  .option("--settle <duration>", "how long all may take to be equal afterwards", durationMs, durationMs("2m"))
  .option("--no-partitions", "one host only")
  .option("--dir <dir>", "where to make it; what an earlier run made there is removed", "chaos")
  .action(chaos);

/** Peers that nothing is done to; their memory is watched. */
const SPARED = 2;

async function chaos(flags: Flags): Promise<void> {
  using stopRequest = new StopRequest();
  if (existsSync(`${flags.dir}/network/genesis.block`)) rmSync(flags.dir, { recursive: true });
  await using network = await ChaosNetwork.create(flags);
  const names = network.peers().map(({ name }) => name);
  await Promise.all(names.map((name) => network.start(name)));
  const where = network.link === undefined ? "one host; no partitions" : "two hosts (network namespaces)";
  console.log(
    `${names.length} peers are up, on ${where}; ${flags.duration / 1000} s of faults, seed ${flags.seed}`,
  );
  const over = new AbortController();
  stopRequest.promise.then(
    () => over.abort(),
    () => undefined,
  );
  const load = new ChaosLoad(network, seededRandom(flags.seed));
  const spared = names.slice(0, SPARED);
  const faults = new ChaosFaults(network, spared, seededRandom(flags.seed + 1));
  const memory = new MemoryWatch(network, spared);
  const work = [
    load.run(flags.size, flags.interval, over.signal),
    faults.run(over.signal),
    memory.run(over.signal),
  ];
  await pause(flags.duration, undefined, { signal: over.signal }).catch(() => undefined);
  over.abort();
  await Promise.all(work);
  const { kills, freezes, partitions } = faults.counts;
  console.log(
    `${load.tip.number} blocks acknowledged (handed in ${load.tries} times, the slowest after ${(load.slowestMs / 1000).toFixed(1)} s), ${kills} kills, ${freezes} freezes, ${partitions} partitions`,
  );
  const failures = [
    ...(await settle(network, load.tip, flags.settle)),
    ...memory.failures(),
    ...network.deaths,
  ];
  console.log(memory.report());
  for (const failure of failures) console.error(`FAILED: ${failure}`);
  if (failures.length === 0) console.log("no acknowledged block is lost, and all peers are equal");
  process.exitCode = failures.length === 0 ? EXIT_STATUS.ok : EXIT_STATUS.failed;
}

await runProgram(program);
