import { expect, test } from "vitest";
import { NO_IDENTITY, identityIdOf } from "../../gossip/door/identity-id.ts";
import { Identities } from "../../gossip/door/identities.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { OPEN } from "../../node/testing/simulator/simulated-peer.ts";
import { VirtualClock } from "../../node/testing/simulator/virtual-clock.ts";
import { PlainAdmission, plainIdentity } from "./plain-admission.ts";

const [us, ann, bob] = ["us", "ann", "bob"] as PeerId[] as [PeerId, PeerId, PeerId];
const START_MS = 1_000_000;
const DAY_MS = 24 * 3_600_000;

function identitiesUnderTest({ peersMax = 10 } = {}) {
  const clock = new VirtualClock(START_MS);
  const admission = new PlainAdmission(clock, { peer: us, organisation: "Us" });
  const refused: string[] = [];
  const needed = new Set<PeerId>();
  const identities = new Identities({
    self: us,
    admission,
    clock,
    peersMax,
    isNeeded: (peer) => needed.has(peer),
    onRefused: (peer, { code }) => refused.push(`${peer} ${code} ${clock.now() - START_MS}`),
  });
  return { clock, admission, identities, refused, needed };
}

/** An identity of ann that ends so long after the start. */
function anns(serial: number, afterMs?: number) {
  const expiry = afterMs === undefined ? {} : { expiresMs: START_MS + afterMs };
  return plainIdentity({ peer: ann, organisation: "A", serial, ...expiry });
}

test("an identity is found by its id when it has been shown, and ours always", () => {
  const { identities, admission } = identitiesUnderTest();
  const id = identityIdOf(anns(1));
  expect(identities.find(id)).toBeUndefined();
  expect(identities.credentials(ann, id)).toBeUndefined();
  identities.put(ann, anns(1));
  expect(identities.find(id)).toEqual({ peer: ann, identity: anns(1) });
  expect(identities.credentials(ann, id)).toMatchObject({ organisation: "A" });
  expect(identities.find(identities.own)).toEqual({ peer: us, identity: admission.identity });
});

test("an identity stands for the peer that has shown it alone", () => {
  const { identities } = identitiesUnderTest();
  identities.put(ann, anns(1));
  expect(identities.credentials(bob, identityIdOf(anns(1)))).toBeUndefined();
  expect(() => identities.put(bob, anns(1))).toThrow(expect.objectContaining({ code: "WRONG_PEER" }));
  expect(identities.newest(bob)).toBeUndefined();
});

test("what has been judged is not judged again when it is shown again", () => {
  const { identities, admission } = identitiesUnderTest();
  const credentials = identities.put(ann, anns(1));
  expect(identities.put(ann, anns(1))).toBe(credentials);
  expect(admission.count).toBe(1);
});

test("an identity is dropped a millisecond after it ends, and the peer with it", async () => {
  const { clock, identities, refused } = identitiesUnderTest();
  using _timer = identities.start();
  identities.put(ann, anns(1, 5_000));
  await clock.runFor(5_000);
  expect(refused).toEqual([]);
  await clock.runFor(1);
  expect(refused).toEqual(["ann EXPIRED_CERTIFICATE 5001"]);
  expect(identities.find(identityIdOf(anns(1, 5_000)))).toBeUndefined();
  expect(identities.newest(ann)).toBeUndefined();
  await clock.runFor(DAY_MS);
  expect(refused).toHaveLength(1);
});

test("one that was there before the timer started, and one that ends sooner than the first, end in time", async () => {
  const { clock, identities, refused } = identitiesUnderTest();
  identities.put(ann, anns(1, 5_000));
  using _timer = identities.start();
  identities.put(bob, plainIdentity({ peer: bob, organisation: "B", expiresMs: START_MS + 2_000 }));
  await clock.runFor(10_000);
  expect(refused).toEqual(["bob EXPIRED_CERTIFICATE 2001", "ann EXPIRED_CERTIFICATE 5001"]);
});

test("an end that is further away than a timer counts comes in time too", async () => {
  const { clock, identities, refused } = identitiesUnderTest();
  const delays: number[] = [];
  const schedule = clock.schedule.bind(clock);
  clock.schedule = (delayMs, task) => (delays.push(delayMs), schedule(delayMs, task));
  using _timer = identities.start();
  identities.put(ann, anns(1, 40.5 * DAY_MS));
  await clock.runFor(40.5 * DAY_MS);
  expect(refused).toEqual([]);
  await clock.runFor(1);
  expect(refused).toHaveLength(1);
  // What Node.js counts in a timer.
  expect(Math.max(...delays)).toBeLessThan(2 ** 31);
});

test("nothing is dropped after the end of the timer", async () => {
  const { clock, identities, refused } = identitiesUnderTest();
  identities.start()[Symbol.dispose]();
  identities.put(ann, anns(1, 5_000));
  await clock.runFor(10_000);
  expect(refused).toEqual([]);
});

