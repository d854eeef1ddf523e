import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Accusations } from "../../gossip/failures/accusations.ts";
import type { GossipEvent } from "../../gossip/events.ts";
import { GossipError } from "../../gossip/errors.ts";
import { Membership } from "../../gossip/members/membership.ts";
import { gossipOptions, type GossipOptions } from "../../gossip/options.ts";
import type { Admission, PeerId } from "../../gossip/ports.ts";
import { signStatement, supersedes, type AliveStatement } from "../../gossip/wire/statements.ts";
import { NO_IDENTITY } from "../../gossip/door/identity-id.ts";
import { Identities } from "../../gossip/door/identities.ts";
import { SimulatedKeyring } from "../../node/testing/simulator/simulated-keyring.ts";
import { OPEN } from "../../node/testing/simulator/simulated-peer.ts";
import { VirtualClock } from "../../node/testing/simulator/virtual-clock.ts";

const [us, them] = ["us", "them"] as PeerId[] as [PeerId, PeerId];

interface Setting {
  readonly options?: Partial<GossipOptions>;
  readonly seeds?: readonly PeerId[];
  readonly admission?: Admission;
}

function membershipUnderTest({ options = {}, seeds = [], admission = OPEN }: Setting = {}) {
  const events: GossipEvent[] = [];
  const isSeed = (peer: PeerId) => seeds.includes(peer);
  const identities = new Identities({
    self: us,
    admission,
    clock: new VirtualClock(),
    peersMax: 4_096,
    isNeeded: () => true,
    onRefused: () => undefined,
  });
  const observe = (event: GossipEvent) => events.push(event);
  const parts = { isSeed, isCutOff: () => false, identities, admission, startMs: 1_000, observe };
  const membership = new Membership({
    accusations: new Accusations(5),
    ...parts,
    keyring: new SimulatedKeyring(us),
    options: gossipOptions(options),
  });
  return { membership, events };
}

function entry(statement: Partial<AliveStatement> = {}, signer = them) {
  const whole = {
    kind: "alive",
    peer: them,
    incarnation: 1,
    sequence: 0,
    left: false,
    name: "",
    addresses: [],
    channelTags: [],
    identity: NO_IDENTITY,
    tags: [],
    ...statement,
  } as const;
  return { alive: signStatement(whole, new SimulatedKeyring(signer)), internal: undefined };
}

test("a peer that falls silent is alive for five intervals, then dead, and after a hundred forgotten", () => {
  const { membership, events } = membershipUnderTest({ options: { aliveIntervalMs: 100 } });
  membership.receive(entry(), 0);
  membership.expire(500);
  expect(membership.isAlive(them)).toBe(true);
  membership.expire(501);
  expect(membership.get(them)?.state).toBe("dead");
  membership.expire(10_000);
  expect(membership.get(them)?.state).toBe("dead");
  membership.expire(10_001);
  expect(membership.get(them)).toBeUndefined();
  expect(events.map((event) => (event.kind === "member" ? event.state : event.kind))).toEqual([
    "alive",
    "dead",
    "forgotten",
  ]);
});

test("a bootstrap peer is never forgotten", () => {
  const { membership } = membershipUnderTest({
    options: { aliveIntervalMs: 100 },
    seeds: [them],
  });
  membership.receive(entry(), 0);
  membership.expire(501);
  membership.expire(1_000_000_000);
  expect(membership.get(them)?.state).toBe("dead");
});

test("only a newer statement revives a dead peer", () => {
  const { membership } = membershipUnderTest();
  const first = entry({ incarnation: 5, sequence: 3 });
  membership.receive(first, 0);
  membership.become(them, "dead", "nobody can reach it", 10);
  for (const old of [first, entry({ incarnation: 5, sequence: 2 }), entry({ incarnation: 4, sequence: 9 })]) {
    expect(membership.receive(old, 20).kind).toBe("known");
    expect(membership.isAlive(them)).toBe(false);
  }
  expect(membership.receive(entry({ incarnation: 5, sequence: 4 }), 30)).toMatchObject({ isNew: true });
  expect(membership.isAlive(them)).toBe(true);
});

