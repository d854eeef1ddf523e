import { expect, test } from "vitest";
import { identityIdOf } from "../../gossip/door/identity-id.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { readAlive } from "../../gossip/wire/statements.ts";
import { createIdentity } from "../../node/msp/identity.ts";
import { fetchAll } from "../settled.ts";
import { Consortium, type ConsortiumSpec } from "../simulator/consortium.ts";
import type { MemberOptions } from "../simulator/simulated-organisation.ts";
import { identitiesTold, peersTold } from "../simulator/told.ts";

const a2 = "a2" as PeerId;
const OTHERS = ["a0", "a1", "b0", "b1"];

/** Two organisations that know each other; a2's certificate ends after so long. */
async function acquainted(expiresAfterMs?: number, options: ConsortiumSpec["options"] = {}) {
  const consortium = await Consortium.create({
    seed: 21,
    organisations: {
      A: { a0: {}, a1: {}, a2: expiresAfterMs === undefined ? {} : { expiresAfterMs }, a3: {} },
      B: { b0: {}, b1: {} },
    },
    channels: { trade: { A: ["a0"], B: ["b0"] } },
    options,
  });
  await consortium.start([...OTHERS, a2]);
  await consortium.untilAcquainted([...OTHERS, a2], 4_500);
  return consortium;
}

function elapsedMs(consortium: Consortium): number {
  return consortium.clock.now() - consortium.startMs;
}

async function renew(consortium: Consortium, options: MemberOptions) {
  const member = await consortium.organisation("A").member("a2", options);
  consortium.peer("a2").renew(member);
  return identityIdOf(createIdentity(member.signer, a2));
}

/** Revokes a2's certificate, or another, by a config block. */
async function revoke(consortium: Consortium, serial = consortium.peer("a2").member.serial) {
  const organisation = consortium.organisation("A");
  const revocationLists = [await organisation.revocationList([serial])];
  const before = consortium.specOf("trade").organisations.find(({ name }) => name === "A");
  const spec = consortium.organisationsWith("trade", "A", { ...before!, revocationLists });
  await consortium.reconfigure(spec, "a0");
}

function stateAt(consortium: Consortium, id: string) {
  return consortium.peer(id).membership.get(a2)?.state;
}

function areAll(consortium: Consortium, state: string) {
  return () => OTHERS.every((id) => stateAt(consortium, id) === state);
}

/** a2 is out: nobody counts it in, tells it anything, or hands its identity on, whatever it does. */
async function expectShutOut(consortium: Consortium) {
  const since = consortium.said.length;
  const fresh = consortium.peer("a2").membership.own.announce();
  // It says so itself, and somebody passes its word on that has not noticed.
  const injected = { kind: "alive", members: [fresh] } as const;
  for (const to of OTHERS) {
    consortium.peer("a2").transport.send(to as PeerId, injected);
    consortium.peer("a1").transport.send(to as PeerId, injected);
  }
  const trade = consortium.peer("a1").channel("trade").id;
  const signal = AbortSignal.timeout(60_000);
  const question = { channel: trade, range: { first: 0, end: 1 } };
  const fetched = fetchAll(consortium.peer("a2").transport, "a1" as PeerId, question, signal);
  const answer = fetched.catch((error: unknown) => error);
  await consortium.runFor(30_000);
  expect(await answer).toBeInstanceOf(Error);
  await consortium.start(["a3"]);
  await consortium.untilAcquainted([...OTHERS, "a3"]);
  // Nor is its identity told to who asks for it.
  const ids = [readAlive(fresh.alive).identity];
  for (const to of OTHERS) consortium.peer("a3").transport.send(to as PeerId, { kind: "identity-want", ids });
  consortium.peer("a2").crash();
  await consortium.start([a2]);
  await consortium.runFor(30_000);
  for (const id of OTHERS) {
    expect(stateAt(consortium, id), id).toBe("refused");
    expect(consortium.peer(id).channel("trade").view.isActive(a2), id).toBe(false);
  }
  expect(consortium.peer("a3").membership.get(a2)).toBeUndefined();
  const said = consortium.said.slice(since).filter(({ message }) => message !== injected);
  const ofIt = said.filter(({ to, message }) => to === a2 || peersTold(message).includes(a2));
  expect(ofIt.map(({ from, to, message }) => `${from} → ${to}: ${message.kind}`)).toEqual([]);
}

