import { expect, test } from "vitest";
import type { Block } from "../../chain/block.ts";
import { BlockVerifier } from "../../chain/block-verifier.ts";
import { ChannelConfig } from "../../chain/channel-config.ts";
import { channelIdOf } from "../../gossip/channel/channel-tag.ts";
import { GossipPeer } from "../../gossip/gossip-peer.ts";
import type { Message } from "../../gossip/wire/messages.ts";
import { gossipOptions } from "../../gossip/options.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { ReedSolomon } from "../../node/reed-solomon.ts";
import { TestChannel } from "../chain/test-channel.ts";
import { seededRandom } from "../../node/testing/simulator/seeded-random.ts";
import { SimulatedKeyring } from "../../node/testing/simulator/simulated-keyring.ts";
import { SimulatedLedger } from "../../node/testing/simulator/simulated-ledger.ts";
import { CALM } from "../../node/testing/simulator/link-weather.ts";
import { OPEN } from "../../node/testing/simulator/simulated-peer.ts";
import { SimulatedNetwork } from "../../node/testing/simulator/simulated-network.ts";
import { VirtualClock } from "../../node/testing/simulator/virtual-clock.ts";

const CODE = await ReedSolomon.load();

/** Peers with the channels that each is to be in. */
function network(memberships: Readonly<Record<string, readonly TestChannel[]>>) {
  const clock = new VirtualClock();
  const random = seededRandom(1);
  const net = new SimulatedNetwork(clock, random, CALM);
  const bootstrap = [{ peer: Object.keys(memberships)[0] as PeerId, addresses: [] }];
  const peers = Object.entries(memberships).map(([id, channels]) => {
    const keyring = new SimulatedKeyring(id as PeerId);
    const observe = () => undefined;
    const peer = new GossipPeer({
      keyring,
      admission: OPEN,
      anchors: () => [],
      clock,
      random,
      bootstrap,
      observe,
      name: id,
      options: gossipOptions({}),
      code: CODE,
    });
    peer.connect(net.attach(id as PeerId, peer), { internal: [], external: [] });
    const joined = channels.map(({ name, genesis }) => {
      const ledger = new SimulatedLedger({ blocks: [genesis] }, clock, () => ({ writeMs: 1 }));
      const verifier = new BlockVerifier(ChannelConfig.fromBlock(genesis));
      const forks = { record: () => Promise.resolve(), list: () => [] };
      return peer.join({ name, genesis, ledger, verifier, forks, mayRead: () => true });
    });
    const { signal } = new AbortController();
    for (const channel of joined) void channel.run(signal);
    void peer.run(signal);
    return { id, channels: joined };
  });
  return { clock, net, peers };
}

test("blocks of each channel reach the peers of that channel, and nothing of a channel is said to any other peer", async () => {
  const [red, blue] = await Promise.all([
    TestChannel.create("raft", "red"),
    TestChannel.create("raft", "blue"),
  ]);
  const members = { both1: [red, blue], both2: [red, blue], onlyRed: [red], onlyBlue: [blue] };
  const { clock, net, peers } = network(members);
  const told: { readonly to: string; readonly message: Message }[] = [];
  net.wiretap = (_from, to, message) => told.push({ to, message });
  await clock.runFor(5_000);
  let [redTip, blueTip]: [Block, Block] = [red.genesis, blue.genesis];
  for (let count = 0; count < 5; count++) {
    redTip = red.block(redTip);
    blueTip = blue.block(blueTip);
    void peers[0]!.channels[0]!.publish(redTip);
    void peers[1]!.channels[1]!.publish(blueTip);
    await clock.runFor(2_000);
  }
  expect(peers.map((peer) => peer.channels.map(({ name, ledger }) => `${name} ${ledger.height}`))).toEqual([
    ["red 6", "blue 6"],
    ["red 6", "blue 6"],
    ["red 6"],
    ["blue 6"],
  ]);
  const about = (to: string) =>
    new Set(
      told.flatMap((each) => (each.to === to && "channel" in each.message ? [each.message.channel] : [])),
    );
  expect(about("onlyRed")).toEqual(new Set([channelIdOf("red", red.genesis)]));
  expect(about("onlyBlue")).toEqual(new Set([channelIdOf("blue", blue.genesis)]));
  expect(net.crashes).toEqual([]);
});

test("two channels of one name and different genesis blocks keep to themselves", async () => {
  const [mine, theirs] = await Promise.all([
    TestChannel.create("raft", "same"),
    TestChannel.create("raft", "same"),
  ]);
  const { clock, peers } = network({ a: [mine], b: [mine], c: [theirs] });
  await clock.runFor(5_000);
  void peers[0]!.channels[0]!.publish(mine.block(mine.genesis));
  await clock.runFor(5_000);
  expect(peers.map((peer) => peer.channels[0]!.ledger.height)).toEqual([2, 2, 1]);
});
