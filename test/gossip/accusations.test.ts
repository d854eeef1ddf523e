import { expect, test } from "vitest";
import { Accusations, type Accusation } from "../../gossip/failures/accusations.ts";
import type { PeerId } from "../../gossip/ports.ts";

const SIGNED = { payload: new Uint8Array(0), signature: new Uint8Array(0) };

function word(by: string, sequence: number, changes: Partial<Accusation> = {}): Accusation {
  const [peer, accused] = [by, "accused"] as PeerId[] as [PeerId, PeerId];
  return { kind: "accusation", peer, accused, incarnation: 1, sequence, signed: SIGNED, ...changes };
}

function holding(...words: readonly Accusation[]): Accusations {
  const accusations = new Accusations(2);
  for (const each of words) accusations.add(each);
  return accusations;
}

const five = ["a", "b", "c", "d", "e"].map((by) => word(by, 3));

test.each([
  { what: "the first word", held: [], next: word("a", 0), wanted: true },
  { what: "the same again", held: [word("a", 3)], next: word("a", 3), wanted: false },
  { what: "an older one of the accuser", held: [word("a", 3)], next: word("a", 2), wanted: false },
  { what: "a later one of the accuser", held: [word("a", 3)], next: word("a", 4), wanted: true },
  {
    what: "one about a later life",
    held: [word("a", 3)],
    next: word("a", 0, { incarnation: 2 }),
    wanted: true,
  },
  { what: "a fifth accuser, of two that are needed", held: five.slice(0, 4), next: five[4]!, wanted: true },
  { what: "a sixth", held: five, next: word("f", 3), wanted: false },
  { what: "a later word of one of five", held: five, next: word("c", 4), wanted: true },
])("$what is wanted: $wanted", ({ held, next, wanted }) => {
  expect(holding(...held).wants(next)).toBe(wanted);
});

test("of each accuser the latest word is kept", () => {
  const accusations = holding(word("a", 3), word("b", 3), word("a", 5));
  const accused = "accused" as PeerId;
  expect(accusations.against(accused).map(({ peer, sequence }) => `${peer} ${sequence}`)).toEqual([
    "a 5",
    "b 3",
  ]);
  expect(accusations.by("a" as PeerId, accused)?.sequence).toBe(5);
  expect(accusations.all()).toHaveLength(2);
});

test.each([
  { incarnation: 1, sequence: 2, refuted: [], stands: true },
  // The time that is named is the latest that was heard: only a later one says more.
  { incarnation: 1, sequence: 3, refuted: [], stands: true },
  { incarnation: 1, sequence: 4, refuted: ["a"], stands: true },
  { incarnation: 1, sequence: 6, refuted: ["a", "b"], stands: false },
  { incarnation: 2, sequence: 0, refuted: ["a", "b"], stands: false },
  { incarnation: 0, sequence: 9, refuted: [], stands: true },
])("a statement of $incarnation, $sequence refutes $refuted", ({ refuted, stands, ...time }) => {
  const accusations = holding(word("a", 3), word("b", 5));
  const accused = "accused" as PeerId;
  expect(accusations.stands(accused, time)).toBe(stands);
  expect(accusations.refute(accused, time).map(({ peer }) => peer)).toEqual(refuted);
  expect(accusations.against(accused)).toHaveLength(2 - refuted.length);
  // What was refuted makes room.
  expect(accusations.refute(accused, time)).toEqual([]);
});

test("nothing is left of a peer that is forgotten", () => {
  const accusations = holding(...five);
  accusations.forget("accused" as PeerId);
  expect(accusations.all()).toEqual([]);
});
