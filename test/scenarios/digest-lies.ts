import { DEFAULT_GOSSIP_OPTIONS } from "../../gossip/options.ts";
import { maximum, median } from "../../scripts/bench/statistics.ts";
import type { Liar } from "../simulator/liar.ts";
import { Rig } from "./rig.ts";
import type { Scenario } from "./scenario.ts";
import type { ScenarioSize } from "./scenario-size.ts";
import { NO_ROLE } from "../../gossip/wire/statements.ts";

const LIARS_SHARE = 0.1;
const HEIGHT_LIE = 1_000_000;
const LIE_AGAIN_MS = 500;

/** Scenario 15: some claim a height that there is not, some hold what they never serve, some lack everything. */
export const digestLies: Scenario = {
  name: "digest-lies",
  number: 15,
  shows:
    "10 % of the peers claim a height a million too great, or blocks that they never serve, or to lack everything",
  figures: [
    { name: "stallMs", means: "longest stall", atMost: DEFAULT_GOSSIP_OPTIONS.wantTimeoutMs },
    { name: "promisesBroken", means: "broken promises until a liar is left alone", atMost: 3 },
    { name: "fetchesPerSecond", means: "fetches a second and peer", atMost: 10 },
  ],
  run,
};

async function run(seed: number, size: ScenarioSize) {
  const rig = await Rig.start(seed, size, { liars: Math.round(LIARS_SHARE * size.peers) });
  const { simulation, liars } = rig;
  // They relay nothing either, which is another scenario: the source finds that out by the first block.
  await rig.publish();
  const honest = rig.honest([rig.source]);
  const quiet = await rig.publish();
  const quietMs = rig.deliveries.lastMs(quiet.number, honest);
  const broken = new Map<string, number>();
  const isLiar = new Set(liars.map(({ id }) => id));
  rig.deliveries.onEvent = (peer, event) => {
    if (event.kind !== "fetch-failed" || !isLiar.has(event.peer)) return;
    const pair = `${peer} ${event.peer}`;
    broken.set(pair, (broken.get(pair) ?? 0) + 1);
  };
  for (const [index, liar] of liars.entries()) lie(rig, liar, index % 3);
  const fetches = simulation.network.traffic.count("fetch");
  const sinceMs = simulation.elapsedMs;
  const numbers = await rig.publishMany(size.blocks);
  await rig.settle();
  const seconds = (simulation.elapsedMs - sinceMs) / 1_000;
  const lastMs = numbers.map((number) => rig.deliveries.lastMs(number, honest));
  return {
    stallMs: maximum(lastMs) - quietMs,
    promisesBroken: maximum([0, ...broken.values()]),
    fetchesPerSecond: (simulation.network.traffic.count("fetch") - fetches) / seconds / honest.size,
    medianMs: median(lastMs),
  };
}

function lie(rig: Rig, liar: Liar, kind: number): void {
  const { simulation } = rig;
  const { channel } = liar;
  let sequence = 0;
  const again = () => {
    const { tip } = simulation.orderer;
    if (kind === 0) {
      const incarnation = Math.floor(simulation.clock.now());
      const height = tip.number + HEIGHT_LIE;
      const time = { incarnation, sequence: sequence++, ...NO_ROLE };
      const statement = liar.sign({ kind: "state-info", peer: liar.id, ...time, channel, height });
      liar.digest = () => ({ height, early: [] });
      liar.tellAll({ kind: "state-info", channel, statements: [statement] });
    } else if (kind === 1) {
      // It has heard of the next block's hash from nobody: it makes one up for the block after the tip, too.
      const blocks = [{ number: tip.number + 1, hash: tip.hash, blockBytes: 1_000 }];
      liar.digest = () => ({ height: tip.number + 1, early: [tip.number + 2] });
      liar.tellAll({ kind: "advert", channel, height: tip.number + 1, blocks });
    }
    simulation.clock.schedule(LIE_AGAIN_MS, again);
  };
  if (kind === 2) {
    liar.onMessage = (_, message) => {
      if (message.kind !== "chunk" || message.spread.step === "none") return;
      liar.tellAll({ kind: "chunk-want", channel, cut: message.cut, present: new Uint8Array(0), needed: 0 });
    };
  } else again();
}
