import { Accusations } from "../../gossip/failures/accusations.ts";
import { expect, test } from "vitest";
import { identityIdOf } from "../../gossip/door/identity-id.ts";
import { Identities } from "../../gossip/door/identities.ts";
import { Membership } from "../../gossip/members/membership.ts";
import type { MemberEntry } from "../../gossip/wire/messages.ts";
import { gossipOptions } from "../../gossip/options.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { signStatement } from "../../gossip/wire/statements.ts";
import { SimulatedKeyring } from "../../node/testing/simulator/simulated-keyring.ts";
import { VirtualClock } from "../../node/testing/simulator/virtual-clock.ts";
import { PlainAdmission, plainIdentity } from "./plain-admission.ts";

const [a1, a2, b1] = ["a1", "a2", "b1"] as PeerId[] as [PeerId, PeerId, PeerId];

/** The membership of a0, which can be seen from outside or not, and has been shown everybody's identity. */
function membershipUnderTest(external: readonly string[] = ["/simulated/a0"]) {
  const self = "a0" as PeerId;
  const clock = new VirtualClock(1_000_000);
  const admission = new PlainAdmission(clock, { peer: self, organisation: "A" });
  const onRefused = () => undefined;
  const identities = new Identities({
    self,
    admission,
    clock,
    peersMax: 9,
    isNeeded: () => true,
    onRefused,
  });
  const ports = { isSeed: () => false, isCutOff: () => false, observe: () => undefined };
  const membership = new Membership({
    accusations: new Accusations(5),
    ...ports,
    keyring: new SimulatedKeyring(self),
    admission,
    identities,
    options: gossipOptions({}),
    startMs: 0,
  });
  membership.own.describe({
    name: "",
    tags: [],
    endpoints: { internal: ["/inside/a0"], external },
    channelTags: [],
  });
  for (const peer of [a1, a2, b1]) identities.put(peer, identityOf(peer));
  return membership;
}

function identityOf(peer: PeerId): Uint8Array {
  return plainIdentity({ peer, organisation: peer.charAt(0).toUpperCase() });
}

/** What the peer says of itself, with these external endpoints. */
function entryOf(peer: PeerId, sequence: number, addresses: readonly string[]): MemberEntry {
  const alive = {
    kind: "alive",
    peer,
    incarnation: 1,
    sequence,
    left: false,
    name: "",
    addresses,
    channelTags: [],
    identity: identityIdOf(identityOf(peer)),
    tags: [],
  } as const;
  return { alive: signStatement(alive, new SimulatedKeyring(peer)), internal: undefined };
}

function internalOf(peer: PeerId, sequence: number, address: string, signer = peer) {
  const internal = { kind: "internal", peer, incarnation: 1, sequence, addresses: [address] } as const;
  return signStatement(internal, new SimulatedKeyring(signer));
}

test("a peer of another organisation that is not to be seen outside is not seen, whoever tells of it", () => {
  const membership = membershipUnderTest();
  expect(membership.receive(entryOf(b1, 0, []), 0).kind).toBe("known");
  expect(membership.all()).toEqual([]);
  expect(membership.receive(entryOf(b1, 1, ["/simulated/b1"]), 0).kind).toBe("news");
  expect(membership.receive(entryOf(a1, 0, []), 0).kind).toBe("news");
});

test("a peer that is not to be seen outside sees nobody there, whoever tells it", () => {
  const membership = membershipUnderTest([]);
  expect(membership.receive(entryOf(b1, 0, ["/simulated/b1"]), 0).kind).toBe("known");
  expect(membership.receive(entryOf(a1, 0, ["/simulated/a1"]), 0).kind).toBe("news");
  expect(membership.all().map(({ peer }) => peer)).toEqual([a1]);
});

test("a peer that withdraws its external endpoint is not renewed by what it says afterwards", () => {
  const membership = membershipUnderTest();
  membership.receive(entryOf(b1, 0, ["/simulated/b1"]), 0);
  membership.receive(entryOf(b1, 1, []), 20_000);
  expect(membership.get(b1)).toMatchObject({ heardMs: 0, addresses: ["/simulated/b1"] });
  membership.expire(25_001);
  expect(membership.isAlive(b1)).toBe(false);
});

test("within the organisation a peer is reached where it is inside, and outside it nobody is told where", () => {
  const membership = membershipUnderTest();
  const entry = { ...entryOf(a1, 0, ["/simulated/a1"]), internal: internalOf(a1, 0, "/inside/a1") };
  membership.receive(entry, 0);
  const member = membership.get(a1)!;
  expect(member.addresses).toEqual(["/inside/a1", "/simulated/a1"]);
  membership.receive(entryOf(a2, 0, []), 0);
  membership.receive(entryOf(b1, 0, ["/simulated/b1"]), 0);
  expect(membership.entryFor(membership.get(a2)!, member, member.entry)).toEqual(entry);
  expect(membership.entryFor(membership.get(b1)!, member, member.entry)).toEqual({
    ...entry,
    internal: undefined,
  });
});

test("internal endpoints of another organisation's peer are not kept, though they are signed", () => {
  const membership = membershipUnderTest();
  const entry = { ...entryOf(b1, 0, ["/simulated/b1"]), internal: internalOf(b1, 0, "/inside/b1") };
  membership.receive(entry, 0);
  expect(membership.get(b1)).toMatchObject({
    addresses: ["/simulated/b1"],
    entry: { internal: undefined },
  });
});

test("internal endpoints count with their author's signature only", () => {
  const forged = [internalOf(a1, 5, "/inside/evil", a2), internalOf(a2, 5, "/inside/evil")];
  for (const internal of forged) {
    const membership = membershipUnderTest();
    const entry = { ...entryOf(a1, 0, []), internal };
    expect(() => membership.receive(entry, 0)).toThrow(expect.objectContaining({ code: "BAD_SIGNATURE" }));
    expect(membership.all()).toEqual([]);
  }
});

test("of a peer's internal endpoints the newest count, in whatever order they come, or are left out", () => {
  const membership = membershipUnderTest();
  const tell = (sequence: number, internal: MemberEntry["internal"]) => {
    membership.receive({ ...entryOf(a1, sequence, []), internal }, 0);
    return membership.get(a1)!.addresses;
  };
  expect(tell(0, internalOf(a1, 3, "/inside/new"))).toEqual(["/inside/new"]);
  expect(tell(1, internalOf(a1, 2, "/inside/old"))).toEqual(["/inside/new"]);
  expect(tell(2, undefined)).toEqual(["/inside/new"]);
  expect(tell(3, internalOf(a1, 4, "/inside/newest"))).toEqual(["/inside/newest"]);
});

test("our own statement tells our internal endpoints beside it, for whom it may concern", () => {
  const membership = membershipUnderTest();
  const entry = membership.own.announce();
  membership.receive(entryOf(a1, 0, []), 0);
  membership.receive(entryOf(b1, 0, ["/simulated/b1"]), 0);
  const [own, foreign] = [membership.get(a1)!, membership.get(b1)!];
  expect(membership.entryFor(own, membership.party, entry)?.internal).toBeDefined();
  expect(membership.entryFor(foreign, membership.party, entry)).toEqual({ ...entry, internal: undefined });
  expect(Buffer.from(entry.alive.payload).includes("/inside/")).toBe(false);
});
