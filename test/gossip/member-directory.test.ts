import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Disclosure, type Party } from "../../gossip/members/disclosure.ts";
import { MemberDirectory } from "../../gossip/members/member-directory.ts";
import type { Member } from "../../gossip/members/membership.ts";
import { NO_IDENTITY } from "../../gossip/door/identity-id.ts";
import type { PeerId } from "../../gossip/ports.ts";

interface Peer extends Party {
  readonly peer: PeerId;
  readonly incarnation: number;
  readonly organisation: string;
}

const CREDENTIALS = { organisation: undefined, expiresMs: undefined, verify: () => true };

function member(peer: Peer, changes: Partial<Member> = {}): Member {
  const { incarnation, organisation, isExternal } = peer;
  const statement = {
    kind: "alive",
    peer: peer.peer,
    incarnation,
    sequence: 0,
    left: false,
    name: "",
    addresses: [],
    channelTags: [],
    identity: NO_IDENTITY,
    tags: [],
  } as const;
  return {
    peer: peer.peer,
    organisation,
    isExternal,
    state: "alive",
    reason: "",
    isReachable: true,
    statement,
    entry: { alive: { payload: new Uint8Array(0), signature: new Uint8Array(0) }, internal: undefined },
    addresses: [],
    credentials: CREDENTIALS,
    heardMs: 0,
    sinceMs: 0,
    ...changes,
  };
}

/** What a peer knows when everybody has told it all that may be told, in any order. */
function directoryOf(self: Peer, world: readonly Peer[], isOpen: boolean) {
  const disclosure = new Disclosure(isOpen, () => self);
  const directory = new MemberDirectory();
  for (const peer of world) {
    const isSeen = disclosure.isOwn(peer) || (peer.isExternal && self.isExternal);
    if (peer !== self && isSeen) directory.set(member(peer));
  }
  return { directory, disclosure };
}

function hashFor(self: Peer, to: Peer, world: readonly Peer[], isOpen = false): string {
  const { directory, disclosure } = directoryOf(self, world, isOpen);
  return Buffer.from(directory.hashFor(to, disclosure, self)).toString("hex");
}

const worlds = fc
  .array(
    fc.record({
      organisation: fc.constantFrom("A", "B", "C"),
      isExternal: fc.boolean(),
      incarnation: fc.nat(9),
    }),
    { minLength: 2, maxLength: 12 },
  )
  .map((peers) => peers.map((peer, index): Peer => ({ ...peer, peer: `p${index}` as PeerId })));

/** Whether the two have to do with each other at all. */
function mayMeet(a: Peer, b: Peer, isOpen: boolean): boolean {
  return isOpen || a.organisation === b.organisation || (a.isExternal && b.isExternal);
}

test("two peers that know all they may know have the same hash for each other, of whatever organisations", () => {
  fc.assert(
    fc.property(worlds, fc.boolean(), (world, isOpen) => {
      for (const a of world)
        for (const b of world)
          if (a !== b && mayMeet(a, b, isOpen))
            expect(hashFor(a, b, world, isOpen)).toBe(hashFor(b, a, world, isOpen));
    }),
    { numRuns: 200 },
  );
});

test("one that lacks a peer that the other may tell it of has another hash, and else the same", () => {
  fc.assert(
    fc.property(worlds, fc.nat(), (world, pick) => {
      const missing = world[pick % world.length]!;
      const rest = world.filter((peer) => peer !== missing);
      for (const a of rest)
        for (const b of rest) {
          if (a === b || !mayMeet(a, b, false)) continue;
          const { directory, disclosure } = directoryOf(a, world, false);
          const mayTell = directory.get(missing.peer) !== undefined && disclosure.mayTell(b, missing);
          expect(hashFor(a, b, world) !== hashFor(b, a, rest)).toBe(mayTell);
        }
    }),
    { numRuns: 200 },
  );
});

test("the hash is of those who are there, by whatever way they came to be", () => {
  type Step = readonly [number, Member["state"] | "forgotten", number, boolean];
  const steps = fc.array(
    fc.tuple(
      fc.nat(3),
      fc.constantFrom<Step[1]>("alive", "dead", "left", "refused", "forgotten"),
      fc.nat(3),
      fc.boolean(),
    ),
    { maxLength: 30 },
  );
  const self: Peer = { peer: "self" as PeerId, organisation: "A", isExternal: true, incarnation: 0 };
  const disclosure = new Disclosure(false, () => self);
  fc.assert(
    fc.property(steps, (way) => {
      const directory = new MemberDirectory();
      const last = new Map<PeerId, Member>();
      for (const [index, state, incarnation, isExternal] of way) {
        const peer = `p${index}` as PeerId;
        const known = last.get(peer);
        const next: Peer = { peer, organisation: index % 2 === 0 ? "A" : "B", isExternal, incarnation };
        if (state !== "forgotten") {
          last.set(peer, member(next, { state }));
          directory.set(member(next, { state }));
        } else if (known !== undefined) {
          last.delete(peer);
          directory.delete(known);
        }
      }
      const fresh = new MemberDirectory();
      for (const each of last.values()) if (each.state === "alive") fresh.set(each);
      for (const to of [
        self,
        { organisation: "A", isExternal: false },
        { organisation: "B", isExternal: true },
      ])
        expect(directory.hashFor(to, disclosure, self)).toEqual(fresh.hashFor(to, disclosure, self));
      expect(
        directory
          .living()
          .map(({ peer }) => peer)
          .sort(),
      ).toEqual(
        fresh
          .living()
          .map(({ peer }) => peer)
          .sort(),
      );
    }),
  );
});

test("the version goes up with what others say of themselves, not with the time at which they say it", () => {
  const directory = new MemberDirectory();
  const peer: Peer = { peer: "p" as PeerId, organisation: "A", isExternal: true, incarnation: 1 };
  directory.set(member(peer));
  const { version } = directory;
  directory.set(member(peer, { heardMs: 5_000 }));
  expect(directory.version).toBe(version);
  const changes = [
    member(peer, { credentials: { ...CREDENTIALS } }),
    member({ ...peer, incarnation: 2 }),
    member({ ...peer, incarnation: 2 }, { state: "dead" }),
  ];
  for (const [index, change] of changes.entries()) {
    directory.set(change);
    expect(directory.version).toBe(version + 1 + index);
  }
});
