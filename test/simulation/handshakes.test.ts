import { expect, test } from "vitest";
import { encodeMessage } from "../../gossip/wire/message-codec.ts";
import type { PeerId } from "../../gossip/ports.ts";
import * as wire from "../../gossip/wire/wire.js";
import { createIdentity } from "../../node/msp/identity.ts";
import { Consortium } from "../simulator/consortium.ts";
import { Outsider, type Manners } from "../simulator/outsider.ts";
import { SimulatedOrganisation } from "../simulator/simulated-organisation.ts";

const MALLORY = "mallory";

/** Organisation A with a0 and a1, which takes mallory for a bootstrap peer; and a B that nobody here has to do with. */
async function consortiumOfA() {
  const consortium = await Consortium.create({
    seed: 1,
    organisations: { A: { a0: {}, a1: { bootstrap: [MALLORY, "a0"] } }, B: { b0: {} } },
    channels: { trade: { A: ["a0"] } },
  });
  return consortium;
}

/** What a member of this organisation shows, made for this peer id. */
async function shownBy(organisation: SimulatedOrganisation, peer: string, validToMs?: number) {
  const { signer } = await organisation.member(MALLORY, validToMs === undefined ? {} : { validToMs });
  return { identity: createIdentity(signer, peer), sign: signer.sign };
}

type Case = readonly [
  what: string,
  code: string,
  manners: (consortium: Consortium) => Promise<Manners> | Manners,
];

const CASES: readonly Case[] = [
  ["shows no identity", "NO_IDENTITY", () => ({})],
  [
    "is of an organisation that is in no channel",
    "UNKNOWN_ORGANISATION",
    (consortium) => shownBy(consortium.organisation("B"), MALLORY),
  ],
  [
    "has a certificate of another CA under the organisation's name",
    "INVALID_CERTIFICATE",
    async () => shownBy(await SimulatedOrganisation.create("A", "impostor"), MALLORY),
  ],
  [
    "shows what was made for another peer id, and holds its key",
    "WRONG_PEER",
    (consortium) => shownBy(consortium.organisation("A"), "somebody"),
  ],
  [
    "shows what a member of the organisation has shown",
    "WRONG_PEER",
    (consortium) => ({
      identity: createIdentity(consortium.peer("a1").member.signer, "a1"),
      sign: () => new Uint8Array(64),
    }),
  ],
  [
    "does not hold the key of its identity",
    "BAD_PROOF",
    async (consortium) => ({
      identity: (await shownBy(consortium.organisation("A"), MALLORY)).identity,
      sign: consortium.peer("a1").member.signer.sign,
    }),
  ],
  [
    "signs nothing",
    "BAD_PROOF",
    async (consortium) => ({ identity: (await shownBy(consortium.organisation("A"), MALLORY)).identity }),
  ],
  [
    "has an expired certificate",
    "EXPIRED_CERTIFICATE",
    (consortium) => shownBy(consortium.organisation("A"), MALLORY, consortium.startMs - 1_000),
  ],
  ["shows bytes that are no identity", "MALFORMED_IDENTITY", () => ({ identity: Buffer.from("let me in") })],
  ["says bytes that are no frame", "MALFORMED_MESSAGE", () => ({ say: () => new Uint8Array([255, 255, 1]) })],
  [
    "says a gossip message in place of a handshake",
    "MALFORMED_MESSAGE",
    (consortium) => {
      const outsider = new Outsider(consortium, "somebody", {});
      return { say: () => encodeMessage(outsider.greeting()) };
    },
  ],
  [
    "says a nonce that is too short",
    "MALFORMED_MESSAGE",
    () => ({ say: () => wire.Handshake.encode({ nonce: new Uint8Array(31) }) }),
  ],
  ["says nothing", "NO_HANDSHAKE", () => ({ say: () => undefined })],
  [
    "says nothing and goes on as if it were let in",
    "NO_HANDSHAKE",
    () => ({ say: () => undefined, isHasty: true }),
  ],
];

test.each(CASES)(
  "an outsider that %s is refused, and told nothing but a number and why",
  async (...[, code, manners]) => {
    const consortium = await consortiumOfA();
    const outsider = new Outsider(consortium, MALLORY, await manners(consortium));
    await consortium.start(["a0"]);
    const met = outsider.transport.meet("a0" as PeerId).catch((error: unknown) => error);
    outsider.transport.send("a0" as PeerId, outsider.greeting());
    await consortium.runFor(30_000);
    expect(await met).toBeInstanceOf(Error);
    expect(consortium.network.refused).toEqual({ [code]: 1 });
    const [challenge, ...more] = outsider.frames.map((frame) => wire.Handshake.decode(frame));
    const nothing = { identity: new Uint8Array(0), signature: new Uint8Array(0) };
    expect(challenge).toMatchObject({ ...nothing, refusal: "" });
    for (const frame of more) expect(frame).toEqual({ ...nothing, nonce: new Uint8Array(0), refusal: code });
    expect(outsider.heard).toEqual([]);
    expect(consortium.peer("a0").membership.all()).toEqual([]);
  },
);

test.each(CASES)(
  "an outsider that %s is left when it is met at a bootstrap address",
  async (...[, code, manners]) => {
    const consortium = await consortiumOfA();
    const outsider = new Outsider(consortium, MALLORY, await manners(consortium));
    await consortium.start(["a1"]);
    const toMallory = { kind: "membership-request" as const, ...secretOf(consortium) };
    consortium.peer("a1").transport.send(MALLORY as PeerId, toMallory);
    await consortium.runFor(30_000);
    expect(Object.keys(consortium.network.refused)).toEqual([code]);
    const failures = consortium.events.flatMap(({ event }) =>
      event.kind === "seed-failed" && event.seed === MALLORY ? [event.code] : [],
    );
    expect(new Set(failures)).toEqual(new Set([code]));
    expect(outsider.heard).toEqual([]);
    expect(consortium.peer("a1").membership.all()).toEqual([]);
    expect(consortium.said.filter(({ to }) => to === MALLORY)).toEqual([]);
  },
);

test("a peer with a certificate of the organisation, made for it, is let in on either side", async () => {
  for (const starts of ["a0", "a1"]) {
    const consortium = await consortiumOfA();
    const manners = await shownBy(consortium.organisation("A"), MALLORY);
    const outsider = new Outsider(consortium, MALLORY, manners);
    await consortium.start([starts]);
    if (starts === "a0") outsider.transport.meet("a0" as PeerId).catch(() => undefined);
    await consortium.runFor(1_000);
    expect(outsider.heard.map(({ message }) => message.kind)).toContain("alive");
    expect(consortium.network.refused).toEqual({});
  }
});

test("a member without a certificate of its own is refused by the others, and refuses nobody who is good", async () => {
  const consortium = await Consortium.create({
    seed: 1,
    organisations: { A: { a0: {}, a1: {} } },
    channels: { trade: { A: ["a0"] } },
  });
  const impostor = await SimulatedOrganisation.create("A", "impostor");
  consortium.peer("a1").renew(await impostor.member("a1"));
  await consortium.start();
  await consortium.runFor(30_000);
  expect(consortium.peer("a0").known()).toEqual([]);
  expect(consortium.peer("a1").known()).toEqual([]);
  expect(Object.keys(consortium.network.refused)).toEqual(["INVALID_CERTIFICATE"]);
  expect(consortium.said).toEqual([]);
});

/** Something that nobody outside the organisation may hear. */
function secretOf(consortium: Consortium) {
  const self = consortium.peer("a1").membership.own.latest();
  return { self, viewHash: new Uint8Array(8) };
}
