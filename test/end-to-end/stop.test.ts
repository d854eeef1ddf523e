import { expect, test } from "vitest";
import { allMet, eventually, Processes } from "./processes.ts";
import { DemoChannel } from "./demo-channel.ts";

test("SIGTERM ends a peer with status 0, and the others show that it left", async () => {
  await using processes = new Processes();
  const channel = await DemoChannel.create(processes.path);
  const peers = await processes.startMany(3, [channel.genesis]);
  await allMet(peers, channel.name);
  const [stayed, leaver, alsoStayed] = peers;
  expect(await leaver!.stop()).toBe(0);
  for (const { api } of [stayed!, alsoStayed!]) {
    await eventually("it is shown as left", async () => {
      const member = (await api.members()).find(({ name }) => name === "peer1");
      return member?.state === "left";
    });
  }
});

test("a killed peer is shown as dead, with the reason", async () => {
  await using processes = new Processes();
  const channel = await DemoChannel.create(processes.path);
  const peers = await processes.startMany(2, [channel.genesis]);
  await allMet(peers, channel.name);
  await peers[1]!.kill();
  await eventually("it is shown as dead", async () => {
    const member = (await peers[0]!.api.members()).find(({ name }) => name === "peer1");
    return member?.state === "dead" && member.reason !== "";
  });
});

test("a second peer on the same data says who has them", async () => {
  await using processes = new Processes();
  const channel = await DemoChannel.create(processes.path);
  const peer = await processes.start({ name: "peer", genesis: [channel.genesis] });
  await expect(processes.start({ name: "peer", genesis: [channel.genesis] })).rejects.toThrow(
    new RegExp(`status 1.*is in use by process ${peer.pid}; stop it first \\(LEDGER_LOCKED\\)`, "s"),
  );
  expect((await peer.api.status()).name).toBe("peer");
});

test("a port that is taken is named, be it the peer's or the API's", async () => {
  await using processes = new Processes();
  const channel = await DemoChannel.create(processes.path);
  const genesis = [channel.genesis];
  const peer = await processes.start({ name: "peer", genesis });
  const listen = peer.ready.multiaddrs[0]!.replace(/\/p2p\/.*/, "");
  await expect(processes.start({ name: "second", genesis, flags: ["--listen", listen] })).rejects.toThrow(
    new RegExp(`status 1.*${listen.split("/").at(-1)}.*\\(PORT_TAKEN\\)`, "s"),
  );
  const api = new URL(peer.ready.api).host;
  await expect(processes.start({ name: "third", genesis, flags: ["--api", api] })).rejects.toThrow(
    new RegExp(`status 1.*${api}.*\\(PORT_TAKEN\\)`, "s"),
  );
});

test("data of another channel of the same name are refused", async () => {
  await using processes = new Processes();
  const [channel, other] = [
    await DemoChannel.create(processes.path),
    await DemoChannel.create(`${processes.path}/other`),
  ];
  const peer = await processes.start({ name: "peer", genesis: [channel.genesis] });
  await peer.stop();
  await expect(processes.start({ name: "peer", genesis: [other.genesis] })).rejects.toThrow(
    /status 1.*holds the ledger of another channel demo.*LEDGER_MISMATCH/s,
  );
  const both = [channel.genesis, other.genesis];
  await expect(processes.start({ name: "another", genesis: both })).rejects.toThrow(
    /is a second genesis block of channel demo/,
  );
});
