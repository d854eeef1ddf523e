import type { Message } from "../../gossip/wire/messages.ts";
import { NO_ROLE, supersedes, type LogicalTime } from "../../gossip/wire/statements.ts";
import type { ChannelId } from "../../gossip/ports.ts";
import { sample } from "../../gossip/random.ts";
import type { Liar } from "../simulator/liar.ts";
import { seededRandom } from "../../node/testing/simulator/seeded-random.ts";
import { Rig } from "./rig.ts";
import type { Scenario } from "./scenario.ts";
import type { ScenarioSize } from "./scenario-size.ts";
import { Verdicts } from "./verdicts.ts";

const REPLAY_MS = 500;
const AT_ONCE = 10;
const RECORD_MS = 20_000;
const ATTACK_MS = 20_000;
const CLOCKS_MS = 600_000;
const CLOCKS_SHARE = 0.05;

/** Scenario 18: what was said before is said again, goodbyes are forged, some clocks are wrong by ten minutes. */
export const replays: Scenario = {
  name: "replays",
  number: 18,
  shows:
    "old statements of living, dead and gone peers are replayed, goodbyes forged, clocks wrong by 10 min",
  figures: [
    { name: "accepted", means: "old statements that are believed", atMost: 0 },
    { name: "revivals", means: "dead peers revived", atMost: 0 },
    { name: "falseDeaths", means: "living peers taken for dead", atMost: 0 },
    { name: "strangers", means: "statements of another channel believed", atMost: 0 },
    { name: "replayed", means: "statements said again", atLeast: 100 },
  ],
  run,
};

async function run(seed: number, size: ScenarioSize) {
  const rig = await Rig.start(seed, size, {
    // One of them forges as well, and is cut off for it.
    liars: 2,
    prepare: (peers) => {
      const wrong = sample(peers.slice(1), Math.round(2 * CLOCKS_SHARE * peers.length), seededRandom(seed));
      for (const [index, peer] of wrong.entries())
        peer.clockAheadMs = index % 2 === 0 ? CLOCKS_MS : -CLOCKS_MS;
    },
  });
  const { simulation } = rig;
  const recorded = record(rig);
  await rig.publish();
  await simulation.runFor(RECORD_MS);
  const [dead] = rig.draw(1);
  const [replayer, forger] = rig.liars;
  if (dead === undefined || replayer === undefined || forger === undefined)
    throw new RangeError("too few peers");
  rig.exempt([dead]);
  dead.crash();
  await simulation.runFor(RECORD_MS);
  const verdicts = new Verdicts(rig);
  const watch = new Watch(rig);
  let replayed = 0;
  for (let passedMs = 0; passedMs < ATTACK_MS; passedMs += REPLAY_MS) {
    for (const message of sample(recorded, AT_ONCE, rig.random)) {
      replayer.tellAll(message);
      replayed++;
    }
    for (const message of forged(rig, forger)) forger.tellAll(message);
    await simulation.runFor(REPLAY_MS);
    watch.look();
  }
  await rig.publish();
  await rig.settle();
  const known = new Set([...simulation.peers, ...rig.liars].map(({ id }) => id));
  return {
    replayed,
    accepted: watch.stepsBack + verdicts.count("left"),
    revivals: verdicts.count("alive", (_, of) => of === dead.id),
    falseDeaths: verdicts.count("dead", (_, of) => of !== dead.id && rig.honest().has(of)),
    strangers: simulation.peers
      .filter((peer) => peer.isUp)
      .flatMap((peer) => peer.membership.all().filter(({ peer: other }) => !known.has(other))).length,
  };
}

/** What is said of who is there and how high, from now on. */
function record({ simulation }: Rig): readonly Message[] {
  const recorded: Message[] = [];
  const { network } = simulation;
  const { wiretap } = network;
  network.wiretap = (from, to, message) => {
    wiretap(from, to, message);
    const isOne = message.kind === "alive" || message.kind === "state-info" || message.kind === "accusations";
    if (isOne && recorded.length < RECORDED_MAX) recorded.push(message);
  };
  return recorded;
}

const RECORDED_MAX = 2_000;

/** A goodbye in another's name, and a height of another channel. */
function forged({ simulation, random }: Rig, liar: Liar): readonly Message[] {
  const [victim] = sample(simulation.peers, 1, random);
  if (victim === undefined) return [];
  const incarnation = Math.floor(simulation.clock.now());
  const goodbye = liar.state({ peer: victim.id, incarnation, left: true });
  const channel = liar.channel.replace(/^./, (digit) => (digit === "0" ? "1" : "0")) as ChannelId;
  const time = { incarnation, sequence: 0, ...NO_ROLE };
  const info = { kind: "state-info", peer: liar.id, ...time, channel, height: 99 } as const;
  return [
    { kind: "alive", members: [goodbye] },
    { kind: "state-info", channel: liar.channel, statements: [liar.sign(info)] },
  ];
}

/** Sees whether anybody ever believes something older than it did. */
class Watch {
  stepsBack = 0;
  readonly #rig: Rig;
  readonly #latest = new Map<string, LogicalTime>();

  constructor(rig: Rig) {
    this.#rig = rig;
    this.look();
  }

  look(): void {
    for (const peer of this.#rig.simulation.peers.filter((each) => each.isUp))
      for (const { peer: other, statement } of peer.membership.all()) {
        const key = `${peer.id} ${other}`;
        const before = this.#latest.get(key);
        if (before !== undefined && supersedes(before, statement)) this.stepsBack++;
        this.#latest.set(key, statement);
      }
  }
}
