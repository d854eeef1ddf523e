import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Disclosure, type Party } from "../../gossip/members/disclosure.ts";

/** An organisation's letter; a small one: the peer has no external endpoint. */
function party(letter: string): Party {
  return { organisation: letter.toUpperCase(), isExternal: letter === letter.toUpperCase() };
}

function mayTell(self: string, to: string, about: string): boolean {
  return new Disclosure(false, () => party(self)).mayTell(party(to), party(about));
}

test.each([
  // Within the organisation everybody is told of everybody in it.
  ["A", "A", "A", true],
  ["A", "A", "a", true],
  ["A", "a", "A", true],
  ["A", "a", "a", true],
  ["a", "A", "a", true],
  ["a", "a", "A", true],
  ["a", "a", "a", true],
  // Of others those hear who are seen from there.
  ["A", "A", "B", true],
  ["A", "a", "B", false],
  // Others hear of those who are to be seen, from those who are to be seen.
  ["A", "B", "A", true],
  ["A", "B", "a", false],
  ["a", "B", "A", false],
  ["a", "B", "a", false],
  // Of their own, what they know anyway; of a third, nothing.
  ["A", "B", "B", true],
  ["A", "B", "C", false],
])("a peer of %s tells one of %s about one of %s: %s", (self, to, about, expected) => {
  expect(mayTell(self, to, about)).toBe(expected);
});

const letters = fc.constantFrom("A", "a", "B", "b", "C", "c");

test("no organisation tells a second about a third, whoever can be seen", () => {
  fc.assert(
    fc.property(letters, letters, letters, (self, to, about) => {
      const count = new Set([self, to, about].map((letter) => letter.toUpperCase())).size;
      if (count === 3) expect(mayTell(self, to, about)).toBe(false);
    }),
  );
});

test("who is not seen from outside is not told of outside its organisation", () => {
  fc.assert(
    fc.property(letters, letters, (self, to) => {
      const about = self.toLowerCase();
      if (to.toUpperCase() !== self.toUpperCase()) expect(mayTell(self, to, about)).toBe(false);
    }),
  );
});

test.each([
  ["A", "A", true],
  ["a", "A", true],
  ["A", "B", true],
  ["a", "B", false],
])("a peer of %s meets one of %s: %s", (self, other, expected) => {
  const disclosure = new Disclosure(false, () => party(self));
  expect(disclosure.mayMeet(party(other))).toBe(expected);
});

test("where everybody is let in, everybody is told everything", () => {
  fc.assert(
    fc.property(letters, letters, letters, (self, to, about) => {
      const open = new Disclosure(true, () => party(self));
      expect(open.mayTell(party(to), party(about))).toBe(true);
      expect(open.mayMeet(party(to)) && open.isOwn(party(to))).toBe(true);
    }),
  );
});

test("what we are is asked anew each time", () => {
  let self = party("a");
  const disclosure = new Disclosure(false, () => self);
  expect(disclosure.mayMeet(party("B"))).toBe(false);
  self = party("A");
  expect(disclosure.mayMeet(party("B"))).toBe(true);
});
