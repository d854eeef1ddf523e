import { expect, test } from "vitest";
import { Consortium, type ConsortiumPeerSpec, type ConsortiumSpec } from "../simulator/consortium.ts";
import { seededRandom } from "../../node/testing/simulator/seeded-random.ts";
import { internalsTold, organisationOf, peersTold, saidAcross } from "../simulator/told.ts";

type Members = Readonly<Record<string, ConsortiumPeerSpec>>;

interface World {
  readonly spec: ConsortiumSpec;
  /** Of those that can be seen from outside, the ids. */
  readonly external: ReadonlySet<string>;
  /** The organisations of each channel. */
  readonly channels: Readonly<Record<string, readonly string[]>>;
}

/** Two to four organisations of one to four peers, in two to four channels; the first peer of each can be seen. */
function randomWorld(seed: number): World {
  const random = seededRandom(seed);
  const upTo = (max: number) => Math.floor(random() * max);
  const letters = [..."ABCD"].slice(0, 2 + upTo(3));
  const external = new Set<string>();
  const organisations: Record<string, Members> = {};
  for (const letter of letters) {
    const peers: Record<string, ConsortiumPeerSpec> = {};
    for (let index = 0; index <= upTo(4); index++) {
      const id = `${letter.toLowerCase()}${index}`;
      const isHidden = index > 0 && random() < 0.5;
      if (!isHidden) external.add(id);
      const internal = [`/simulated/inside/${id}`];
      peers[id] = isHidden ? { internal, external: [] } : { internal };
    }
    organisations[letter] = peers;
  }
  const channels: Record<string, readonly string[]> = {};
  for (let index = 0; index < 2 + upTo(3); index++) {
    const some = letters.filter(() => random() < 0.6);
    channels[`channel${index}`] = some.length < 2 ? letters.slice(0, 2) : some;
  }
  // Who is in no channel is let in nowhere.
  for (const letter of letters)
    if (!Object.values(channels).some((some) => some.includes(letter)))
      channels[`of-${letter.toLowerCase()}`] = [letter, letters.find((other) => other !== letter)!];
  const anchors = (members: readonly string[]) =>
    Object.fromEntries(members.map((letter) => [letter, [`${letter.toLowerCase()}0`]]));
  const spec = {
    seed,
    organisations,
    channels: Object.fromEntries(Object.entries(channels).map(([name, some]) => [name, anchors(some)])),
  };
  return { spec, external, channels };
}

/** Peers crash and come back, renew their certificates and hand blocks in, while a tenth of what is said is lost. */
async function trouble(consortium: Consortium, { channels }: World, seed: number) {
  const random = seededRandom(1_000 + seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  consortium.network.weather = {
    ...consortium.network.weather,
    lossRate: 0.1,
    jitterMs: 50,
    duplicationRate: 0.05,
    reorderRate: 0.1,
  };
  for (let step = 0; step < 30; step++) {
    const { id, isUp } = pick(consortium.peers());
    const kind = random();
    if (!isUp) await consortium.start([id]);
    else if (kind < 0.4) consortium.peer(id).crash();
    else if (kind < 0.7) {
      const organisation = consortium.organisation(organisationOf(id));
      const validToMs = consortium.startMs + 86_400_000 + step * 1_000;
      consortium.peer(id).renew(await organisation.member(id, { validToMs }));
    } else {
      const mine = Object.keys(channels).filter((name) => channels[name]!.includes(organisationOf(id)));
      const channel = mine.length === 0 ? undefined : pick(mine);
      const next = channel === undefined ? -1 : consortium.ordering(channel).tip.number + 1;
      if (channel !== undefined && consortium.peer(id).height(channel) === next)
        await consortium.publishNext(channel, id, pick([1_000, 20_000, 400_000]));
    }
    await consortium.runFor(random() * 5_000);
  }
  consortium.network.weather = {
    ...consortium.network.weather,
    lossRate: 0,
    duplicationRate: 0,
    reorderRate: 0,
  };
  await consortium.start(consortium.peers().flatMap(({ id, isUp }) => (isUp ? [] : [id])));
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  "whatever happens to honest peers, they keep what is theirs and blame nobody (%i)",
  async (seed) => {
    const world = randomWorld(seed);
    const { external, channels } = world;
    const consortium = await Consortium.create(world.spec);
    for (const { id } of consortium.peers()) consortium.network.listen(`/simulated/inside/${id}`, id);
    await consortium.start();
    await trouble(consortium, world, seed);

    const shares = (a: string, b: string) =>
      Object.values(channels).some((all) => all.includes(a) && all.includes(b));
    const mayKnow = (a: string, b: string) => {
      const [of, to] = [organisationOf(a), organisationOf(b)];
      return of === to || (external.has(a) && external.has(b) && shares(of, to));
    };
    const ids = consortium.peers().map(({ id }) => id as string);
    const known = (id: string) => consortium.peer(id).known().join(" ");
    const expected = (id: string) =>
      ids
        .filter((other) => other !== id && mayKnow(id, other))
        .sort()
        .join(" ");
    await consortium.until(
      () => ids.every((id) => known(id) === expected(id)),
      120_000,
      "all know whom they may",
    );
    const holdAll = () =>
      Object.entries(channels).every(([name, some]) =>
        ids
          .filter((id) => some.includes(organisationOf(id)))
          .every((id) => consortium.peer(id).height(name) === consortium.ordering(name).tip.number + 1),
      );
    await consortium.until(holdAll, 120_000, "all hold the blocks of their channels");

    const isHidden = (peer: string) => !external.has(peer);
    expect(saidAcross(consortium, ({ message }) => peersTold(message).some(isHidden))).toEqual([]);
    expect(saidAcross(consortium, ({ message }) => internalsTold(message).length > 0)).toEqual([]);
    const ofThird = saidAcross(consortium, ({ from, to, message }) =>
      peersTold(message).some(
        (peer) => message.kind !== "cut" && ![from, to].map(organisationOf).includes(organisationOf(peer)),
      ),
    );
    expect(ofThird).toEqual([]);
    const blamed = consortium.events.flatMap(({ peer, event }) =>
      event.kind === "misconduct" ? [`${peer}: ${event.peer} ${event.code} ${event.message}`] : [],
    );
    expect(blamed).toEqual([]);
  },
);
