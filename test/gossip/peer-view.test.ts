import { Accusations } from "../../gossip/failures/accusations.ts";
import { expect, test } from "vitest";
import { channelTag } from "../../gossip/channel/channel-tag.ts";
import { NO_IDENTITY } from "../../gossip/door/identity-id.ts";
import { Identities } from "../../gossip/door/identities.ts";
import { Membership } from "../../gossip/members/membership.ts";
import { gossipOptions } from "../../gossip/options.ts";
import { PeerView } from "../../gossip/channel/peer-view.ts";
import type { ChannelId, Credentials, PeerId } from "../../gossip/ports.ts";
import { signStatement } from "../../gossip/wire/statements.ts";
import { seededRandom } from "../../node/testing/simulator/seeded-random.ts";
import { SimulatedKeyring } from "../../node/testing/simulator/simulated-keyring.ts";
import { OPEN } from "../../node/testing/simulator/simulated-peer.ts";
import { VirtualClock } from "../../node/testing/simulator/virtual-clock.ts";

const channel = "00112233445566778899aabbccddeeff" as ChannelId;
const [a, b, stranger] = ["a", "b", "stranger"] as PeerId[] as [PeerId, PeerId, PeerId];

/** A view of a channel with peers a and b in it, and a stranger that is not. */
function viewUnderTest() {
  const clock = new VirtualClock(0);
  const options = gossipOptions({ penaltyMs: 1_000, penaltyMsMax: 20_000 });
  const credentials = { organisation: "Org1", expiresMs: undefined, verify: () => true };
  const admission = { ...OPEN, admit: () => credentials };
  const identities = new Identities({
    self: "us" as PeerId,
    admission,
    clock,
    peersMax: 10,
    isNeeded: () => true,
    onRefused: () => undefined,
  });
  const keyring = new SimulatedKeyring("us" as PeerId);
  const observe = () => undefined;
  const membership = new Membership({
    accusations: new Accusations(5),
    keyring,
    admission,
    identities,
    options,
    observe,
    isSeed: () => false,
    isCutOff: () => false,
    startMs: 0,
  });
  const config = { number: 0, reader: "Org1" };
  const mayRead = ({ organisation }: Credentials) => organisation === config.reader;
  const configNumber = () => config.number;
  const view = new PeerView({
    channel,
    membership,
    clock,
    random: seededRandom(1),
    options,
    mayRead,
    configNumber,
  });
  for (const peer of [a, b, stranger]) {
    const tag = channelTag(channel, peer === stranger ? a : peer);
    const statement = {
      kind: "alive",
      peer,
      incarnation: 1,
      sequence: 0,
      left: false,
      name: "",
      addresses: [],
      channelTags: [tag],
      identity: NO_IDENTITY,
      tags: [],
    } as const;
    membership.receive(
      { alive: signStatement(statement, new SimulatedKeyring(peer)), internal: undefined },
      0,
    );
  }
  return { clock, config, membership, view };
}

test("a peer is active in a channel only with its own tag: another peer's tag is of no use", () => {
  const { view } = viewUnderTest();
  expect([...view.active()].sort()).toEqual([a, b]);
  expect(view.isActive(stranger)).toBe(false);
});

test("the peers of an organisation that a config block removes are active no more", () => {
  const { view, config } = viewUnderTest();
  expect(view.isActive(a)).toBe(true);
  config.number = 7;
  config.reader = "Org2";
  expect(view.isActive(a)).toBe(false);
  expect(view.active()).toEqual([]);
});

test("a peer that is seen dead is no source any more, and its height is forgotten", () => {
  const { view, membership } = viewUnderTest();
  view.noteHeight(a, 10);
  view.noteHeight(stranger, 99);
  expect(view.highest()).toBe(10);
  expect(view.sources(9)).toEqual([a]);
  expect(view.sources(10)).toEqual([]);
  membership.become(a, "dead", "nobody can reach it", 0);
  expect(view.highest()).toBe(0);
  expect(view.heightOf(a)).toBeUndefined();
});

test("a peer that fails is left alone four times as long each time, up to the limit, and its claim is forgotten", async () => {
  const { view, clock } = viewUnderTest();
  const pauses: number[] = [];
  for (let failure = 0; failure < 4; failure++) {
    view.penalise(a);
    expect(view.heightOf(a)).toBeUndefined();
    view.noteHeight(a, 10);
    const failedMs = clock.now();
    while (view.sources(5).length === 0) await clock.runFor(500);
    pauses.push(clock.now() - failedMs);
  }
  expect(pauses).toEqual([1_000, 4_000, 16_000, 20_000]);
  view.reward(a);
  view.penalise(a);
  view.noteHeight(a, 10);
  await clock.runFor(1_000);
  expect(view.sources(5)).toEqual([a]);
});
