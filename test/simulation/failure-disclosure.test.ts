import { expect, test } from "vitest";
import type { PeerId } from "../../gossip/ports.ts";
import { readAccusation } from "../../gossip/wire/statements.ts";
import { Consortium, type Said } from "../simulator/consortium.ts";

const HIDDEN = { external: [] };
const ORGANISATIONS = {
  A: { a0: {}, a1: {}, a2: {}, a3: HIDDEN, a4: HIDDEN },
  B: { b0: {}, b1: {}, b2: {}, b3: HIDDEN },
  C: { c0: {}, c1: {}, c2: {} },
};

async function consortium(seed: number): Promise<Consortium> {
  const made = await Consortium.create({
    seed,
    organisations: ORGANISATIONS,
    channels: { trade: { A: ["a0"], B: ["b0"], C: ["c0"] } },
  });
  await made.start();
  for (const peers of Object.values(ORGANISATIONS)) await made.untilAcquainted(Object.keys(peers));
  await made.untilAcquainted(["a0", "a1", "a2", "b0", "b1", "b2", "c0", "c1", "c2"]);
  await made.runFor(5_000);
  return made;
}

const isHidden = (peer: PeerId) => ["a3", "a4", "b3"].includes(peer);
const organisation = (peer: PeerId) => peer[0];

/** Of whom a message of failure detection speaks, beside its sender and receiver. */
function spokenOf({ from, to, message }: Said): readonly PeerId[] {
  const all = (() => {
    switch (message.kind) {
      case "accusations":
        return message.statements.map(readAccusation).flatMap(({ peer, accused }) => [peer, accused]);
      case "ping":
        if (message.accusation === undefined) return [];
        return [readAccusation(message.accusation)].flatMap(({ peer, accused }) => [peer, accused]);
      case "ping-request":
        return [message.peer];
      default:
        return [];
    }
  })();
  return all.filter((peer) => peer !== from && peer !== to);
}

/** Whether the rules of who is told of whom forbid that this is said. */
function isForbidden({ from, to, message }: Said): boolean {
  return spokenOf({ from, to, message }).some((about) => {
    if (organisation(to) === organisation(about)) return false;
    // Of another organisation's peers one hears from its own ones and from theirs, and none of this is for who is hidden.
    const mayBeTold = organisation(from) === organisation(to) || organisation(from) === organisation(about);
    return isHidden(about) || isHidden(to) || !mayBeTold;
  });
}

test.each([
  { victims: ["a3"] },
  { victims: ["a1"] },
  { victims: ["b3", "b2"] },
  { victims: ["a1", "b1", "c1"] },
])("when $victims die, nobody hears by it of a peer that it may not be told of", async ({ victims }) => {
  const made = await consortium(31);
  made.said.length = 0;
  for (const victim of victims) made.peer(victim).crash();
  const left = made.peers().filter((peer) => peer.isUp);
  // Who knew one takes it for dead.
  const areDead = () =>
    left.every((peer) =>
      victims.every((victim) => !peer.membership.living().some((other) => other.peer === victim)),
    );
  await made.until(areDead, 15_000, "they are dead for all");
  await made.runFor(20_000);
  const words = made.said.filter((said) => spokenOf(said).length > 0);
  expect(words.length).toBeGreaterThan(0);
  expect(words.filter(isForbidden).map(({ from, to, message }) => `${from} ${to} ${message.kind}`)).toEqual(
    [],
  );
  expect(made.noted()).toEqual({});
  expect(made.network.refused).toEqual({});
});

test("whoever asks for a ping of a peer that it may not be told of learns no more than of one that is not there", async () => {
  const made = await consortium(32);
  made.said.length = 0;
  for (const [id, peer] of (["a3", "c0", "nobody"] as PeerId[]).entries())
    made.peer("b0").transport.send("a0" as PeerId, { kind: "ping-request", id: 1_000_000 + id, peer });
  await made.runFor(3_000);
  const pongs = made
    .saidBy("a0", "b0")
    .filter((message) => message.kind === "pong" && message.id >= 1_000_000);
  expect(pongs).toEqual([0, 1, 2].map((id) => ({ kind: "pong", id: 1_000_000 + id, isSilent: true })));
  const pinged = made.said.filter(({ from, message }) => from === "a0" && message.kind === "ping");
  expect(pinged.filter(({ to }) => to === "nobody")).toEqual([]);
});
