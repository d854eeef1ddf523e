import { Accusations } from "../../gossip/failures/accusations.ts";
import { expect, test } from "vitest";
import { identityIdOf } from "../../gossip/door/identity-id.ts";
import { Identities } from "../../gossip/door/identities.ts";
import { IdentityPull } from "../../gossip/door/identity-pull.ts";
import { Membership } from "../../gossip/members/membership.ts";
import type { MemberEntry, Message } from "../../gossip/wire/messages.ts";
import { gossipOptions } from "../../gossip/options.ts";
import type { PeerId, Transport } from "../../gossip/ports.ts";
import { signStatement } from "../../gossip/wire/statements.ts";
import { SimulatedKeyring } from "../../node/testing/simulator/simulated-keyring.ts";
import { VirtualClock } from "../../node/testing/simulator/virtual-clock.ts";
import { PlainAdmission, plainIdentity } from "./plain-admission.ts";

const [us, ann, bob, eve] = ["us", "ann", "bob", "eve"] as PeerId[] as [PeerId, PeerId, PeerId, PeerId];

function identityOf(peer: string, organisation = "A", serial = 0): Uint8Array {
  return plainIdentity({ peer, organisation, serial });
}

/** An entry of the peer that names this identity, its own unless said otherwise. */
function entryOf(peer: PeerId, identity = identityOf(peer), sequence = 0, addresses = ["/simulated/x"]) {
  const alive = {
    kind: "alive",
    peer,
    incarnation: 1,
    sequence,
    left: false,
    name: "",
    addresses,
    channelTags: [],
    identity: identityIdOf(identity),
    tags: [],
  } as const;
  return { alive: signStatement(alive, new SimulatedKeyring(peer)), internal: undefined };
}

function pullUnderTest() {
  const clock = new VirtualClock(1_000_000);
  const admission = new PlainAdmission(clock, { peer: us, organisation: "A" });
  const sent: { readonly to: PeerId; readonly message: Message }[] = [];
  const refused: string[] = [];
  const identities = new Identities({
    self: us,
    admission,
    clock,
    peersMax: 99,
    isNeeded: () => true,
    onRefused: () => undefined,
  });
  const doors = { isSeed: () => false, isCutOff: () => false };
  const membership = new Membership({
    accusations: new Accusations(5),
    ...doors,
    keyring: new SimulatedKeyring(us),
    admission,
    identities,
    options: gossipOptions({}),
    observe: () => undefined,
    startMs: 0,
  });
  membership.own.describe({
    name: "us",
    tags: [],
    endpoints: { internal: [], external: ["/simulated/us"] },
    channelTags: [],
  });
  const send = (to: PeerId, message: Message) => sent.push({ to, message }) > 0;
  const transport = { send } as Partial<Transport> as Transport;
  const pull = new IdentityPull({
    membership,
    identities,
    transport,
    clock,
    onRefused: (peer, { code }) => refused.push(`${peer} ${code}`),
  });
  const want = (from: PeerId, peer: PeerId, identity = identityOf(peer), entry = entryOf(peer, identity)) =>
    pull.want(from, { peer, identity: identityIdOf(identity), entry });
  /** A member that has shown its identity and said that it lives. */
  const acquaint = (peer: PeerId, organisation: string, addresses: string[] = ["/simulated/x"]) => {
    identities.put(peer, identityOf(peer, organisation));
    membership.receive(entryOf(peer, identityOf(peer, organisation), 0, addresses), clock.now());
  };
  return { clock, admission, identities, pull, sent, refused, want, acquaint };
}

test("who passed a statement on is asked for its author's identity, and the statement comes out again with it", () => {
  const { pull, sent, identities, want } = pullUnderTest();
  const entry = entryOf(ann);
  want(bob, ann, identityOf("ann"), entry);
  expect(sent).toEqual([
    { to: bob, message: { kind: "identity-want", ids: [identityIdOf(identityOf("ann"))] } },
  ]);
  expect(pull.receive(bob, [{ peer: ann, identity: identityOf("ann") }])).toEqual([entry]);
  expect(identities.newest(ann)).toMatchObject({ organisation: "A" });
});

test("an identity is asked for once, and of somebody else when no answer has come in two seconds", async () => {
  const { clock, pull, sent, want } = pullUnderTest();
  want(bob, ann);
  const newer = entryOf(ann, identityOf("ann"), 1);
  want(eve, ann, identityOf("ann"), newer);
  expect(sent.map(({ to }) => to)).toEqual([bob]);
  // The newer statement is the one that waits.
  const lost: MemberEntry[] = pull.receive(bob, [{ peer: ann, identity: identityOf("ann") }]);
  expect(lost).toEqual([newer]);
  want(bob, ann);
  await clock.runFor(2_000);
  want(eve, ann);
  expect(sent.map(({ to }) => to)).toEqual([bob, bob, eve]);
});

