import { baseOf } from "./base.ts";
import { Rig } from "./rig.ts";
import type { LinkWeather } from "../../node/testing/simulator/link-weather.ts";
import type { FigureSpec, Scenario } from "./scenario.ts";
import type { ScenarioSize } from "./scenario-size.ts";

/** Losses come in bursts: in a quarter of the time three times as many as in the rest. */
const BURST_MS = 250;
const BURSTS_SHARE = 1 / 4;
const BURST_FACTOR = 2;
const REST_FACTOR = (1 - BURSTS_SHARE * BURST_FACTOR) / (1 - BURSTS_SHARE);

/** Linux sends again no sooner, unless three later packets have come. */
const REPEAT_MS = 200;

/** Scenario 6, under TCP: this share of the packets is lost, in bursts; they are sent again, and the others wait. */
export function lossyLinks(lossRate: number): Scenario {
  return {
    name: `loss-${percent(lossRate)}`,
    number: 6,
    shows: `${percent(lossRate)} % of packets lost in bursts and repeated by TCP, delays up to 200 ms`,
    figures: figures(lossRate, {
      t99Base: 2 + 50 * lossRate,
      sentRatio: 1 / (1 - lossRate) + 8 * lossRate,
      because: TCP_WAITS,
    }),
    run: (seed, size) =>
      run(seed, size, { lossRate, repeatMs: REPEAT_MS, duplicationRate: 0, reorderRate: 0 }),
  };
}

/** Scenario 6, without TCP: this share of the messages is lost for good, in bursts, others come twice or overtake. */
export function lostMessages(lossRate: number): Scenario {
  return {
    name: `drop-${percent(lossRate)}`,
    number: 6,
    shows: `${percent(lossRate)} % of messages lost for good in bursts, others doubled or reordered, delays up to 200 ms`,
    figures: figures(lossRate, { t99Base: 16, sentRatio: 1.75, because: WAVES_ARE_LOST }),
    run: (seed, size) => run(seed, size, { lossRate, repeatMs: 0, duplicationRate: 0.02, reorderRate: 0.1 }),
  };
}

type Trouble = Pick<LinkWeather, "lossRate" | "repeatMs" | "duplicationRate" | "reorderRate">;

/** What is reached of the pass figures, and why not more. */
interface Reached {
  readonly t99Base: number;
  readonly sentRatio: number;
  readonly because: string;
}

const TCP_WAITS =
  "two hops of up to 200 ms are nearly twice the base already, and every chunk that TCP repeats comes 200 ms later at least, with all that waits behind it: among two hundred of them some peer always waits for several; what is asked for meanwhile comes twice";
const WAVES_ARE_LOST =
  "what a relay loses all lack; parity for it is made for what three in four lack, is lost in the same way, and each round of asking takes half a second; in the end the cutter answers one by one, and its uplink is the limit";

function figures(lossRate: number, { t99Base, sentRatio, because }: Reached): readonly FigureSpec[] {
  return [
    { name: "t99Base", means: "T99 / base", atMost: 2, missed: { atMost: t99Base, because } },
    {
      name: "sentRatio",
      means: "bytes sent / base's",
      atMost: 1 / (1 - lossRate) + 0.1,
      missed: { atMost: sentRatio, because },
    },
  ];
}

async function run(seed: number, size: ScenarioSize, trouble: Trouble) {
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
      ...trouble,
      lossRate: factor * trouble.lossRate,
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

function percent(share: number): number {
  return Math.round(100 * share);
}
