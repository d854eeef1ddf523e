import { expect, test } from "vitest";
import { allAt, allMet, eventually, Processes } from "./processes.ts";
import type { ApiCatchUp } from "../../node/http/api-types.ts";
import { DemoChannel } from "./demo-channel.ts";

test("with every other peer down, the one left alive serves a newcomer completely", async () => {
  await using processes = new Processes();
  const channel = await DemoChannel.create(processes.path);
  const genesis = [channel.genesis];
  const peers = await processes.startMany(4, genesis);
  await allMet(peers, channel.name);
  for (let index = 0; index < 40; index++)
    await peers[0]!.api.submit(channel.name, channel.next(20_000).bytes);
  await allAt(peers, channel.name, channel.height);
  const [first, survivor, ...others] = peers;
  await Promise.all([first!, ...others].map((peer) => peer.kill()));
  const bootstrap = survivor!.ready.multiaddrs;
  const newcomer = await processes.start({ name: "newcomer", genesis, bootstrap });
  await allAt([newcomer], channel.name, channel.height);
  expect(await newcomer.api.channel(channel.name)).toMatchObject({ tipHash: channel.tip.hash });
  for (let number = 0; number < channel.height; number++) {
    const [theirs, ours] = await Promise.all(
      [newcomer, survivor!].map(({ api }) => api.block(channel.name, number)),
    );
    expect(Buffer.compare(theirs!, ours!)).toBe(0);
  }
});

const BEHIND = 2_000;
const BLOCK_BYTES = 10_240;

test("a newcomer 2,000 blocks behind catches up at once and in bounded memory, while blocks arrive", async () => {
  await using processes = new Processes();
  const channel = await DemoChannel.create(processes.path);
  const genesis = [channel.genesis];
  const peers = await processes.startMany(2, genesis);
  const [source] = peers;
  await allMet(peers, channel.name);
  for (let index = 0; index < BEHIND; index++) {
    const result = await source!.api.submit(channel.name, channel.next(BLOCK_BYTES).bytes);
    expect(result.kind).toBe("accepted");
  }
  await allAt(peers, channel.name, channel.height);

  const newcomer = await processes.start({ name: "newcomer", genesis, bootstrap: source!.ready.multiaddrs });
  const readyMs = performance.now();
  const over = new AbortController();
  const load = (async () => {
    while (!over.signal.aborted) await source!.api.submit(channel.name, channel.next(BLOCK_BYTES).bytes);
  })();
  const reports: ApiCatchUp[] = [];
  let rssBytesMost = 0;
  await eventually("the newcomer has the 2,000 blocks", async () => {
    rssBytesMost = Math.max(rssBytesMost, (await newcomer.api.status()).process.rssBytes);
    const { height, catchUp } = await newcomer.api.channel(channel.name);
    if (catchUp !== undefined) reports.push(catchUp);
    return height > BEHIND;
  });
  const caughtUpMs = performance.now() - readyMs;
  over.abort();
  await load;
  await allAt([...peers, newcomer], channel.name, channel.height);
  console.log(
    `caught up after ${Math.round(caughtUpMs)} ms, RSS at most ${Math.round(rssBytesMost / 1e6)} MB`,
  );
  expect(rssBytesMost).toBeLessThan(400e6);
  const report = reports.at(-1);
  expect(report).toMatchObject({ from: 1 });
  expect(reports.some(({ sources }) => sources.length > 0)).toBe(true);
  expect(report!.target).toBeGreaterThan(BEHIND);
  expect(report!.bytesPerSecond / report!.blocksPerSecond).toBeGreaterThan(0.9 * BLOCK_BYTES);
  await eventually("it is over", async () => !("catchUp" in (await newcomer.api.channel(channel.name))));
  // By its own log, since it competes with this test's other processes for answering us.
  const timeOf = (words: string) =>
    Date.parse(processes.log("newcomer").find(({ msg }) => msg.includes(words))!.time);
  expect(timeOf("caught up at ")).toBeGreaterThan(timeOf("ready"));
  expect(timeOf("catching up from 1 to ") - timeOf("ready")).toBeLessThan(1_000);
});