test("a certificate that ends shuts its peer out everywhere, at once and for good", async () => {
  const consortium = await acquainted(5_000);
  await consortium.runFor(4_990 - elapsedMs(consortium));
  expect(areAll(consortium, "alive")()).toBe(true);
  await consortium.runFor(15);
  expect(areAll(consortium, "refused")()).toBe(true);
  await expectShutOut(consortium);
  expect(Object.keys(consortium.network.refused)).toEqual(["EXPIRED_CERTIFICATE"]);
});

test("a certificate that a config block revokes shuts its peer out wherever the block has come", async () => {
  const consortium = await acquainted();
  await revoke(consortium);
  await consortium.until(areAll(consortium, "refused"), 5_000, "all have shut it out");
  await expectShutOut(consortium);
});

test("nobody else is shut out, and blocks go on", async () => {
  const consortium = await acquainted();
  await revoke(consortium);
  await consortium.until(areAll(consortium, "refused"), 5_000, "all have shut it out");
  await consortium.publishNext("trade", "b1");
  const holdIt = () => OTHERS.every((id) => consortium.peer(id).height("trade") === 3);
  await consortium.until(holdIt, 10_000, "all hold the next block");
  await consortium.runFor(60_000);
  for (const id of OTHERS) {
    expect(consortium.peer(id).known(), id).toEqual(OTHERS.filter((other) => other !== id));
    for (const other of OTHERS)
      expect(consortium.peer(id).gossip.misconduct(other as PeerId), `${other} at ${id}`).toBeUndefined();
  }
  expect(consortium.peer("a2").height("trade")).toBeLessThan(3);
});

/** Whether all see a2 with this identity, and when that ends. */
function areAllShown(consortium: Consortium, identity: string, expiresMs: number) {
  return () =>
    OTHERS.every((id) => {
      const member = consortium.peer(id).membership.get(a2);
      return (
        member?.state === "alive" &&
        member.statement.identity === identity &&
        member.credentials.expiresMs === expiresMs
      );
    });
}

test("a certificate that is renewed in time, and again when it is over, is the new one everywhere, without a storm", async () => {
  const consortium = await acquainted(30_000);
  const [secondMs, thirdMs] = [60_000, 7_200_000].map((ms) => consortium.startMs + ms) as [number, number];
  await consortium.runFor(15_000 - elapsedMs(consortium));
  const second = await renew(consortium, { validToMs: secondMs });
  await consortium.until(areAllShown(consortium, second, secondMs), 3_000, "all see the second");
  // The first ends; nothing comes of it.
  await consortium.runFor(40_000 - elapsedMs(consortium));
  expect(areAllShown(consortium, second, secondMs)()).toBe(true);
  expect(consortium.network.refused).toEqual({});
  // The second ends, and is renewed half a minute too late.
  await consortium.runFor(90_000 - elapsedMs(consortium));
  expect(areAll(consortium, "refused")()).toBe(true);
  // It knocks, and the others look after it, less than once a second each.
  expect(consortium.network.refused["EXPIRED_CERTIFICATE"]).toBeLessThan(30 * OTHERS.length);
  const third = await renew(consortium, { validToMs: thirdMs });
  await consortium.until(areAllShown(consortium, third, thirdMs), 30_000, "all see the third");
  await consortium.publishNext("trade", "a2");
  const holdIt = () => OTHERS.every((id) => consortium.peer(id).height("trade") === 2);
  await consortium.until(holdIt, 10_000, "what it hands in comes to all");
  await consortium.runFor(600_000);
  expect(areAllShown(consortium, third, thirdMs)()).toBe(true);
  for (const id of OTHERS) {
    const of = consortium.events.flatMap(({ peer, event }) =>
      peer === id && "peer" in event && event.peer === a2 ? [event] : [],
    );
    const states = of.flatMap((event) => (event.kind === "member" ? [event.state] : []));
    expect(states, id).toEqual(["alive", "refused", "alive"]);
    expect(of.filter(({ kind }) => kind === "refused-identity").length, id).toBeLessThanOrEqual(3);
    expect(
      of.filter(({ kind }) => kind === "misconduct"),
      id,
    ).toEqual([]);
  }
  expect(Object.keys(consortium.network.refused)).toEqual(["EXPIRED_CERTIFICATE"]);
});