test("statements in any order leave the newest standing", () => {
  const times = fc.uniqueArray(fc.tuple(fc.nat(5), fc.nat(5)), { minLength: 1, selector: String });
  fc.assert(
    fc.property(times, (order) => {
      const { membership } = membershipUnderTest();
      for (const [incarnation, sequence] of order) membership.receive(entry({ incarnation, sequence }), 0);
      const [incarnation, sequence] = order.toSorted((a, b) => b[0] - a[0] || b[1] - a[1])[0]!;
      expect(membership.get(them)?.statement).toMatchObject({ incarnation, sequence });
    }),
  );
});

test("of two statements exactly one supersedes the other, unless they are of one time", () => {
  const time = fc.record({ incarnation: fc.nat(), sequence: fc.nat() });
  fc.assert(
    fc.property(time, time, (a, b) => {
      const isSame = a.incarnation === b.incarnation && a.sequence === b.sequence;
      expect(Number(supersedes(a, b)) + Number(supersedes(b, a))).toBe(isSame ? 0 : 1);
    }),
  );
});

test("a statement that its author did not sign, or whose bytes were changed, is refused", () => {
  const { membership } = membershipUnderTest();
  expect(() => membership.receive(entry({}, us), 0)).toThrow(
    expect.objectContaining({ code: "BAD_SIGNATURE" }),
  );
  const signed = entry();
  fc.assert(
    fc.property(fc.nat(signed.alive.payload.length - 1), fc.integer({ min: 1, max: 255 }), (index, flip) => {
      const payload = signed.alive.payload.map((byte, at) => (at === index ? byte ^ flip : byte));
      const forged = { alive: { ...signed.alive, payload }, internal: undefined };
      expect(() => membership.receive(forged, 0)).toThrow(GossipError);
    }),
  );
  expect(membership.all()).toEqual([]);
});

test("a peer that is not admitted is not remembered, whatever it signs", () => {
  const admission: Admission = {
    ...OPEN,
    admit: () => {
      throw new GossipError("NO_IDENTITY", "it shows none");
    },
  };
  const { membership } = membershipUnderTest({ admission });
  expect(() => membership.receive(entry(), 0)).toThrow(expect.objectContaining({ code: "NO_IDENTITY" }));
  expect(membership.all()).toEqual([]);
});

test("no more peers are remembered than the limit", () => {
  const { membership } = membershipUnderTest({ options: { membersMax: 2 } });
  for (const id of ["a", "b"] as PeerId[]) membership.receive(entry({ peer: id }, id), 0);
  const third = "c" as PeerId;
  expect(() => membership.receive(entry({ peer: third }, third), 0)).toThrow(
    expect.objectContaining({ code: "NOT_ADMITTED" }),
  );
  expect(membership.receive(entry({ peer: "a" as PeerId, sequence: 1 }, "a" as PeerId), 0).kind).toBe("news");
});

test("our own key's word from a later life makes us go past it", () => {
  const { membership, events } = membershipUnderTest();
  membership.receive(entry({ peer: us, incarnation: 7_000 }, us), 0);
  expect(membership.incarnation).toBe(7_001);
  expect(events).toEqual([{ kind: "identity-in-use", incarnation: 7_000 }]);
  const forged = entry({ peer: us, incarnation: 9_000 }, them);
  expect(() => membership.receive(forged, 0)).toThrow(expect.objectContaining({ code: "BAD_SIGNATURE" }));
  expect(membership.incarnation).toBe(7_001);
});

test("the alive interval is the base up to 50 peers and grows with the network above", () => {
  const { membership } = membershipUnderTest({ options: { aliveIntervalMs: 1_000 } });
  expect(membership.aliveIntervalMs()).toBe(1_000);
  for (let index = 0; index < 99; index++)
    membership.receive(entry({ peer: `p${index}` as PeerId }, `p${index}` as PeerId), 0);
  expect(membership.aliveIntervalMs()).toBe(2_000);
});
