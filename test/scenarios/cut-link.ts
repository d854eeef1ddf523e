import { baseOf } from "./base.ts";
import { Rig } from "./rig.ts";
import type { Scenario } from "./scenario.ts";
import { Verdicts } from "./verdicts.ts";

/** Longer than a death takes. */
const CUT_MS = 20_000;

/** Scenario 4: two healthy peers cannot reach each other, though all others reach both. */
export const cutLink: Scenario = {
  name: "cut-link",
  number: 4,
  shows: "the link between two healthy peers is cut",
  figures: [
    { name: "falseDeaths", means: "living peers taken for dead", atMost: 0 },
    { name: "falseSuspects", means: "living peers under suspicion", atMost: 0 },
    { name: "t99Base", means: "T99 / base" },
  ],
  run: async (seed, size) => {
    const base = await baseOf(size);
    const rig = await Rig.start(seed, size);
    const { simulation } = rig;
    const [first, second] = rig.draw(2);
    if (first === undefined || second === undefined) throw new RangeError("too few peers");
    const verdicts = new Verdicts(rig);
    simulation.network.cut(first.id, second.id);
    const numbers = await rig.publishMany(size.blocks);
    await simulation.runFor(CUT_MS);
    await rig.settle();
    return {
      falseDeaths: verdicts.count("dead"),
      falseSuspects: verdicts.count("suspect"),
      t99Base: rig.deliveries.t99Ms(numbers, rig.honest([rig.source])) / base.t99Ms,
    };
  },
};
