import { baseOf } from "./base.ts";
import { Rig } from "./rig.ts";
import type { Scenario } from "./scenario.ts";
import type { ScenarioSize } from "./scenario-size.ts";

/** Losses come in bursts: in a quarter of the time three times as many as in the rest. */
const BURST_MS = 250;
const BURSTS_SHARE = 1 / 4;
const BURST_FACTOR = 2;
const REST_FACTOR = (1 - BURSTS_SHARE * BURST_FACTOR) / (1 - BURSTS_SHARE);

/** Scenario 6: this share of all messages is lost, in bursts, and others come twice, late or before their turn. */
export function lossyLinks(lossRate: number): Scenario {
  return {
    name: `loss-${Math.round(100 * lossRate)}`,
    number: 6,
    shows: `${Math.round(100 * lossRate)} % of messages lost in bursts, reordered, doubled, up to 200 ms late`,
    suiteSeeds: 10,
    figures: [
      { name: "t99Base", atMost: 2 },
      { name: "sentRatio", atMost: 1 / (1 - lossRate) + 0.1 },
    ],
    run: (seed, size) => run(seed, size, lossRate),
  };
}

async function run(seed: number, size: ScenarioSize, lossRate: number) {
  const base = await baseOf(size);
  const rig = await Rig.start(seed, size);
  const everybody = rig.honest();
  const { simulation } = rig;
  const begin = () => {
    const isBurst = rig.random() < BURSTS_SHARE;
    const factor = isBurst ? BURST_FACTOR : REST_FACTOR;
    simulation.network.weather = {
      ...size.weather,
      jitterMs: 200 - size.weather.latencyMs,
      lossRate: factor * lossRate,
      duplicationRate: 0.02,
      reorderRate: 0.1,
    };
    simulation.clock.schedule(BURST_MS, begin);
  };
  begin();
  const before = rig.sentTo(everybody);
  const numbers = await rig.publishMany(size.blocks);
  await rig.settle();
  const bytes = rig.sentTo(everybody) - before;
  const bytesRatio = bytes / (numbers.length * size.blockBytes * (size.peers - 1));
  return {
    t99Base: rig.deliveries.t99Ms(numbers, everybody) / base.t99Ms,
    // Headers and idle traffic are in the base as well.
    sentRatio: bytesRatio / base.bytesRatio,
    bytesRatio,
  };
}
