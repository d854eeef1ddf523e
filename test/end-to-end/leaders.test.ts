import { expect, test } from "vitest";
import { allAt, allMet, eventually, Processes } from "./processes.ts";
import { DemoChannel } from "./demo-channel.ts";

test("two peers take their blocks from a third's API by their leader, and go on when it is killed", async () => {
  await using processes = new Processes();
  const channel = await DemoChannel.create(processes.path);
  const genesis = [channel.genesis];
  // The others do not know it as a peer.
  const orderer = await processes.start({ name: "orderer", genesis });
  const flags = ["--sources", orderer.api.url];
  const peers = await processes.startMany(2, genesis, flags);
  await allMet(peers, channel.name);
  const leaderOf = async (index: number) => (await peers[index]!.api.channel(channel.name)).leader;
  await eventually("both see one leader", async () => {
    const [first, second] = await Promise.all([leaderOf(0), leaderOf(1)]);
    return first !== undefined && first.peer === second?.peer;
  });
  for (let count = 0; count < 10; count++) await orderer.api.submit(channel.name, channel.next(20_000).bytes);
  await allAt(peers, channel.name, channel.height);
  const shown = await peers[0]!.api.channel(channel.name);
  expect(shown.source).toEqual({ name: orderer.api.url, healthy: true, height: expect.any(Number) });
  const led = peers.findIndex((_, index) => shown.leader?.name === `peer${index}`);
  expect(shown.leader?.reason).not.toBe("");
  const [survivor] = peers.filter((_, index) => index !== led);
  await peers[led]!.kill();
  const killedMs = performance.now();
  await orderer.api.submit(channel.name, channel.next(20_000).bytes);
  await allAt([survivor!], channel.name, channel.height);
  console.log(`the block after the kill took ${Math.round(performance.now() - killedMs)} ms`);
  expect(performance.now() - killedMs).toBeLessThan(5_000);
  expect((await survivor!.api.channel(channel.name)).leader).toMatchObject({ name: `peer${1 - led}` });

  // Back with an older ledger, and the first in line or not: it leaves the lead where it is.
  const bootstrap = survivor!.ready.multiaddrs;
  const back = await processes.start({ name: `peer${led}`, genesis, bootstrap, flags });
  await allAt([back], channel.name, channel.height);
  await eventually("it sees who leads", async () => {
    const { leader } = await back.api.channel(channel.name);
    return leader?.name === `peer${1 - led}`;
  });
  await orderer.kill();
  await eventually("the loss of the source is seen", async () => {
    const { leader, source } = await back.api.channel(channel.name);
    return leader === undefined && source?.healthy === false;
  });
});
