import { expect, test } from "vitest";
import { Accusations } from "../../gossip/failures/accusations.ts";
import { Identities } from "../../gossip/door/identities.ts";
import { NO_IDENTITY } from "../../gossip/door/identity-id.ts";
import { Membership } from "../../gossip/members/membership.ts";
import { gossipOptions } from "../../gossip/options.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { signStatement, type LogicalTime } from "../../gossip/wire/statements.ts";
import { Suspicion } from "../../gossip/failures/suspicion.ts";
import { SimulatedKeyring } from "../../node/testing/simulator/simulated-keyring.ts";
import { OPEN } from "../../node/testing/simulator/simulated-peer.ts";
import { VirtualClock } from "../../node/testing/simulator/virtual-clock.ts";

const US = "us" as PeerId;

/** Us among so many others that live, `p0` and so on. */
function among(count: number) {
  const clock = new VirtualClock();
  const accusations = new Accusations(5);
  const keyring = new SimulatedKeyring(US);
  const options = gossipOptions({});
  const identities = new Identities({
    self: US,
    admission: OPEN,
    clock,
    peersMax: 100,
    isNeeded: () => true,
    onRefused: () => undefined,
  });
  const membership = new Membership({
    accusations,
    identities,
    keyring,
    options,
    admission: OPEN,
    startMs: clock.now(),
    isSeed: () => false,
    isCutOff: () => false,
    observe: () => undefined,
  });
  const passedOn: string[] = [];
  const refutations: LogicalTime[] = [];
  const heardMs = new Map<PeerId, number>();
  const suspicion = new Suspicion({
    heardMs: (peer) => heardMs.get(peer),
    accusations,
    membership,
    keyring,
    clock,
    options,
    onAccusation: ({ peer, accused }) => void passedOn.push(`${peer} ${accused}`),
    onAccused: (_, time) => void refutations.push(time),
  });
  const hear = (peer: PeerId) => {
    heardMs.set(peer, clock.now());
    suspicion.heard(peer);
  };
  const peers = Array.from({ length: count }, (_, index) => `p${index}` as PeerId);
  const speak = (peer: PeerId, sequence: number) => {
    const statement = {
      kind: "alive",
      peer,
      incarnation: 1,
      sequence,
      left: false,
      name: "",
      addresses: [],
      channelTags: [],
      identity: NO_IDENTITY,
      tags: [],
    } as const;
    const alive = signStatement(statement, new SimulatedKeyring(peer));
    membership.receive({ alive, internal: undefined }, clock.now());
    suspicion.refuted(peer, statement);
  };
  for (const peer of peers) speak(peer, 1);
  const accuse = (by: PeerId, accused: PeerId, sequence = 1) => {
    const statement = { kind: "accusation", peer: by, accused, incarnation: 1, sequence } as const;
    return suspicion.receive(by, signStatement(statement, new SimulatedKeyring(by)));
  };
  const stateOf = (peer: PeerId) => membership.get(peer)?.state;
  return { clock, suspicion, membership, peers, hear, speak, accuse, stateOf, passedOn, refutations };
}

test.each([
  // With us, the witnesses are as many as the others; half of them and one more are needed, five at most.
  { others: 1, needed: 1 },
  { others: 2, needed: 2 },
  { others: 3, needed: 2 },
  { others: 4, needed: 3 },
  { others: 7, needed: 4 },
  { others: 8, needed: 5 },
  { others: 9, needed: 5 },
  { others: 60, needed: 5 },
])("among $others others $needed must accuse one for its death, and no fewer", async ({ others, needed }) => {
  for (const count of [needed - 1, needed]) {
    const { clock, suspicion, peers, accuse, stateOf } = among(others);
    const [victim, ...witnesses] = peers as [PeerId, ...PeerId[]];
    suspicion.accuse(victim);
    const ours = count === 0 ? 0 : 1;
    for (const witness of witnesses.slice(0, count - ours)) accuse(witness, victim);
    await clock.runFor(suspicion.suspicionMs() + 1);
    suspicion.judge(clock.now());
    expect(stateOf(victim)).toBe(Math.max(1, count) >= needed ? "dead" : "suspect");
  }
});

