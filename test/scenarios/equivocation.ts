import { maximum } from "../../scripts/bench/statistics.ts";
import { baseOf } from "./base.ts";
import { Rig } from "./rig.ts";
import type { Scenario } from "./scenario.ts";
import type { ScenarioSize } from "./scenario-size.ts";

const PROOF_LIMIT_MS = 30_000;
const NEXT_LIMIT_MS = 60_000;

/** Scenario 16: the orderers sign two blocks of one height, and two peers hand them in at once. */
export const equivocation: Scenario = {
  name: "equivocation",
  number: 16,
  shows: "two signed blocks of one height, handed in at two peers at once",
  figures: [
    { name: "deliveredBoth", means: "peers that deliver both", atMost: 0 },
    { name: "withoutProof", means: "honest peers without the proof", atMost: 0 },
    { name: "proofBase", means: "until all hold the proof / base", atMost: 2 },
    { name: "astray", means: "peers that do not follow the rule", atMost: 0 },
    { name: "firstShare", means: "peers that took the one of the two" },
  ],
  run,
};

async function run(seed: number, size: ScenarioSize) {
  const base = await baseOf(size);
  const rig = await Rig.start(seed, size);
  const { simulation, source } = rig;
  const { orderer, checker, peers } = simulation;
  await rig.publish();
  const [other = source] = rig.draw(1);
  checker.allowsForks = true;
  const second = orderer.sibling(orderer.tip, size.blockBytes, 9);
  const first = rig.next();
  const sinceMs = simulation.elapsedMs;
  await simulation.publish(first, source);
  await simulation.publish(second, other);
  const proofMs = new Map(peers.map(({ id }) => [id, Infinity]));
  const isProven = () => {
    for (const { id, forks } of peers)
      if (forks.length > 0 && proofMs.get(id) === Infinity) proofMs.set(id, simulation.elapsedMs - sinceMs);
    return [...proofMs.values()].every((ms) => ms < Infinity);
  };
  const endMs = simulation.elapsedMs + PROOF_LIMIT_MS;
  await simulation.clock.runWhile(() => !isProven() && simulation.elapsedMs < endMs);
  const next = await simulation.publishNext(1_000, source);
  const nextMs = simulation.elapsedMs;
  const ofFirst = peers.filter((peer) => peer.disk.blocks[first.number]?.hash === first.hash);
  const isLevel = () => ofFirst.every(({ height }) => height > next.number);
  await simulation.clock.runWhile(() => !isLevel() && simulation.elapsedMs < nextMs + NEXT_LIMIT_MS);
  const levelMs = simulation.elapsedMs - nextMs;
  simulation.check();
  // The rule: each stays with its first block, and goes on from there alone.
  const astray = peers.filter((peer) => {
    const { blocks } = peer.disk;
    return ofFirst.includes(peer)
      ? blocks[next.number]?.hash !== next.hash
      : blocks[first.number]?.hash !== second.hash || blocks.length > next.number;
  });
  return {
    deliveredBoth: peers.filter(({ disk }) => disk.blocks.includes(first) && disk.blocks.includes(second))
      .length,
    withoutProof: peers.filter(({ forks }) => forks.length === 0).length,
    proofBase: maximum([...proofMs.values()]) / base.t100Ms,
    astray: astray.length,
    nextMs: levelMs,
    firstShare: ofFirst.length / peers.length,
  };
}
