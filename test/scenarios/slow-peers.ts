import { DEFAULT_GOSSIP_OPTIONS } from "../../gossip/options.ts";
import { baseOf } from "./base.ts";
import { Rig } from "./rig.ts";
import type { Scenario } from "./scenario.ts";
import type { ScenarioSize } from "./scenario-size.ts";

const SHARE = 0.05;

/** Scenario 8: some peers send what they have to at a byte a second from now on. */
export const slowSenders: Scenario = {
  name: "slow-senders",
  number: 8,
  shows: "5 % of the peers send a byte a second",
  figures: [
    {
      name: "refetchMs",
      means: "the block that finds them out, beyond base",
      atMost: DEFAULT_GOSSIP_OPTIONS.wantTimeoutMs,
    },
    { name: "t99Base", means: "T99 / base", atMost: 1.5 },
  ],
  run: async (seed, size) => {
    const base = await baseOf(size);
    const rig = await Rig.start(seed, size);
    const slow = rig.draw(count(size));
    // What they lack they cannot even ask for.
    rig.exempt(slow);
    for (const { id } of slow) rig.simulation.network.slowness.set(id, size.weather.bytesPerSecond);
    const others = rig.honest([rig.source]);
    const [first = 0, ...later] = await rig.publishMany(size.blocks);
    await rig.settle();
    return {
      // The block that finds them out.
      refetchMs: rig.deliveries.lastMs(first, others) - base.t100Ms,
      t99Base: rig.deliveries.t99Ms(size.isFull ? [first, ...later] : later, others) / base.t99Ms,
    };
  },
};

/** What waits for one peer, as `Libp2pTransport` bounds it, and one message more. */
const QUEUE_BYTES_MAX = (8 << 20) + (1 << 20);

/** Scenario 9: some peers read nothing any more, though their connections stay and they still speak. */
export const slowReaders: Scenario = {
  name: "slow-readers",
  number: 9,
  shows: "5 % of the peers read nothing",
  figures: [
    {
      name: "t99Base",
      means: "T99 / base",
      atMost: 1.05,
      missed: {
        atMost: 1.2,
        because:
          "a relay that sends another peer a whole block at the time begins to relay later by as long as that takes",
      },
    },
    { name: "queuedBytes", means: "bytes that wait for one peer", atMost: QUEUE_BYTES_MAX },
    { name: "firstBase", means: "T100 of the block that finds them out / base" },
  ],
  run: async (seed, size) => {
    const base = await baseOf(size);
    const rig = await Rig.start(seed, size);
    const slow = rig.draw(count(size));
    rig.exempt(slow);
    for (const { id } of slow) rig.simulation.network.pauseReading(id, FOR_EVER_MS);
    const others = rig.honest([rig.source]);
    const numbers = await rig.publishMany(size.blocks);
    await rig.settle();
    return {
      // They relay nothing either: the first block finds that out.
      t99Base: rig.deliveries.t99Ms(numbers.slice(1), others) / base.t99Ms,
      firstBase: rig.deliveries.lastMs(numbers[0] ?? 0, others) / base.t100Ms,
      queuedBytes: rig.simulation.network.queuedBytesMax,
    };
  },
};

const FOR_EVER_MS = 86_400_000;

function count({ peers }: ScenarioSize): number {
  return Math.round(SHARE * peers);
}
