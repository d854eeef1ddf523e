import * as fc from "fast-check";
import { expect, test } from "vitest";
import { LeaderElection, type Candidate } from "../../gossip/leaders/leader-election.ts";
import { gossipOptions } from "../../gossip/options.ts";
import type { PeerId } from "../../gossip/ports.ts";

const OPTIONS = gossipOptions({ leaderLagBlocks: 16, leaderPatienceMs: 2_000 });
const LOOK_MS = 250;
const [a, b, c] = ["a", "b", "c"] as PeerId[] as [PeerId, PeerId, PeerId];

interface Peer {
  height: number;
  canLead: boolean;
  readonly election: LeaderElection;
}

/** Peers that hear each other's words at once. */
class Organisation {
  readonly peers: ReadonlyMap<PeerId, Peer>;
  nowMs = 0;

  constructor(specs: readonly { readonly height: number; readonly canLead: boolean }[]) {
    this.peers = new Map(
      specs.map(({ height, canLead }, index) => {
        const peer = String.fromCodePoint(97 + index) as PeerId;
        return [peer, { height, canLead, election: new LeaderElection(peer, OPTIONS, 0) }];
      }),
    );
  }

  get leaders(): readonly PeerId[] {
    return [...this.peers].filter(([, { election }]) => election.leads).map(([peer]) => peer);
  }

  peer(id: PeerId): Peer {
    return this.peers.get(id)!;
  }

  run(durationMs: number): void {
    for (const endMs = this.nowMs + durationMs; this.nowMs < endMs; this.nowMs += LOOK_MS)
      for (const id of this.peers.keys()) this.#decide(id);
  }

  #decide(self: PeerId): void {
    const { election, height, canLead } = this.peer(self);
    const others = [...this.peers].flatMap(([peer, other]): Candidate[] =>
      peer === self || !other.canLead ? [] : [{ peer, height: other.height, leads: other.election.leads }],
    );
    election.decide({ height, growth: 0, canLead, others }, this.nowMs);
  }
}

const specs = fc.array(fc.record({ height: fc.integer({ min: 1, max: 60 }), canLead: fc.boolean() }), {
  minLength: 1,
  maxLength: 8,
});

function highestOf(organisation: Organisation): number {
  return Math.max(
    ...[...organisation.peers.values()].filter(({ canLead }) => canLead).map((peer) => peer.height),
  );
}

test("in every view that stays as it is exactly one leader emerges, that does not lag, and it stays", () => {
  fc.assert(
    fc.property(specs, specs, (before, after) => {
      const organisation = new Organisation(before);
      organisation.run(10_000);
      // Another view, with whoever led in the one before.
      for (const [index, peer] of [...organisation.peers.values()].entries())
        Object.assign(peer, after[index] ?? { height: 1, canLead: false });
      organisation.run(20_000);
      const { leaders } = organisation;
      const able = [...organisation.peers].filter(([, { canLead }]) => canLead);
      expect(leaders).toHaveLength(Math.min(1, able.length));
      for (const leader of leaders)
        expect(organisation.peer(leader).height + 16).toBeGreaterThanOrEqual(highestOf(organisation));
      organisation.run(20_000);
      expect(organisation.leaders).toEqual(leaders);
      for (const { election, canLead } of organisation.peers.values())
        if (canLead) expect(election.leadership.leader).toBe(leaders[0]);
    }),
  );
});

test("a leader that works is never replaced by an equal one, whoever comes", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(16), { minLength: 2, maxLength: 8 }), fc.nat(7), (lags, which) => {
      const organisation = new Organisation(lags.map((lag) => ({ height: 100 - lag, canLead: false })));
      const ids = [...organisation.peers.keys()];
      const first = ids[which % ids.length]!;
      organisation.peer(first).canLead = true;
      organisation.run(5_000);
      expect(organisation.leaders).toEqual([first]);
      const { sinceMs } = organisation.peer(first).election.leadership;
      for (const id of ids) {
        organisation.peer(id).canLead = true;
        organisation.run(3_000);
        expect(organisation.leaders).toEqual([first]);
      }
      expect(organisation.peer(first).election.leadership.sinceMs).toBe(sinceMs);
    }),
  );
});

test("the first in line claims at once where the leader yields, the next one only after the patience", () => {
  const organisation = new Organisation([
    { height: 10, canLead: true },
    { height: 10, canLead: true },
    { height: 10, canLead: true },
  ]);
  organisation.run(3_000);
  expect(organisation.leaders).toEqual([a]);
  organisation.peer(a).canLead = false;
  organisation.run(LOOK_MS);
  expect(organisation.leaders).toEqual([b]);
  // A candidate that is first in line by its word and does not claim.
  const election = new LeaderElection(c, OPTIONS, 0);
  const decide = (nowMs: number) =>
    election.decide(
      { height: 10, growth: 0, canLead: true, others: [{ peer: a, height: 1e9, leads: false }] },
      nowMs,
    ).leader;
  expect(decide(10_000)).toBeUndefined();
  expect(decide(11_900)).toBeUndefined();
  expect(decide(12_000)).toBe(c);
});

test("height alone, without a claim, takes nothing from a leader; a higher one's claim does", () => {
  const election = new LeaderElection(a, OPTIONS, 0);
  const decide = (leads: boolean, height: number, nowMs: number) =>
    election.decide({ height: 100, growth: 0, canLead: true, others: [{ peer: b, height, leads }] }, nowMs);
  expect(decide(false, 100, 0).leader).toBeUndefined();
  expect(decide(false, 100, 2_000).leader).toBe(a);
  expect(decide(false, 1_000, 60_000)).toMatchObject({ leader: a, sinceMs: 2_000 });
  expect(decide(true, 116, 61_000).leader).toBe(a);
  expect(decide(true, 117, 62_000)).toMatchObject({ leader: b, sinceMs: 62_000 });
});

test("a leader whose word is merely old is not taken for one that lags", () => {
  const growing = (growth: number) => {
    const election = new LeaderElection(b, OPTIONS, 0);
    const others = [{ peer: a, height: 100, leads: true }];
    for (let nowMs = 0; nowMs <= 10_000; nowMs += LOOK_MS)
      election.decide({ height: 200, growth, canLead: true, others }, nowMs);
    return election.leads;
  };
  expect(growing(84)).toBe(false);
  expect(growing(83)).toBe(true);
});

test("after a pause a leader listens before it claims again, and one that just starts does too", () => {
  const election = new LeaderElection(a, OPTIONS, 0);
  const alone = { height: 1, growth: 0, canLead: true, others: [] };
  expect(election.decide(alone, 1_999).leader).toBeUndefined();
  expect(election.decide(alone, 2_000).leader).toBe(a);
  election.paused(10_000);
  expect(election.decide(alone, 10_000).leader).toBeUndefined();
  expect(election.decide(alone, 12_000).leader).toBe(a);
});
