import { codedTwoHopMs } from "../../scripts/bench/lower-bound.ts";
import { maximum, median } from "../../scripts/bench/statistics.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { baseOf } from "./base.ts";
import { Rig } from "./rig.ts";
import type { Scenario } from "./scenario.ts";
import { delayMs, type ScenarioSize } from "./scenario-size.ts";

/** Within so many blocks every silent peer must be out of the relays. */
const BLOCKS_TO_FIND = 10;

/** Scenario 11: a share of the peers takes everything in and passes nothing on. */
export function silentRelays(share: number): Scenario {
  return {
    name: `silent-${Math.round(100 * share)}`,
    number: 11,
    shows: `${Math.round(100 * share)} % of the peers accept everything and relay nothing`,
    figures: [
      { name: "r100F9", means: "T100 / F9, once found out", atMost: 1.25 },
      { name: "bytesRatio", means: "bytes received / bytes of the blocks", atMost: 1 / (1 - share) + 0.1 },
      {
        name: "blocksUntilOut",
        means: "blocks until none is given anything to relay",
        atMost: BLOCKS_TO_FIND,
      },
      { name: "firstMs", means: "the block that finds them out" },
      { name: "firstBase", means: "T100 of the block that finds them out / base" },
    ],
    run: (seed, size) => run(seed, size, share),
  };
}

async function run(seed: number, size: ScenarioSize, share: number) {
  const base = await baseOf(size);
  const rig = await Rig.start(seed, size);
  const silent = rig.draw(Math.round(share * (size.peers - 1)));
  for (const peer of silent) peer.isSilent = true;
  const honest = rig.honest([...silent, rig.source]);
  const given = watchRelays(rig, new Set(silent.map(({ id }) => id)));
  const before = rig.sentTo(honest);
  const numbers: number[] = [];
  const givenOf: number[] = [];
  for (let index = 0; index < size.blocks; index++) {
    given.clear();
    numbers.push((await rig.publish()).number);
    givenOf.push(given.size);
  }
  await rig.settle();
  const bytesRatio = (rig.sentTo(honest) - before) / (numbers.length * size.blockBytes * honest.size);
  const untilOut = givenOf.findLastIndex((count) => count > 0) + 1;
  const lastMs = numbers.map((number) => rig.deliveries.lastMs(number, honest));
  const f9Ms = codedTwoHopMs(
    {
      receivers: size.peers - 1,
      // The short form's chunks are small beside their headers and proofs.
      blockBytes: size.blockBytes * (size.isFull ? 1 : base.bytesRatio),
      bytesPerSecond: size.weather.bytesPerSecond,
      delayMs: delayMs(size),
    },
    share,
    chunksOf(size),
  );
  return {
    // The schedule that F9 is of knows the share from the start; this is from when the source has found out.
    r100F9: median(lastMs.slice(untilOut)) / f9Ms,
    worstF9: maximum(lastMs.slice(untilOut)) / f9Ms,
    bytesRatio: bytesRatio - (base.bytesRatio - 1),
    blocksUntilOut: untilOut,
    firstMs: lastMs[0] ?? Number.NaN,
    firstBase: (lastMs[0] ?? Number.NaN) / base.t100Ms,
  };
}

/** Those of the peers that are given something to relay, as long as nobody clears it. */
function watchRelays({ simulation, source }: Rig, watched: ReadonlySet<PeerId>): Set<PeerId> {
  const given = new Set<PeerId>();
  const { wiretap } = simulation.network;
  simulation.network.wiretap = (from, to, message) => {
    wiretap(from, to, message);
    if (from !== source.id || message.kind !== "chunk" || message.spread.step === "none") return;
    if (watched.has(to)) given.add(to);
  };
  return given;
}

/** As the reference's schedule has them in the full rig; in the short form as many as the block is cut into. */
function chunksOf({ isFull, peers }: ScenarioSize): number {
  return isFull ? 800 : peers - 1;
}
