import type { Stream } from "@libp2p/interface";
import { expect, test } from "vitest";
import { Handshake } from "../../gossip/door/handshake.ts";
import type { Admission, PeerId } from "../../gossip/ports.ts";
import { createIdentity } from "../../node/msp/identity.ts";
import { FETCH_PROTOCOL, GOSSIP_PROTOCOL } from "../../node/transport/protocols.ts";
import { OPEN } from "../../node/testing/simulator/simulated-peer.ts";
import { SimulatedOrganisation } from "../simulator/simulated-organisation.ts";
import { VirtualClock } from "../../node/testing/simulator/virtual-clock.ts";
import { advert } from "../transport-messages.ts";
import { loopbackNetwork, waitFor, type LoopbackPeer } from "./loopback-network.ts";
import { closed, closedDoor, Stranger, type Answer } from "./stranger.ts";

const DOOR = await closedDoor();
const OTHER = await SimulatedOrganisation.create("Org1", "another CA");
const SOMEBODY = "12D3KooWLP6oBkm4N9Hsrxg4mHDS8iRoMPN1uLo6uWvcJgBGhWus" as PeerId;

/** A peer that lets the members of Org1 in, in a network of its own. */
async function victim(clock?: VirtualClock) {
  const network = await loopbackNetwork(1, clock === undefined ? {} : { clock });
  const peer = network.peers[0]!;
  peer.inbox.admission = DOOR.admission(peer.id, await DOOR.organisation.member("victim"));
  return Object.assign(network, { peer });
}

/** The dialler's side of the protocol, with this in the place of an honest admission. */
function dialler(self: PeerId, { peer }: { readonly peer: LoopbackPeer }, admission: Admission): Answer {
  const nonce = new Uint8Array(32).fill(7);
  const admit = () => OPEN.admit(peer.id, undefined);
  const handshake = new Handshake({ self, peer: peer.id, isDialler: true, admission, nonce, admit });
  return (frame) => handshake.receive(frame).frame;
}

const member = await DOOR.organisation.member("stranger");
const foreign = await OTHER.member("stranger");
const expired = await DOOR.organisation.member("late", { validToMs: Date.now() - 1_000 });

/** What strangers show who are not let in, and as what that is counted. */
const NEGATIVES: readonly (readonly [string, string, (self: PeerId) => Promise<Admission> | Admission])[] = [
  ["no certificate", "NO_IDENTITY", () => OPEN],
  [
    "a certificate of another CA of the same name",
    "INVALID_CERTIFICATE",
    (self) => DOOR.admission(self, foreign),
  ],
  ["an expired certificate", "EXPIRED_CERTIFICATE", (self) => DOOR.admission(self, expired)],
  ["an identity that was made for another peer", "WRONG_PEER", () => DOOR.admission(SOMEBODY, member)],
  [
    "somebody else's whole identity, made for its own peer id, without the key to the certificate",
    "BAD_PROOF",
    (self) => ({
      ...OPEN,
      identity: createIdentity(member.signer, self),
      sign: (bytes) => foreign.signer.sign(bytes),
    }),
  ],
  ["bytes that are no identity", "MALFORMED_IDENTITY", () => ({ ...OPEN, identity: new Uint8Array(9) })],
  [
    "an organisation of no channel",
    "UNKNOWN_ORGANISATION",
    async (self) => {
      const org9 = await SimulatedOrganisation.create("Org9");
      return { ...OPEN, identity: createIdentity((await org9.member("stranger")).signer, self) };
    },
  ],
];

test.each(NEGATIVES)(
  "who shows %s is refused as %s, is told so, and hears nothing",
  async (_what, code, make) => {
    await using network = await victim();
    const { peer } = network;
    await using stranger = await Stranger.against(peer);
    await stranger.answer(dialler(stranger.id, network, await make(stranger.id)));
    const connection = await stranger.connect();
    await closed(connection);
    expect(peer.transport.stats.refusals).toEqual({ [code]: 1 });
    expect(peer.inbox.turnedAway).toEqual([{ peer: stranger.id, code }]);
    expect(peer.inbox.received).toEqual([]);
    expectNothingSaid(stranger, code);
  },
);

test.each(NEGATIVES)(
  "dialled, who shows %s is refused as %s and hears nothing more",
  async (_what, code, make) => {
    await using network = await victim();
    const { peer } = network;
    await using stranger = await Stranger.against(peer);
    const admission = await make(stranger.id);
    const parts = {
      self: stranger.id,
      peer: peer.id,
      isDialler: false,
      admission,
      nonce: new Uint8Array(32),
    };
    const handshake = new Handshake({ ...parts, admit: () => OPEN.admit(peer.id, undefined) });
    stranger.acceptWith(handshake.begin()!, (frame) => handshake.receive(frame).frame);
    await expect(peer.transport.meet(stranger.id)).rejects.toMatchObject({ code });
    expect(peer.transport.stats.refusals).toEqual({ [code]: 1 });
    expect(peer.inbox.lost).toEqual([stranger.id]);
    expect(peer.transport.linkedPeers()).toEqual([]);
  },
);

