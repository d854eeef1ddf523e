import { DEFAULT_GOSSIP_OPTIONS } from "../../gossip/options.ts";
import { sum } from "../../scripts/bench/statistics.ts";
import { seededRandom } from "../../node/testing/simulator/seeded-random.ts";
import type { SimulatedPeer } from "../../node/testing/simulator/simulated-peer.ts";
import { Rig } from "./rig.ts";
import type { Scenario } from "./scenario.ts";
import type { ScenarioSize } from "./scenario-size.ts";
import { Verdicts } from "./verdicts.ts";

const SHARE = 0.2;
const PAUSE_MS = { min: 1_000, max: 30_000 };
const RUN_MS = { full: 300_000, short: 90_000 };
const CRASHES = 4;
/** So that the last crash is found by all within the run. */
const LAST_CRASH_SHARE = 0.7;

/**
 * Scenario 7: some peers stand still again and again, as when an event loop is blocked, each as long as it then runs.
 *
 * It is compared with a plain timeout: every peer sends each other a heartbeat each probe interval, and who has not had
 * one for so long is dead. That time is the mean time that our detector took for the crashes of the run, so that both
 * are as fast. A plain detector that wakes finds all timers over before it has read anything, and takes all for dead
 * whom it watched; only the pauses that are certainly long enough for it are counted, and nothing else that may go wrong.
 */
export const grayPauses: Scenario = {
  name: "gray-pauses",
  number: 7,
  shows: "20 % of the peers stand still for 1 to 30 s again and again, and a few others crash",
  figures: [
    {
      name: "falseOfPlain",
      means: "false deaths / those of a plain timeout that is as fast",
      atMost: 1 / 50,
    },
    { name: "detectRatio", means: "time to find a crash / the same without pauses", atMost: 1.1 },
    { name: "falseDeaths", means: "living peers taken for dead" },
    { name: "plainFalseDeaths", means: "false deaths of the plain timeout" },
    { name: "detectMeanMs", means: "mean time to find a crash" },
  ],
  run: async (seed, size) => {
    const quiet = await watch(seed, size, 0);
    const gray = await watch(seed, size, SHARE);
    return {
      falseOfPlain: gray.falseDeaths / gray.plainFalseDeaths,
      detectRatio: gray.detectMeanMs / quiet.detectMeanMs,
      detectMeanMs: gray.detectMeanMs,
      quietDetectMeanMs: quiet.detectMeanMs,
      falseDeaths: gray.falseDeaths,
      plainFalseDeaths: gray.plainFalseDeaths,
      falseDeathsOfHealthyViews: gray.falseDeathsOfHealthyViews,
    };
  },
};

async function watch(seed: number, size: ScenarioSize, share: number) {
  const rig = await Rig.start(seed, size);
  const { simulation } = rig;
  const runMs = size.isFull ? RUN_MS.full : RUN_MS.short;
  // The same in both runs.
  const victims = rig.draw(CRASHES);
  const others = simulation.peers.filter((peer) => peer !== rig.source && !victims.includes(peer));
  const gray = others.slice(0, Math.round(share * size.peers));
  const ids = new Set(gray.map(({ id }) => id));
  const healthy = simulation.peers.filter((peer) => !victims.includes(peer) && !ids.has(peer.id));
  const verdicts = new Verdicts(rig);
  const pausesMs = gray.flatMap((peer, index) => pauses(rig, peer, runMs, seed + index));
  const crashedMs = victims.map((victim, index) => {
    const atMs = ((index + 1) / CRASHES) * LAST_CRASH_SHARE * runMs;
    simulation.clock.schedule(atMs, () => victim.crash());
    return simulation.elapsedMs + atMs;
  });
  await simulation.runFor(runMs);
  rig.deliveries.follow();
  const detectedMs = victims.flatMap((victim, index) =>
    verdicts.deathsMs([victim], healthy, crashedMs[index] ?? 0),
  );
  const detectMeanMs = sum(detectedMs) / detectedMs.length;
  const isHealthy = new Set(healthy.map(({ id }) => id));
  const plainPauseMs = detectMeanMs + DEFAULT_GOSSIP_OPTIONS.probeIntervalMs;
  return {
    detectMeanMs,
    falseDeaths: verdicts.count("dead", (_, of) => isHealthy.has(of)),
    falseDeathsOfHealthyViews: verdicts.count("dead", (by, of) => isHealthy.has(of) && isHealthy.has(by)),
    plainFalseDeaths: pausesMs.filter((ms) => ms > plainPauseMs).length * healthy.length,
  };
}

/** Has a peer run and stand still in turn; how long each time that has ended by the end. */
function pauses({ simulation }: Rig, peer: SimulatedPeer, runMs: number, seed: number): readonly number[] {
  const random = seededRandom(seed);
  const draw = () => PAUSE_MS.min + (PAUSE_MS.max - PAUSE_MS.min) * random();
  const lengths: number[] = [];
  for (let atMs = draw(); ; atMs += draw()) {
    const pauseMs = draw();
    if (atMs + pauseMs > runMs) return lengths;
    simulation.clock.schedule(atMs, () => simulation.pause(peer, pauseMs));
    lengths.push(pauseMs);
    atMs += pauseMs;
  }
}
