import type { Message } from "../../gossip/wire/messages.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { maximum } from "../../scripts/bench/statistics.ts";
import { baseOf } from "./base.ts";
import { Rig } from "./rig.ts";
import type { Scenario } from "./scenario.ts";
import type { ScenarioSize } from "./scenario-size.ts";

/** Of the peers, those who censor, and those of the organisation that they censor. */
const CENSORS_SHARE = 1 / 5;
const VICTIMS_SHARE = 1 / 5;

const TWO_MORE_HOPS =
  "two hops of 30 to 70 ms each after the last chunk that comes by itself: whoever is last of all in both has it after half as long again as the base, or a little later";

/** What blocks travel in, and what tells of them. */
const OF_BLOCKS: ReadonlySet<Message["kind"]> = new Set(["block", "cut", "chunk", "advert"]);

/** Scenario 14: a fifth of the peers tells another fifth nothing of blocks. */
export const censoredOrganisation: Scenario = {
  name: "censor-organisation",
  number: 14,
  shows: "20 % of the peers pass nothing on to the peers of one organisation of five",
  figures: [
    {
      name: "worstBase",
      means: "worst block of the victims / base",
      atMost: 1.5,
      missed: {
        atMost: 2.2,
        because:
          "what does not come is asked of others when 40 ms have passed since the last chunk, and two more hops bring it; of the first block some are asked who lack the same",
      },
    },
    { name: "othersBase", means: "worst block of the others / base" },
    {
      name: "laterBase",
      means: "the same without the block that finds them out",
      atMost: 1.5,
      missed: { atMost: 1.7, because: TWO_MORE_HOPS },
    },
  ],
  run: async (seed, size) => {
    const base = await baseOf(size);
    const rig = await Rig.start(seed, size);
    const drawn = rig.draw(share(size, CENSORS_SHARE) + share(size, VICTIMS_SHARE));
    const censors = drawn.slice(0, share(size, CENSORS_SHARE));
    const victims = drawn.slice(censors.length);
    const ids = new Set(victims.map(({ id }) => id));
    for (const censor of censors) censor.withholds = (to, { kind }) => ids.has(to) && OF_BLOCKS.has(kind);
    const numbers = await rig.publishMany(size.blocks);
    await rig.settle();
    const worst = (peers: ReadonlySet<PeerId>, blocks: readonly number[]) =>
      maximum(blocks.map((number) => rig.deliveries.lastMs(number, peers))) / base.t100Ms;
    return {
      worstBase: worst(ids, numbers),
      othersBase: worst(rig.honest([...victims, ...censors]), numbers),
      laterBase: worst(ids, numbers.slice(1)),
    };
  },
};

/** Scenario 14: a fifth of the peers relays nothing of the blocks that one peer hands in. */
export const censoredPublisher: Scenario = {
  name: "censor-publisher",
  number: 14,
  shows: "20 % of the peers relay nothing of one publisher's blocks",
  figures: [
    {
      name: "worstBase",
      means: "worst block of the victims / base",
      atMost: 1.5,
      missed: {
        atMost: 4,
        because: "the first block finds the relays out: what is missing is asked for after 250 ms of silence",
      },
    },
    { name: "othersBase", means: "worst block of the others / base" },
    { name: "laterBase", means: "the same without the block that finds them out", atMost: 1.5 },
  ],
  run: async (seed, size) => {
    const base = await baseOf(size);
    const rig = await Rig.start(seed, size);
    const [victim = rig.source, ...censors] = rig.draw(1 + share(size, CENSORS_SHARE));
    const everybody = rig.honest([victim, rig.source]);
    let isCensored = false;
    for (const censor of censors) censor.withholds = (_, { kind }) => isCensored && OF_BLOCKS.has(kind);
    const worst = { victims: [] as number[], others: [] as number[] };
    for (let index = 0; index < size.blocks; index++) {
      // Everything of a block is said within the interval.
      isCensored = index % 2 === 0;
      const { number } = await rig.publish(isCensored ? victim : rig.source);
      worst[isCensored ? "victims" : "others"].push(rig.deliveries.lastMs(number, everybody));
    }
    await rig.settle();
    return {
      worstBase: maximum(worst.victims) / base.t100Ms,
      othersBase: maximum(worst.others) / base.t100Ms,
      laterBase: maximum(worst.victims.slice(1)) / base.t100Ms,
    };
  },
};

function share({ peers }: ScenarioSize, part: number): number {
  return Math.round(part * peers);
}
