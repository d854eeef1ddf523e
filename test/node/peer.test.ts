import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ApiClient } from "../../node/http/api-client.ts";
import { loadConfig } from "../../node/config/config.ts";
import { freePortBase } from "../../node/network/free-ports.ts";
import { startPeer } from "../../node/peer/peer.ts";
import { createNetwork } from "../../node/network/network.ts";
import { eventually } from "../end-to-end/processes.ts";
import { DemoChannel } from "../end-to-end/demo-channel.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { logger, runningPeer } from "./running-peer.ts";

test("a peer keeps its key and its blocks from one start to the next", async () => {
  using directory = temporaryDirectory();
  const channel = await DemoChannel.create(directory.path);
  const first = await runningPeer(directory.path, [channel.genesis]);
  expect(await new ApiClient(first.api).submit("demo", channel.next().bytes)).toMatchObject({
    kind: "accepted",
  });
  await first.stop();
  await first.stop();
  await using second = await runningPeer(directory.path, [channel.genesis]);
  expect(second.state.id).toBe(first.state.id);
  expect(second.state.channels[0]).toMatchObject({ ledger: { height: 2, tipHash: channel.tip.hash } });
  expect(readdirSync(join(directory.path, "data")).sort()).toEqual([
    "channels",
    "format",
    "lock",
    "lock.sqlite",
    "node.key",
  ]);
  expect(readdirSync(join(directory.path, "data", "channels", "demo")).sort()).toEqual(["forks", "ledger"]);
});

test("a peer without a channel runs", async () => {
  using directory = temporaryDirectory();
  await using peer = await runningPeer(directory.path, []);
  expect((await new ApiClient(peer.api).status()).channels).toEqual([]);
});

test("a peer with an MSP folder finds its organisation in its channel's configuration", async () => {
  using directory = temporaryDirectory();
  const organisations = [
    { name: "Org1", peers: 1 },
    { name: "Org2", peers: 1 },
  ];
  const out = join(directory.path, "network");
  const network = await createNetwork({ out, channel: "demo", organisations, consensus: "raft" });
  const msp = join(network.peers[1]!.directory, "msp");
  await using peer = await runningPeer(directory.path, [network.genesis], { msp, admission: "msp" });
  expect(await new ApiClient(peer.api).status()).toMatchObject({ organisation: "Org2MSP", admission: "msp" });
});

test("what did not start holds nothing: the next start finds ledgers and ports free", async () => {
  using directory = temporaryDirectory();
  const channel = await DemoChannel.create(directory.path);
  await using blocker = await runningPeer(join(directory.path, "blocker"), []);
  const api = new URL(blocker.api).host;
  await expect(runningPeer(directory.path, [channel.genesis], { api })).rejects.toThrow(
    expect.objectContaining({ code: "PORT_TAKEN" }),
  );
  await using peer = await runningPeer(directory.path, [channel.genesis]);
  expect(peer.state.channels).toHaveLength(1);
});

const FAST = { gossip: { aliveIntervalMs: 300, roundIntervalMs: 300 } };

test("a closed channel's peers know each other by organisation, and a stranger learns nothing", async () => {
  using directory = temporaryDirectory();
  const organisations = [
    { name: "Org1", peers: 1 },
    { name: "Org2", peers: 1 },
  ];
  const portBase = (await freePortBase("127.0.0.1", 21_700, [0, 1, 100, 101])) ?? 0;
  const spec = { channel: "demo", organisations, consensus: "raft", portBase } as const;
  const network = await createNetwork({ ...spec, out: join(directory.path, "network") });
  const other = await createNetwork({ ...spec, out: join(directory.path, "other") });
  const start = (file: string) => startPeer(loadConfig({ file, flags: FAST }), { logger });
  const [one, two] = network.peers;
  await using first = await start(one!.config);
  await using second = await start(two!.config);
  // Strangers: one without a certificate, one with a certificate of another Org1.
  const open = { ...FAST, admission: "open", bootstrap: first.state.multiaddrs };
  await using nobody = await runningPeer(join(directory.path, "nobody"), [network.genesis], {
    ...open,
    name: "nobody",
  });
  const impostor = {
    ...open,
    name: "impostor",
    mspId: "Org1MSP",
    msp: join(other.peers[0]!.directory, "msp"),
  };
  await using liar = await runningPeer(join(directory.path, "liar"), [network.genesis], impostor);

  const names = async (api: string) =>
    (await new ApiClient(api).members("demo"))
      .map(({ name, organisation }) => `${name} ${organisation}`)
      .sort();
  const both = ["org1-peer0 Org1MSP", "org2-peer0 Org2MSP"];
  await eventually("the members know each other", async () => {
    return (await names(first.api)).length === 2 && (await names(second.api)).length === 2;
  });
  await eventually("the strangers have been turned away", async () => {
    const { refusals } = await new ApiClient(first.api).status();
    return refusals["NO_IDENTITY"] !== undefined && refusals["INVALID_CERTIFICATE"] !== undefined;
  });
  expect(await names(first.api)).toEqual(both);
  expect(await names(second.api)).toEqual(both);
  expect(first.state.gossip.membership.all().map(({ statement }) => statement.name)).toEqual(["org2-peer0"]);
  for (const stranger of [nobody, liar]) expect(stranger.state.gossip.membership.all()).toEqual([]);
});
