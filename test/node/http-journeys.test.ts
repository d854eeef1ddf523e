import { expect, test } from "vitest";
import { journeysSchema } from "../../node/http/journey-types.ts";
import { DemoChannel } from "../end-to-end/demo-channel.ts";
import { eventually } from "../end-to-end/processes.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { runningPeer } from "./running-peer.ts";

test("the API tells how blocks came to the peer and, by their word, to the others", async () => {
  using directory = temporaryDirectory();
  const channel = await DemoChannel.create(directory.path);
  const { path } = directory;
  await using one = await runningPeer(path, [channel.genesis], { name: "one", data: `${path}/one` });
  const bootstrap = [...one.state.multiaddrs];
  await using two = await runningPeer(path, [channel.genesis], {
    name: "two",
    data: `${path}/two`,
    bootstrap,
  });
  const [first, second] = [one, two].map((peer) => peer.state.channels[0]!.gossip);
  await eventually("they know each other", async () =>
    [first, second].every((gossip) => gossip!.view.active().length === 1),
  );
  const beforeMs = Date.now();
  const block = channel.next();
  await first!.publish(block);
  await eventually("both hold it", async () => second!.ledger.height === 2);

  const ask = async (query: string) => await fetch(`${one.api}/v1/channels/demo/journeys${query}`);
  const { peers, ...head } = journeysSchema.parse(await (await ask("?from=1")).json());
  expect(head).toEqual({ channel: "demo", from: 1, height: 2 });
  expect(peers.map(({ name, self }) => [name, self])).toEqual([
    ["one", true],
    ["two", false],
  ]);
  const [own, other] = peers.map(({ arrivals }) => arrivals[0]!);
  expect(own).toMatchObject({ number: 1, hash: block.hash, origin: "publish" });
  expect(own).not.toHaveProperty("from");
  expect(other).toMatchObject({ number: 1, hash: block.hash, origin: "push", from: one.state.id });
  // One machine, one clock.
  expect(other!.receivedMs).toBeGreaterThanOrEqual(own!.committedMs!);
  expect(other!.committedMs).toBeGreaterThanOrEqual(other!.verifiedMs);
  expect(own!.receivedMs).toBeGreaterThanOrEqual(beforeMs - 1_000);

  for (const query of ["?from=-1", "?from=x", "?first=1"])
    expect(await (await ask(query)).json()).toMatchObject({ code: "BAD_REQUEST" });
  expect(journeysSchema.parse(await (await ask("")).json())).toMatchObject({ from: 0 });
});