test.each([
  { others: 8, accusers: 5, ms: 2_000 },
  { others: 99, accusers: 5, ms: 4_000 },
  { others: 31, accusers: 5, ms: 3_010 },
  // More than the five that are needed shorten it, but not below what a small network has.
  { others: 99, accusers: 6, ms: 3_333 },
  { others: 99, accusers: 8, ms: 2_500 },
  { others: 31, accusers: 8, ms: 2_000 },
])("among $others others a suspect of $accusers has $ms ms, and lives until then", async (given) => {
  const { clock, suspicion, peers, accuse, stateOf } = among(given.others);
  for (const witness of peers.slice(1, 1 + given.accusers)) accuse(witness, peers[0]!);
  await clock.runFor(given.ms - 10);
  suspicion.judge(clock.now());
  expect(stateOf(peers[0]!)).toBe("suspect");
  await clock.runFor(20);
  suspicion.judge(clock.now());
  expect(stateOf(peers[0]!)).toBe("dead");
});

test("a later statement ends a suspicion; the accused's latest one does not", async () => {
  const { clock, suspicion, peers, accuse, speak, stateOf } = among(9);
  for (const witness of peers.slice(1, 7)) accuse(witness, peers[0]!, 4);
  speak(peers[0]!, 3);
  speak(peers[0]!, 4);
  expect(stateOf(peers[0]!)).toBe("suspect");
  speak(peers[0]!, 5);
  expect(stateOf(peers[0]!)).toBe("alive");
  await clock.runFor(10_000);
  suspicion.judge(clock.now());
  expect(stateOf(peers[0]!)).toBe("alive");
});

test("who has heard the accused himself lately neither suspects it nor buries it, and revives it", async () => {
  const { clock, suspicion, peers, hear, accuse, stateOf, passedOn } = among(9);
  const [victim, ...witnesses] = peers as [PeerId, ...PeerId[]];
  hear(victim);
  accuse(witnesses[0]!, victim);
  expect(stateOf(victim)).toBe("alive");
  // Others may know better.
  expect(passedOn).toEqual([`${witnesses[0]} ${victim}`]);
  await clock.runFor(2_500);
  for (const witness of witnesses.slice(1, 6)) accuse(witness, victim);
  expect(stateOf(victim)).toBe("suspect");
  await clock.runFor(5_000);
  suspicion.judge(clock.now());
  expect(stateOf(victim)).toBe("dead");
  hear(victim);
  expect(stateOf(victim)).toBe("alive");
});

test("five words that are refuted and that nobody shares make their speaker worthless for a minute", async () => {
  const { clock, peers, accuse, speak, passedOn, stateOf } = among(9);
  const [liar, ...others] = peers as [PeerId, ...PeerId[]];
  for (const victim of others.slice(0, 5)) {
    accuse(liar, victim);
    speak(victim, 2);
  }
  expect(passedOn).toHaveLength(5);
  accuse(liar, others[6]!);
  expect(passedOn).toHaveLength(5);
  expect(stateOf(others[6]!)).toBe("alive");
  await clock.runFor(60_000);
  accuse(liar, others[6]!);
  expect(passedOn).toHaveLength(6);
});

test("words that enough others share are no false alarms, though they are refuted", () => {
  const { peers, accuse, speak, passedOn } = among(14);
  const [first, ...others] = peers as [PeerId, ...PeerId[]];
  for (const victim of others.slice(4, 10)) {
    for (const witness of [first, ...others.slice(0, 4)]) accuse(witness, victim);
    speak(victim, 2);
  }
  expect(passedOn).toHaveLength(30);
  accuse(first, others[11]!);
  expect(passedOn).toHaveLength(31);
});

test("what is said of ourselves is answered and not passed on", () => {
  const { suspicion, peers, refutations, passedOn, membership } = among(3);
  membership.own.announce();
  const { incarnation, sequence } = membership.own.time;
  const statement = { kind: "accusation", peer: peers[0]!, accused: US, incarnation, sequence } as const;
  suspicion.receive(peers[1]!, signStatement(statement, new SimulatedKeyring(peers[0]!)));
  expect(refutations).toMatchObject([{ incarnation, sequence }]);
  expect(passedOn).toEqual([]);
});
