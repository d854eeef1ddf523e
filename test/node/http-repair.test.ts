import { join } from "node:path";
import { expect, test } from "vitest";
import { ApiClient } from "../../node/http/api-client.ts";
import { DemoChannel } from "../end-to-end/demo-channel.ts";
import { eventually } from "../end-to-end/processes.ts";
import { rotRecord } from "../chain/ledger-fixture.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { runningPeer } from "./running-peer.ts";

const FAST = { gossip: { aliveIntervalMs: 300, batchIntervalMs: 50, roundIntervalMs: 500 } };

test("a ledger that rots while its peer runs is mended over the API, and opens whole", async () => {
  using directory = temporaryDirectory();
  const channel = await DemoChannel.create(directory.path);
  await using first = await runningPeer(join(directory.path, "first"), [channel.genesis], {
    ...FAST,
    name: "first",
  });
  const api = new ApiClient(first.api);
  await api.submit(channel.name, channel.next().bytes);
  await api.submit(channel.name, channel.next().bytes);
  const second = await runningPeer(join(directory.path, "second"), [channel.genesis], {
    ...FAST,
    name: "second",
    bootstrap: [...first.state.multiaddrs],
  });
  await using _stopped = second;
  const other = new ApiClient(second.api);
  await eventually("both hold all", async () => (await other.channel(channel.name)).height === 3);
  rotRecord(join(directory.path, "second", "data", "channels", channel.name, "ledger"), 1);
  await expect(other.block(channel.name, 1)).rejects.toThrow(/LEDGER_CORRUPT/);
  const skipping = await other.repair(channel.name, false);
  expect(skipping).toMatchObject({ hops: 2, equal: true, members: [{ damaged: [] }, { damaged: [] }] });
  const report = await other.repair(channel.name, true);
  expect(report).toMatchObject({
    channel: channel.name,
    hops: 2,
    equal: true,
    members: [
      {
        name: "second",
        reached: true,
        before: 3,
        after: 3,
        copied: 0,
        damaged: [1],
        mended: [1],
        verified: true,
      },
      {
        name: "first",
        reached: true,
        before: 3,
        after: 3,
        copied: 0,
        damaged: [],
        mended: [],
        verified: true,
      },
    ],
  });
  expect(await other.block(channel.name, 1)).toEqual(await api.block(channel.name, 1));

  // While rings of this peer follow one another, the API is refused one.
  const over = new AbortController();
  const { repair } = second.state.channels[0]!.gossip;
  const rings = (async () => {
    while (!over.signal.aborted) await repair.run(false, new AbortController().signal);
  })();
  await expect(other.repair(channel.name, false)).rejects.toThrow(/under way in this channel.*CONFLICT/);
  over.abort();
  await rings;
});

test("what cannot be repaired is said at once: no such channel, an unknown word", async () => {
  using directory = temporaryDirectory();
  const channel = await DemoChannel.create(directory.path);
  await using alone = await runningPeer(directory.path, [channel.genesis], FAST);
  const api = new ApiClient(alone.api);
  await expect(api.repair("nothing", true)).rejects.toThrow(/channel nothing is not joined here.*NOT_FOUND/);
  const post = (path: string) => fetch(`${alone.api}/v1/channels/${path}`, { method: "POST" });
  expect((await post(`${channel.name}/repair?verify=no`)).status).toBe(400);
  expect((await post(`${channel.name}/repair?speed=9`)).status).toBe(400);
  // Nobody else is there: the report has one member, and no hops.
  expect(await api.repair(channel.name, true)).toMatchObject({
    hops: 0,
    equal: true,
    members: [{ reached: true }],
  });
});
