import { createHash } from "node:crypto";
import { sample } from "../../gossip/random.ts";
import { Consortium, type ConsortiumPeerSpec } from "./consortium.ts";
import type { ConsortiumPeer } from "./consortium-peer.ts";
import { CALM } from "../../node/testing/simulator/link-weather.ts";
import { seededRandom } from "../../node/testing/simulator/seeded-random.ts";
import { drawOptions, drawWeather } from "./swarm.ts";

/** What came of a run. */
export interface ConsortiumSwarmReport {
  readonly blocks: number;
  readonly restarts: number;
  readonly renewals: number;
  readonly reconfigurations: number;
  /** Whom peers have noted as misbehaving, for what, and how often. */
  readonly noted: ReturnType<Consortium["noted"]>;
  /** A hash over all events. */
  readonly fingerprint: string;
}

const CHANNEL = "trade";
/** Hands blocks in, and stays up. */
const SOURCE = "a0";
const PEERS_EACH = 4;
/** Within this time after the faults have stopped all peers must hold all blocks. */
const LIVENESS_LIMIT_MS = 180_000;

interface Counts {
  restarts: number;
  renewals: number;
  reconfigurations: number;
}

/**
 * A consortium of three organisations, each with a peer that is not seen from outside, under faults that are drawn from
 * the seed: weather, cut links, crashes, lost disks, renewed certificates, config blocks. Nobody lies. Then the faults
 * stop, and all must come to hold all blocks.
 */
export async function runConsortiumSwarm(seed: number, minutes: number): Promise<ConsortiumSwarmReport> {
  const random = seededRandom(seed ^ 0x0c05);
  const consortium = await create(seed, random);
  await consortium.start();
  await consortium.runFor(10_000);
  consortium.network.weather = drawWeather(random);
  const counts = { restarts: 0, renewals: 0, reconfigurations: 0 };
  const endMs = consortium.clock.now() + minutes * 60_000;
  while (consortium.clock.now() < endMs) {
    await consortium.publishNext(CHANNEL, SOURCE, 1 + Math.floor(30_000 * random()));
    if (random() < 0.8) await disturb(consortium, random, counts);
    await consortium.runFor(3_000 * random());
  }
  await settle(consortium);
  const fingerprint = createHash("sha256").update(JSON.stringify(consortium.events)).digest("hex");
  const blocks = consortium.ordering(CHANNEL).tip.number;
  return { blocks, ...counts, noted: consortium.noted(), fingerprint };
}

function create(seed: number, random: () => number): Promise<Consortium> {
  const organisations = Object.fromEntries(
    ["A", "B", "C"].map((name) => {
      const specs = Array.from({ length: PEERS_EACH }, (_, index): [string, ConsortiumPeerSpec] => [
        `${name.toLowerCase()}${index}`,
        index === PEERS_EACH - 1 ? { external: [] } : {},
      ]);
      return [name, Object.fromEntries(specs)];
    }),
  );
  return Consortium.create({
    seed,
    organisations,
    channels: { [CHANNEL]: { A: ["a0", "a1"], B: ["b0", "b1"], C: ["c0", "c1"] } },
    options: drawOptions(random),
  });
}

async function disturb(consortium: Consortium, random: () => number, counts: Counts): Promise<void> {
  const others = consortium.peers().filter(({ id }) => id !== SOURCE);
  const [peer, other] = sample(others, 2, random) as [ConsortiumPeer, ConsortiumPeer];
  const kind = random();
  if (kind < 0.4) {
    await crashOrRestart(peer, random);
    counts.restarts++;
  } else if (kind < 0.6) {
    consortium.network.cut(peer.id, other.id);
  } else if (kind < 0.75) {
    consortium.network.healAll();
  } else if (kind < 0.9) {
    await renew(consortium, peer, ++counts.renewals);
  } else {
    await revokeNobody(consortium, ++counts.reconfigurations);
  }
}

async function crashOrRestart(peer: ConsortiumPeer, random: () => number): Promise<void> {
  if (!peer.isUp) return peer.start();
  peer.crash();
  if (random() < 0.3) peer.loseDisks();
  // Some are back before anybody has noticed.
  if (random() < 0.5) await peer.start();
}

function organisationOf(consortium: Consortium, { id }: ConsortiumPeer) {
  return consortium.organisation(id.slice(0, 1).toUpperCase());
}

async function renew(consortium: Consortium, peer: ConsortiumPeer, count: number): Promise<void> {
  const organisation = organisationOf(consortium, peer);
  peer.renew(await organisation.member(peer.id, { serial: `02${count.toString(16).padStart(4, "0")}` }));
}

/** A config block that changes a list of revoked certificates, but names none that anybody has. */
async function revokeNobody(consortium: Consortium, count: number): Promise<void> {
  const organisation = consortium.organisation("B");
  const list = await organisation.revocationList([`03${count.toString(16).padStart(4, "0")}`]);
  const anchorPeers = ["b0", "b1"].map((host) => ({ host, port: 7051 }));
  const spec = organisation.spec({ revocationLists: [list], anchorPeers });
  await consortium.reconfigure(consortium.organisationsWith(CHANNEL, "B", spec), SOURCE);
}

async function settle(consortium: Consortium): Promise<void> {
  consortium.network.healAll();
  consortium.network.weather = CALM;
  for (const peer of consortium.peers()) if (!peer.isUp) await peer.start();
  const height = consortium.ordering(CHANNEL).tip.number + 1;
  const haveAll = () => consortium.peers().every((peer) => peer.height(CHANNEL) === height);
  await consortium.until(haveAll, LIVENESS_LIMIT_MS, "all hold all");
}