test("a renewed certificate is asked for once by each that has not met the peer since", async () => {
  const consortium = await acquainted();
  await consortium.runFor(20_000);
  const since = consortium.said.length;
  const id = await renew(consortium, { validToMs: consortium.startMs + 86_400_000 });
  await consortium.runFor(30_000);
  const told = consortium.said
    .slice(since)
    .flatMap(({ to, message }) => (identitiesTold(message).includes(id) ? [to] : []));
  expect(told.toSorted()).toEqual(OTHERS);
  const wanted = consortium.said
    .slice(since)
    .flatMap(({ from, message }) => (message.kind === "identity-want" ? [from] : []));
  expect(wanted.toSorted()).toEqual(OTHERS);
});

test.each([
  ["", []],
  [", though the seeds are gone", ["a0", "b0"]],
])(
  "where all certificates end at once and all are renewed, the network is whole again%s",
  async (_what, gone) => {
    const ids = ["a0", "a1", "a2", "b0", "b1"];
    const members = (letter: string) =>
      Object.fromEntries(
        ids.filter((id) => id.startsWith(letter)).map((id) => [id, { expiresAfterMs: 10_000 }]),
      );
    const consortium = await Consortium.create({
      seed: 23,
      organisations: { A: members("a"), B: members("b") },
      channels: { trade: { A: ["a0"], B: ["b0"] } },
    });
    await consortium.start();
    await consortium.untilAcquainted(ids);
    await consortium.runFor(60_000 - elapsedMs(consortium));
    for (const id of ids) expect(consortium.peer(id).known(), id).toEqual([]);
    for (const id of gone) consortium.peer(id).crash();
    const left = ids.filter((id) => !gone.includes(id));
    for (const id of left) {
      const organisation = consortium.organisation(id.charAt(0).toUpperCase());
      consortium.peer(id).renew(await organisation.member(id));
      await consortium.runFor(1_000);
    }
    await consortium.untilAcquainted(left, 60_000);
  },
);

test("a peer whose certificate is revoked comes back with another one", async () => {
  const consortium = await acquainted();
  await revoke(consortium);
  await consortium.until(areAll(consortium, "refused"), 5_000, "all have shut it out");
  await consortium.runFor(10_000);
  const expiresMs = consortium.startMs + 86_400_000;
  const fresh = await renew(consortium, { validToMs: expiresMs });
  await consortium.until(areAllShown(consortium, fresh, expiresMs), 30_000, "it is back");
});

test("a peer that goes by a revoked certificate is shut out though an older one of its is still good", async () => {
  const consortium = await acquainted();
  await renew(consortium, { validToMs: consortium.startMs + 86_400_000 });
  await consortium.runFor(10_000);
  await revoke(consortium);
  await consortium.until(areAll(consortium, "refused"), 5_000, "all have shut it out");
  for (const id of OTHERS) expect(consortium.peer(id).channel("trade").view.isActive(a2)).toBe(false);
});

test("where an old certificate is revoked after the new one is shown, nothing happens", async () => {
  const consortium = await acquainted();
  const { serial } = consortium.peer("a2").member;
  const expiresMs = consortium.startMs + 86_400_000;
  const fresh = await renew(consortium, { validToMs: expiresMs });
  await consortium.until(areAllShown(consortium, fresh, expiresMs), 3_000, "all see the new one");
  await revoke(consortium, serial);
  const holdIt = () => [...OTHERS, a2].every((id) => consortium.peer(id).height("trade") === 2);
  await consortium.until(holdIt, 10_000, "all hold the config block");
  await consortium.runFor(30_000);
  expect(areAllShown(consortium, fresh, expiresMs)()).toBe(true);
  expect(consortium.network.refused).toEqual({});
});