test("a peer that has shown a newer identity stays when the old one ends, and its old statements count till then", async () => {
  const { clock, identities, refused } = identitiesUnderTest();
  using _timer = identities.start();
  identities.put(ann, anns(1, 5_000));
  identities.put(ann, anns(2));
  const [old, fresh] = [identityIdOf(anns(1, 5_000)), identityIdOf(anns(2))];
  expect(identities.credentials(ann, old)).toBeDefined();
  await clock.runFor(10_000);
  expect(refused).toEqual([]);
  expect(identities.credentials(ann, old)).toBeUndefined();
  expect(identities.find(old)).toBeUndefined();
  expect(identities.credentials(ann, fresh)).toBeDefined();
});

test("of one peer the two newest are kept, whatever it shows", () => {
  const { identities } = identitiesUnderTest();
  for (let serial = 0; serial < 10; serial++) identities.put(ann, anns(serial));
  const kept = Array.from({ length: 10 }, (_, serial) => identities.find(identityIdOf(anns(serial))));
  expect(kept.map((found) => found !== undefined)).toEqual([...Array<boolean>(8).fill(false), true, true]);
});

test("a changed admission drops who is let in no more, once, and nobody else", () => {
  const { identities, admission, refused } = identitiesUnderTest();
  identities.put(ann, anns(1));
  identities.put(bob, plainIdentity({ peer: bob, organisation: "B" }));
  admission.revoked.add(1);
  identities.recheck();
  identities.recheck();
  expect(refused).toEqual(["ann REVOKED_CERTIFICATE 0"]);
  expect(identities.find(identityIdOf(anns(1)))).toBeUndefined();
  expect(identities.newest(bob)).toBeDefined();
  expect(() => identities.put(ann, anns(1))).toThrow(
    expect.objectContaining({ code: "REVOKED_CERTIFICATE" }),
  );
});

test("a changed admission leaves a peer that has another identity", () => {
  const { identities, admission, refused } = identitiesUnderTest();
  identities.put(ann, anns(1));
  identities.put(ann, anns(2));
  admission.revoked.add(1);
  identities.recheck();
  expect(refused).toEqual([]);
  expect(identities.credentials(ann, identityIdOf(anns(2)))).toBeDefined();
});

test("a peer is shown out when what it has shown last is let in no more, though an older one would be", () => {
  const { identities, admission, refused } = identitiesUnderTest();
  identities.put(ann, anns(1));
  identities.put(ann, anns(2));
  admission.revoked.add(2);
  identities.recheck();
  expect(refused).toEqual(["ann REVOKED_CERTIFICATE 0"]);
  // With the older one it may come again.
  expect(identities.credentials(ann, identityIdOf(anns(1)))).toBeDefined();
});

test("a peer that goes back to its older identity goes by that", () => {
  const { identities, admission, refused } = identitiesUnderTest();
  identities.put(ann, anns(1));
  identities.put(ann, anns(2));
  const credentials = identities.put(ann, anns(1));
  expect(identities.newest(ann)).toBe(credentials);
  admission.revoked.add(2);
  identities.recheck();
  expect(refused).toEqual([]);
});

test("a stranger makes room for a newcomer, a member does not", () => {
  const { identities, needed } = identitiesUnderTest({ peersMax: 2 });
  const of = (peer: PeerId) => plainIdentity({ peer, organisation: "A" });
  const put = (name: string) => identities.put(name as PeerId, of(name as PeerId));
  const has = (name: string) => identities.newest(name as PeerId) !== undefined;
  for (const name of ["member", "stranger"]) put(name);
  needed.add("member" as PeerId);
  put("newcomer");
  expect(["member", "stranger", "newcomer"].map(has)).toEqual([true, false, true]);
  needed.add("newcomer" as PeerId);
  expect(() => put("another")).toThrow(expect.objectContaining({ code: "NOT_ADMITTED" }));
  // Who is known may renew.
  identities.put("member" as PeerId, plainIdentity({ peer: "member", organisation: "A", serial: 2 }));
});

test("who needs no identity is let in without having shown any, and has none to be found", () => {
  const clock = new VirtualClock();
  const onRefused = () => undefined;
  const identities = new Identities({
    self: us,
    admission: OPEN,
    clock,
    peersMax: 9,
    isNeeded: () => true,
    onRefused,
  });
  expect(identities.own).toBe(NO_IDENTITY);
  expect(identities.credentials(ann, NO_IDENTITY)).toBeDefined();
  expect(identities.find(NO_IDENTITY)).toBeUndefined();
});

test("in a closed network no statement does without an identity", () => {
  const { identities } = identitiesUnderTest();
  identities.put(ann, anns(1));
  expect(identities.credentials(ann, NO_IDENTITY)).toBeUndefined();
});
