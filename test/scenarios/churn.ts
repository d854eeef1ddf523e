import { DEFAULT_GOSSIP_OPTIONS } from "../../gossip/options.ts";
import { maximum } from "../../scripts/bench/statistics.ts";
import type { SimulatedPeer } from "../../node/testing/simulator/simulated-peer.ts";
import { baseOf } from "./base.ts";
import { Rig } from "./rig.ts";
import type { Scenario } from "./scenario.ts";
import type { ScenarioSize } from "./scenario-size.ts";
import { Verdicts } from "./verdicts.ts";

/** Of all peers, in a minute. */
const SHARE_A_MINUTE = 0.1;
/** The short form has as much of it in a third of the time. */
const SHORT_BLOCKS = 20;
const AWAY_MS = 5_000;
const GOODBYE_MS = 500;
const LOOK_MS = 50;
const TIP_MS_MAX = 10_000;

/** Scenario 3: peers leave with and without a goodbye, and come in their place with nothing but the genesis block. */
export const churn: Scenario = {
  name: "churn",
  number: 3,
  shows: "10 % of the peers a minute leave or are killed, and as many newcomers join",
  figures: [
    { name: "t99Base", means: "T99 / base", atMost: 1.5 },
    { name: "viewsLogRounds", means: "until a newcomer is in all views, in log2(peers) rounds", atMost: 1 },
    { name: "tipMs", means: "until a newcomer is level, beyond the transfer", atMost: TIP_MS_MAX },
    { name: "falseDeaths", means: "living peers taken for dead", atMost: 0 },
  ],
  run,
};

async function run(seed: number, size: ScenarioSize) {
  const base = await baseOf(size);
  const rig = await Rig.start(seed, size);
  const { simulation } = rig;
  const blocks = size.isFull ? size.blocks : SHORT_BLOCKS;
  const minutes = size.isFull ? (blocks * size.intervalMs) / 60_000 : 1;
  const movers = rig.draw(Math.max(2, Math.round(SHARE_A_MINUTE * minutes * size.peers)));
  // Who goes and comes need not have been there for a block; it must have all in the end.
  const stable = rig.honest([...movers, rig.source]);
  const verdicts = new Verdicts(rig);
  const gone = new Set<string>();
  const joins: Join[] = [];
  const everyMs = (blocks * size.intervalMs) / movers.length;
  for (const [index, mover] of movers.entries()) {
    const atMs = (index + rig.random()) * everyMs;
    simulation.clock.schedule(atMs, () => {
      gone.add(mover.id);
      depart(rig, mover, index % 2 === 0);
    });
    simulation.clock.schedule(atMs + AWAY_MS, () => void joins.push(new Join(rig, mover)));
  }
  const numbers = await rig.publishMany(blocks);
  const hasJoined = () => joins.length === movers.length && joins.every((join) => join.isDone);
  await simulation.until(hasJoined, JOIN_MS_MAX, "all newcomers are known and level");
  await rig.settle();
  const logMs = Math.log2(size.peers) * DEFAULT_GOSSIP_OPTIONS.roundIntervalMs;
  return {
    t99Base: rig.deliveries.t99Ms(numbers, stable) / base.t99Ms,
    viewsLogRounds: maximum(joins.map(({ viewsMs }) => viewsMs)) / logMs,
    // Beyond what its downlink takes for what it lacks.
    tipMs: maximum(joins.map(({ tipMs, transferMs }) => Math.max(0, tipMs - transferMs))),
    falseDeaths: verdicts.count("dead", (_, of) => !gone.has(of)),
  };
}

const JOIN_MS_MAX = 120_000;

function depart({ simulation }: Rig, peer: SimulatedPeer, saysGoodbye: boolean): void {
  if (!saysGoodbye) return peer.crash();
  peer.leave();
  simulation.clock.schedule(GOODBYE_MS, () => peer.crash());
}

/** A newcomer on its way in. */
class Join {
  viewsMs = Number.NaN;
  tipMs = Number.NaN;
  readonly transferMs: number;
  readonly #rig: Rig;
  readonly #peer: SimulatedPeer;
  readonly #sinceMs: number;
  readonly #height: number;

  constructor(rig: Rig, peer: SimulatedPeer) {
    this.#rig = rig;
    this.#peer = peer;
    this.#sinceMs = rig.simulation.elapsedMs;
    this.#height = rig.source.height;
    const { blockBytes, weather } = rig.size;
    this.transferMs = (1_000 * this.#height * blockBytes) / weather.bytesPerSecond;
    peer.disk.blocks.splice(1);
    void rig.simulation
      .restart(peer)
      .then(() => this.#look())
      .catch((error: unknown) => rig.simulation.network.crashes.push(error));
  }

  get isDone(): boolean {
    return !Number.isNaN(this.viewsMs) && !Number.isNaN(this.tipMs);
  }

  #look(): void {
    const { simulation } = this.#rig;
    const afterMs = simulation.elapsedMs - this.#sinceMs;
    const others = simulation.peers.filter((peer) => peer.isUp && peer !== this.#peer);
    if (Number.isNaN(this.viewsMs) && others.every((peer) => peer.membership.isAlive(this.#peer.id)))
      this.viewsMs = afterMs;
    if (Number.isNaN(this.tipMs) && this.#peer.height >= this.#height) this.tipMs = afterMs;
    if (!this.isDone) simulation.clock.schedule(LOOK_MS, () => this.#look());
  }
}
