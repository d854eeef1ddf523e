import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { ApiClient } from "../../node/http/api-client.ts";
import { DemoChannel } from "../end-to-end/demo-channel.ts";
import { eventually } from "../end-to-end/processes.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { runningPeer } from "./running-peer.ts";

const CLI = fileURLToPath(new URL("../../node/cli.ts", import.meta.url));
const FAST = { gossip: { aliveIntervalMs: 300, batchIntervalMs: 50, roundIntervalMs: 500 } };
const NOBODY = "12D3KooWLP6oBkm4N9Hsrxg4mHDS8iRoMPN1uLo6uWvcJgBGhWus";

/** Peers of a channel that know nobody, with their APIs. */
async function strangers(directory: string, count: number) {
  const channel = await DemoChannel.create(directory);
  const stack = new AsyncDisposableStack();
  const peers = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      runningPeer(join(directory, `peer${index}`), [channel.genesis], {
        ...FAST,
        name: `peer${index}`,
        tags: [`number=${index}`, "role=test"],
      }),
    ),
  );
  for (const peer of peers) stack.use(peer);
  return {
    peers,
    apis: peers.map(({ api }) => new ApiClient(api)),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

test("who is introduced to one peer is known to all, and all to him", async () => {
  using directory = temporaryDirectory();
  await using network = await strangers(directory.path, 4);
  const { peers, apis } = network;
  const addressOf = (index: number) => peers[index]!.state.announced[0]!;
  expect(await apis[1]!.meet(addressOf(0))).toBe(peers[0]!.state.id);
  expect(await apis[2]!.meet(`${addressOf(0)}/p2p/${peers[0]!.state.id}`)).toBe(peers[0]!.state.id);
  expect(await apis[3]!.meet(addressOf(2))).toBe(peers[2]!.state.id);
  await eventually("each knows the three others", async () =>
    peers.every(({ state }) => state.gossip.membership.living().length === 3),
  );
});

test("that nobody is there, or somebody else, is told with the address; what is no address is refused", async () => {
  using directory = temporaryDirectory();
  await using network = await strangers(directory.path, 2);
  const [first, second] = network.peers;
  const [api] = network.apis;
  await expect(api!.meet("/ip4/127.0.0.1/tcp/9")).rejects.toMatchObject({
    code: "REJECTED",
    message: expect.stringContaining("/ip4/127.0.0.1/tcp/9 cannot be reached"),
  });
  await expect(api!.meet(`${second!.state.announced[0]}/p2p/${NOBODY}`)).rejects.toMatchObject({
    message: expect.stringContaining(`${second!.state.id} is at`),
  });
  for (const address of ["", "127.0.0.1:9700", "/ip4/127.0.0.1/udp/1", `/p2p/${NOBODY}`])
    await expect(api!.meet(address)).rejects.toMatchObject({
      message: expect.stringContaining("BAD_REQUEST"),
    });
  const post = (body: string) => fetch(`${first!.api}/v1/members/meet`, { method: "POST", body });
  for (const body of ["", "[]", '{"address":5}', '{"address":"/ip4/1.2.3.4/tcp/1","more":1}'])
    expect((await post(body)).status).toBe(400);
  expect((await post("x".repeat(10_000))).status).toBe(413);
});

test("by hand: join introduces, members shows whom a peer knows", async () => {
  using directory = temporaryDirectory();
  await using network = await strangers(directory.path, 2);
  const [first, second] = network.peers;
  // The peers are in this process, which may not wait for a command.
  const call = (...args: readonly string[]) =>
    new Promise<{ readonly status: number; readonly output: string }>((resolve) => {
      execFile(process.execPath, [CLI, ...args], (error, stdout, stderr) =>
        resolve({ status: Number(error?.code ?? 0), output: `${stdout}${stderr}` }),
      );
    });
  expect(await call("join", "--api", first!.api, second!.state.announced[0]!)).toEqual({
    status: 0,
    output: `met ${second!.state.id}\n`,
  });
  await eventually("they know each other", async () =>
    first!.state.gossip.membership.isAlive(second!.state.id),
  );
  const { output } = await call("members", "--api", first!.api, "--status", "alive");
  expect(output).toMatch(/^NAME +ORG +STATE +TAGS +HEIGHTS +CERTIFICATE UNTIL +WHY\npeer0 \(asked\) /);
  expect(output).toMatch(/\npeer1 +- +alive +number=1 role=test +demo (1|\?) +- +it says that it lives\n$/);
  const tagged = async (...tags: readonly string[]) =>
    (await call("members", "--api", first!.api, "--json", "--tag", ...tags)).output
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line).name);
  expect(await tagged("role=test")).toEqual(["peer0", "peer1"]);
  expect(await tagged("role=test", "number=1")).toEqual(["peer1"]);
  expect(await tagged("role=tes")).toEqual([]);
  expect((await call("members", "--api", first!.api, "--status", "dead", "--json")).output).toBe("");
  expect(await call("join", "--api", first!.api, "/ip4/127.0.0.1/tcp/9")).toMatchObject({
    status: 5,
    output: expect.stringContaining("cannot be reached"),
  });
  expect((await call("members", "--api", first!.api, "--status", "sleepy")).status).toBe(2);
});