test.each<readonly [string, Answer | undefined]>([
  ["says nothing", () => undefined],
  ["does not know the protocol", undefined],
])("who %s is refused within the timeout", async (_what, answer) => {
  const clock = new VirtualClock();
  await using network = await victim(clock);
  const { peer } = network;
  await using stranger = await Stranger.against(peer);
  if (answer !== undefined) await stranger.answer(answer);
  const connection = await stranger.connect();
  if (answer !== undefined) await waitFor(() => stranger.frames.length === 1);
  await clock.runFor(5_000);
  await clock.runFor(1_000);
  await closed(connection);
  expect(peer.transport.stats.refusals).toEqual({ NO_HANDSHAKE: 1 });
  expectNothingSaid(stranger, "NO_HANDSHAKE");
});

test.each([
  ["noise", new Uint8Array(100).fill(255)],
  ["an empty frame", new Uint8Array(0)],
  ["a refusal that is none", new Uint8Array([0x22, 0x01, 0x58])],
])("who answers with %s is hung up on", async (_what, bytes) => {
  await using network = await victim();
  const { peer } = network;
  await using stranger = await Stranger.against(peer);
  await stranger.answer(() => bytes);
  await closed(await stranger.connect());
  expect(peer.inbox.received).toEqual([]);
  expect(peer.transport.connections()).toBe(0);
});

test("a frame of a handshake is limited before it is kept", async () => {
  await using network = await victim();
  const { peer } = network;
  await using stranger = await Stranger.against(peer);
  await stranger.answer(() => new Uint8Array(21 << 10));
  await closed(await stranger.connect());
  expect(peer.transport.stats.refusals).toEqual({ FRAME_TOO_LARGE: 1 });
});

test("a proof is good for its own connection only: one that was overheard is refused on the next", async () => {
  await using network = await victim();
  const { peer } = network;
  await using stranger = await Stranger.against(peer);
  const honest = dialler(stranger.id, network, DOOR.admission(stranger.id, member));
  let overheard: Uint8Array | undefined;
  await stranger.answer((frame) => (overheard ??= honest(frame)));
  const first = await stranger.connect();
  await waitFor(() => stranger.frames.length === 2);
  expect(peer.transport.stats.refusals).toEqual({});
  await first.close();
  // The challenge is another one: the peer's nonces are its own.
  peer.inbox.nonce = new Uint8Array(32).fill(9);
  await closed(await stranger.connect());
  expect(peer.transport.stats.refusals).toEqual({ BAD_PROOF: 1 });
});

test("streams that are opened before a handshake is done are reset, and what is on them is not read", async () => {
  await using network = await victim();
  const { peer } = network;
  await using stranger = await Stranger.against(peer);
  await stranger.answer(() => undefined);
  const connection = await stranger.connect();
  for (const protocol of [GOSSIP_PROTOCOL, FETCH_PROTOCOL]) {
    const stream = await connection.newStream(protocol).catch(() => undefined);
    if (stream === undefined) continue;
    const heard = listen(stream);
    if (stream.status === "open") stream.send(new Uint8Array(1_000));
    await waitFor(() => stream.status !== "open");
    expect(heard).toEqual([]);
  }
  expect(peer.inbox.received).toEqual([]);
  expect(peer.transport.stats.receivedBytes).toEqual({});
});

test("members of one organisation let each other in, whoever dials", async () => {
  await using network = await loopbackNetwork(2);
  const [a, b] = network.peers as [LoopbackPeer, LoopbackPeer];
  for (const [index, { inbox, id }] of [a, b].entries())
    inbox.admission = DOOR.admission(id, await DOOR.organisation.member(`peer${index}`));
  a.transport.send(b.id, advert(1));
  b.transport.send(a.id, advert(2));
  await waitFor(() => a.inbox.messagesFrom(b.id).length === 1 && b.inbox.messagesFrom(a.id).length === 1);
  expect([a.transport.stats.refusals, b.transport.stats.refusals]).toEqual([{}, {}]);
});

/** The stranger was sent a number of 32 bytes, and at most why it is refused. */
function expectNothingSaid(stranger: Stranger, code: string): void {
  const [challenge, refusal, ...more] = stranger.frames;
  expect(more).toEqual([]);
  if (challenge !== undefined) expect([challenge.length, challenge[0], challenge[1]]).toEqual([34, 0x0a, 32]);
  if (refusal !== undefined) expect(Buffer.from(refusal.subarray(2)).toString()).toBe(code);
}

function listen(stream: Stream): unknown[] {
  const heard: unknown[] = [];
  stream.addEventListener("message", ({ data }) => heard.push(data));
  return heard;
}