test("an identity that was not asked for, not of this peer, or twice, is not taken in", () => {
  const { pull, identities, want } = pullUnderTest();
  const unsolicited = expect.objectContaining({ code: "UNSOLICITED" });
  const anns = { peer: ann, identity: identityOf("ann") };
  expect(() => pull.receive(bob, [anns])).toThrow(unsolicited);
  want(bob, ann);
  expect(() => pull.receive(eve, [anns])).toThrow(unsolicited);
  expect(() => pull.receive(bob, [{ ...anns, peer: eve }])).toThrow(unsolicited);
  expect(identities.newest(ann)).toBeUndefined();
  pull.receive(bob, [anns]);
  expect(() => pull.receive(bob, [anns])).toThrow(unsolicited);
});

test("an identity that is not let in is put down to the peer that it is of, not to who told of it", () => {
  const { pull, admission, refused, want } = pullUnderTest();
  admission.revoked.add(7);
  want(bob, ann, identityOf("ann", "A", 7));
  expect(pull.receive(bob, [{ peer: ann, identity: identityOf("ann", "A", 7) }])).toEqual([]);
  expect(refused).toEqual(["ann REVOKED_CERTIFICATE"]);
});

test("a liar that names another's identity as its own does not keep that other from being known", () => {
  const { pull, identities, want } = pullUnderTest();
  want(eve, eve, identityOf("ann"));
  want(bob, ann);
  expect(pull.receive(bob, [{ peer: ann, identity: identityOf("ann") }])).toEqual([entryOf(ann)]);
  expect(identities.newest(ann)).toBeDefined();
  expect(identities.newest(eve)).toBeUndefined();
});

test("identities are told as their peers are: all within the organisation, outside those that are seen there", () => {
  const { pull, sent, acquaint } = pullUnderTest();
  acquaint("a1" as PeerId, "A");
  acquaint("a2" as PeerId, "A", []);
  acquaint("b1" as PeerId, "B");
  acquaint("b2" as PeerId, "B");
  acquaint("c1" as PeerId, "C");
  const known = { us: "A", a1: "A", a2: "A", b1: "B", b2: "B", c1: "C" };
  const ids = Object.entries(known).map(([peer, letter]) => identityIdOf(identityOf(peer, letter)));
  // Our own, too; but as it is, not as the test makes it.
  const own = identityIdOf(plainIdentity({ peer: us, organisation: "A" }));
  const told = (to: string) => {
    sent.length = 0;
    pull.answer(to as PeerId, [own, ...ids]);
    return sent.flatMap(({ message }) =>
      message.kind === "identities" ? message.identities.map(({ peer }) => peer) : [],
    );
  };
  expect(told("a1")).toEqual(["us", "a1", "a2", "b1", "b2", "c1"]);
  expect(told("a2")).toEqual(["us", "a1", "a2"]);
  expect(told("b1")).toEqual(["us", "a1", "b1", "b2"]);
  expect(told("c1")).toEqual(["us", "a1", "c1"]);
});

test("nothing is answered where nothing is known or may be told", () => {
  const { pull, sent, acquaint } = pullUnderTest();
  acquaint("a2" as PeerId, "A", []);
  acquaint("b1" as PeerId, "B");
  pull.answer("b1" as PeerId, [identityIdOf(identityOf("a2")), identityIdOf(identityOf("nobody"))]);
  expect(sent).toEqual([]);
});

test("an answer stays below the limit of a frame, however much is asked for", () => {
  const { pull, sent, identities } = pullUnderTest();
  const big = Array.from({ length: 30 }, (_, index) =>
    plainIdentity({ peer: `p${index}`, organisation: "A".repeat(10_000) }),
  );
  for (const [index, identity] of big.entries()) identities.put(`p${index}` as PeerId, identity);
  identities.put(ann, plainIdentity({ peer: ann, organisation: "A".repeat(10_000) }));
  pull.answer(ann, big.map(identityIdOf));
  const [answer] = sent;
  if (answer?.message.kind !== "identities") throw new Error("no answer");
  const bytes = answer.message.identities.reduce((sum, { identity }) => sum + identity.length, 0);
  expect(bytes).toBeGreaterThan(180 << 10);
  expect(bytes).toBeLessThanOrEqual(192 << 10);
});
