import { expect, test } from "vitest";
import { identityIdOf } from "../../gossip/door/identity-id.ts";
import { encodeMessage } from "../../gossip/wire/message-codec.ts";
import type { IdentityId, MemberEntry } from "../../gossip/wire/messages.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { signStatement, type AliveStatement } from "../../gossip/wire/statements.ts";
import { createIdentity } from "../../node/msp/identity.ts";
import { Consortium } from "../simulator/consortium.ts";
import { SimulatedKeyring } from "../../node/testing/simulator/simulated-keyring.ts";
import { identitiesNamed, identitiesTold } from "../simulator/told.ts";

const [a0, a1, a2] = ["a0", "a1", "a2"] as PeerId[] as [PeerId, PeerId, PeerId];
const HOUR_MS = 3_600_000;

/** An organisation of so many that all know each other. */
async function acquainted(count: number) {
  const ids = Array.from({ length: count }, (_, index) => `a${index}`);
  const consortium = await Consortium.create({
    seed: 29,
    organisations: { A: Object.fromEntries(ids.map((id) => [id, {}])) },
    channels: { trade: { A: [] } },
  });
  await consortium.start();
  await consortium.untilAcquainted(ids);
  return { consortium, ids };
}

/** What a2 says of itself, with these changes, as a0 is told by a1. */
async function tell(consortium: Consortium, changes: Partial<AliveStatement>): Promise<MemberEntry> {
  const { statement } = consortium.peer("a0").membership.get(a2)!;
  const alive = signStatement({ ...statement, ...changes }, new SimulatedKeyring(a2));
  const entry = { alive, internal: undefined };
  consortium.peer("a1").transport.send(a0, { kind: "alive", members: [entry] });
  await consortium.runFor(1_000);
  return entry;
}

function ownIdentity(consortium: Consortium, id: PeerId): IdentityId {
  return identityIdOf(createIdentity(consortium.peer(id).member.signer, id));
}

test("a statement of a time that is far from having come is not believed, and nobody is blamed for it", async () => {
  const { consortium } = await acquainted(3);
  const before = consortium.peer("a0").membership.get(a2)!.statement.incarnation;
  await tell(consortium, { incarnation: consortium.clock.now() + HOUR_MS + 60_000 });
  expect(consortium.network.refused).toEqual({ CLOCK_AHEAD: 1 });
  expect(consortium.peer("a0").membership.get(a2)!.statement.incarnation).toBe(before);
  expect(consortium.peer("a0").gossip.misconduct(a1)).toBeUndefined();
  expect(consortium.peer("a0").gossip.misconduct(a2)).toBeUndefined();
});

test("a statement of a clock that is a little ahead is believed, and its author goes past it", async () => {
  const { consortium } = await acquainted(3);
  const incarnation = Math.floor(consortium.clock.now()) + HOUR_MS - 60_000;
  await tell(consortium, { incarnation });
  expect(consortium.peer("a0").membership.get(a2)!.statement.incarnation).toBeGreaterThanOrEqual(incarnation);
  const isPast = () => consortium.peer("a0").membership.get(a2)!.statement.incarnation > incarnation;
  await consortium.until(isPast, 30_000, "a2 has spoken for itself");
  expect(consortium.peer("a0").knows("a2")).toBe(true);
});

test("a statement that names an identity which nobody has changes nothing", async () => {
  const { consortium } = await acquainted(3);
  const { incarnation, sequence } = consortium.peer("a0").membership.get(a2)!.statement;
  await tell(consortium, { incarnation: incarnation + 1, identity: "00".repeat(16) as IdentityId });
  expect(consortium.peer("a0").membership.get(a2)!.statement).toMatchObject({ incarnation });
  expect(consortium.peer("a0").membership.get(a2)!.statement.sequence).toBeGreaterThanOrEqual(sequence);
  expect(consortium.peer("a0").gossip.misconduct(a1)).toBeUndefined();
});

test("a statement that names no identity, or another peer's, is believed by nobody", async () => {
  const { consortium } = await acquainted(3);
  const { incarnation } = consortium.peer("a0").membership.get(a2)!.statement;
  for (const identity of ["" as IdentityId, ownIdentity(consortium, a1), ownIdentity(consortium, a0)]) {
    await tell(consortium, { incarnation: incarnation + 1, identity });
    expect(consortium.peer("a0").membership.get(a2)!.statement, identity).toMatchObject({ incarnation });
  }
  expect(consortium.peer("a0").gossip.misconduct(a1)).toBeUndefined();
});

test("a statement names its author's identity and does not carry it: it is small", async () => {
  const { consortium } = await acquainted(6);
  await consortium.runFor(60_000);
  const sizes: number[] = [];
  for (const { message } of consortium.said) {
    if (message.kind !== "alive" && message.kind !== "membership-response") continue;
    const bytes = encodeMessage(message);
    expect(Buffer.from(bytes).includes("CERTIFICATE")).toBe(false);
    sizes.push(bytes.length / message.members.length);
    for (const id of identitiesNamed(message)) expect(id).toMatch(/^[0-9a-f]{32}$/);
  }
  expect(sizes.length).toBeGreaterThan(100);
  expect(Math.max(...sizes)).toBeLessThan(200);
  const identity = createIdentity(consortium.peer("a1").member.signer, "a1");
  expect(identity.length).toBeGreaterThan(600);
});

test("who hears of a peer by rumour asks for its identity once, and is told it once", async () => {
  const { consortium, ids } = await acquainted(12);
  await consortium.runFor(60_000);
  const wants = consortium.said.flatMap(({ from, message }) =>
    message.kind === "identity-want" ? message.ids.map((id) => `${from} ${id}`) : [],
  );
  const tellings = consortium.said.flatMap(({ to, message }) =>
    identitiesTold(message).map((id) => `${to} ${id}`),
  );
  expect(wants.length).toBeGreaterThan(ids.length);
  expect(new Set(wants).size).toBe(wants.length);
  expect(tellings.toSorted()).toEqual(wants.toSorted());
  expect(consortium.network.refused).toEqual({});
});

test("an identity that was asked for in vain is asked for again", async () => {
  const { consortium } = await acquainted(3);
  consortium.network.weather = { ...consortium.network.weather, lossRate: 0.5 };
  const member = await consortium.organisation("A").member("a2", { validToMs: consortium.startMs + HOUR_MS });
  consortium.peer("a2").renew(member);
  const id = ownIdentity(consortium, a2);
  const isSeen = () =>
    [a0, a1].every((peer) => consortium.peer(peer).membership.get(a2)?.statement.identity === id);
  await consortium.until(isSeen, 120_000, "all see the new one");
});
