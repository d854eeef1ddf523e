import { sample } from "../../gossip/random.ts";
import { maximum } from "../../scripts/bench/statistics.ts";
import type { Liar } from "../simulator/liar.ts";
import { Rig } from "./rig.ts";
import type { Scenario } from "./scenario.ts";
import type { ScenarioSize } from "./scenario-size.ts";

const LIARS_SHARE = 0.1;
/** Each attacker asks so many peers for everything it can, so often. */
const ASKED = 5;
const ASK_MS = 200;
/** An attacker may draw so many times what blocks there are. */
const BUDGET = 10;
const RANGE_BLOCKS = 64;

/** Scenario 20: some peers ask for blocks, chunks and members again and again. */
export const floods: Scenario = {
  name: "floods",
  number: 20,
  shows: "10 % of the peers ask for blocks, ranges, chunks and members 25 times a second",
  figures: [
    { name: "t99Base", means: "T99 / base", atMost: 1.2 },
    { name: "drawnOfBudget", means: "bytes that the attackers draw / 10 times all blocks' rate", atMost: 1 },
    { name: "gain", means: "bytes drawn by byte sent" },
  ],
  run,
};

async function run(seed: number, size: ScenarioSize) {
  const rig = await Rig.start(seed, size, { liars: Math.round(LIARS_SHARE * size.peers) });
  const { simulation, liars } = rig;
  const others = rig.honest([rig.source]);
  // They relay nothing either, which is another scenario: the source finds that out by the first block.
  await rig.publish();
  const quiet = await rig.publishMany(2);
  for (const liar of liars) flood(rig, liar);
  const { traffic } = simulation.network;
  const drawn = () => liars.map(({ id }) => traffic.of(id).addressedBytes);
  const said = () => liars.map(({ id }) => traffic.of(id).bytes);
  const [drawnBefore, saidBefore] = [drawn(), said()];
  const numbers = await rig.publishMany(size.blocks);
  const drawnBytes = drawn().map((bytes, index) => bytes - (drawnBefore[index] ?? 0));
  const gains = said().map((bytes, index) => (drawnBytes[index] ?? 0) / (bytes - (saidBefore[index] ?? 0)));
  await rig.settle();
  return {
    t99Base: rig.deliveries.t99Ms(numbers, others) / rig.deliveries.t99Ms(quiet, others),
    drawnOfBudget: maximum(drawnBytes) / (BUDGET * size.blocks * size.blockBytes),
    gain: maximum(gains),
  };
}

function flood(rig: Rig, liar: Liar): void {
  const { simulation } = rig;
  const { channel } = liar;
  liar.onMessage = (from, message) => {
    if (message.kind === "chunk" && message.spread.step !== "none")
      liar.transport.send(from, {
        kind: "chunk-want",
        channel,
        cut: message.cut,
        present: new Uint8Array(0),
        needed: 0,
      });
  };
  const again = () => {
    const { number, hash } = simulation.orderer.tip;
    for (const { id } of sample(simulation.peers, ASKED, rig.random)) {
      liar.transport.send(id, { kind: "want", channel, number, hash });
      liar.transport.send(id, {
        kind: "membership-request",
        self: liar.state({}),
        viewHash: new Uint8Array(8),
      });
      const range = { first: Math.max(0, number + 1 - RANGE_BLOCKS), end: number + 1 };
      liar.transport
        .fetchBlocks(id, { channel, range }, () => undefined, new AbortController().signal)
        .catch(() => undefined);
    }
    simulation.clock.schedule(ASK_MS, again);
  };
  again();
}
