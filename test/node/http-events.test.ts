import { execFile } from "node:child_process";
import { request } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { ApiUserEvent } from "../../node/http/api-types.ts";
import { ApiClient } from "../../node/http/api-client.ts";
import { DemoChannel } from "../end-to-end/demo-channel.ts";
import { eventually } from "../end-to-end/processes.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { guardedApi } from "./guarded-api.ts";
import { runningPeer } from "./running-peer.ts";

const CLI = fileURLToPath(new URL("../../node/cli.ts", import.meta.url));
const FAST = { gossip: { aliveIntervalMs: 300, batchIntervalMs: 50, roundIntervalMs: 500 } };
const NOTHING = new Uint8Array(0);

/** Peers of a channel that know each other. */
async function network(count: number) {
  const stack = new AsyncDisposableStack();
  const { path } = stack.use(temporaryDirectory());
  const channel = await DemoChannel.create(path);
  const start = async (name: string, bootstrap: readonly string[] = []) =>
    stack.use(await runningPeer(join(path, name), [channel.genesis], { ...FAST, name, bootstrap }));
  const first = await start("peer0");
  const others = await Promise.all(
    Array.from({ length: count - 1 }, (_, index) => start(`peer${index + 1}`, first.state.multiaddrs)),
  );
  const peers = [first, ...others];
  await eventually("all know each other", async () =>
    peers.every(({ state }) => state.gossip.membership.living().length === count - 1),
  );
  const apis = peers.map(({ api }) => new ApiClient(api));
  return { peers, apis, start, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** The next events of a follower. */
async function next(follower: AsyncIterator<ApiUserEvent>, count: number): Promise<readonly ApiUserEvent[]> {
  const events: ApiUserEvent[] = [];
  while (events.length < count) {
    const { value, done } = await follower.next();
    if (done === true) break;
    events.push(value);
  }
  return events;
}

test("an event sent at one peer is told by all, to who asks and to who follows; a newcomer hears of it too", async () => {
  await using made = await network(3);
  const { peers, apis } = made;
  const [author] = peers;
  const controller = new AbortController();
  const follower = apis[2]!.followEvents(0, controller.signal);
  expect(await apis[0]!.sendEvent("deploy", Buffer.from("v2 – now"))).toBe(1);
  const [followed] = await next(follower, 1);
  expect(followed).toEqual({
    time: 1,
    author: author!.state.id,
    authorName: "peer0",
    incarnation: author!.state.gossip.membership.incarnation,
    sequence: 0,
    name: "deploy",
    payload: "v2 – now",
  });
  expect(await apis[2]!.sendEvent("binary", new Uint8Array([0, 255]))).toBe(2);
  expect((await next(follower, 1))[0]).toMatchObject({ time: 2, name: "binary", payloadBase64: "AP8=" });
  await eventually("all hold both", async () =>
    (await Promise.all(apis.map((api) => api.events()))).every(({ events }) => events.length === 2),
  );
  const { time, dropped, events } = await apis[1]!.events(1);
  expect({ time, names: events.map(({ name }) => name) }).toEqual({ time: 2, names: ["binary"] });
  expect(Object.values(dropped).every((count) => count === 0)).toBe(true);
  const late = await made.start("late", author!.state.multiaddrs);
  await eventually("the newcomer holds both", async () => late.state.gossip.events.all().length === 2);
  controller.abort();
  await expect(follower.next()).rejects.toThrow();
});

test("what is no event is refused with a sentence, and more than the rate is", async () => {
  await using made = await network(1);
  const [{ api }] = made.peers as [(typeof made.peers)[number]];
  const post = async (body: string) => {
    const response = await fetch(`${api}/v1/events`, { method: "POST", body });
    return [response.status, ((await response.json()) as { code?: string }).code];
  };
  for (const body of [
    "",
    "[]",
    '{"payload":"x"}',
    '{"name":"x","more":1}',
    '{"name":"x","payloadBase64":"?"}',
  ])
    expect(await post(body), body).toEqual([400, "BAD_REQUEST"]);
  expect(await post('{"name":"x","payload":"","payloadBase64":""}')).toEqual([400, "BAD_REQUEST"]);
  expect(await post(JSON.stringify({ name: "" }))).toEqual([422, "INVALID_EVENT"]);
  expect(await post(JSON.stringify({ name: "x".repeat(129) }))).toEqual([422, "INVALID_EVENT"]);
  expect(await post(JSON.stringify({ name: "x", payload: "é".repeat(257) }))).toEqual([422, "INVALID_EVENT"]);
  expect(await post("x".repeat(10_000))).toEqual([413, "BLOCK_TOO_LARGE"]);
  const answers: (readonly [number, string | undefined])[] = [];
  for (let index = 0; index < 30; index++)
    answers.push((await post('{"name":"x"}')) as [number, string | undefined]);
  expect(answers.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => [202, undefined]));
  expect(answers).toContainEqual([429, "RATE_LIMITED"]);
  for (const query of ["after=-1", "after=x", "follow=yes", "until=5"]) {
    const response = await fetch(`${api}/v1/events?${query}`);
    expect(response.status, query).toBe(400);
  }
});

test("a follower is told what is remembered once, with what comes meanwhile, and the end when the peer stops", async () => {
  await using made = await network(1);
  const [{ state }] = made.peers as [(typeof made.peers)[number]];
  const [api] = made.apis;
  for (const name of ["a", "b", "c"]) state.gossip.events.send(name, NOTHING);
  const follower = api!.followEvents(1, new AbortController().signal);
  const seen = next(follower, 4);
  state.gossip.events.send("d", NOTHING);
  state.gossip.events.send("e", NOTHING);
  expect((await seen).map(({ name }) => name)).toEqual(["b", "c", "d", "e"]);
  const startMs = performance.now();
  const ended = expect(follower.next()).rejects.toMatchObject({
    code: "API_UNREACHABLE",
    message: expect.stringContaining("stops"),
  });
  await made.peers[0]!.stop();
  await ended;
  // It did not have to be cut off.
  expect(performance.now() - startMs).toBeLessThan(2_500);
});

test("a browser's stream: server-sent events, and as many followers as may", async () => {
  await using made = await network(1);
  const [{ api, state }] = made.peers as [(typeof made.peers)[number]];
  state.gossip.events.send("hello", new Uint8Array(Buffer.from("two\nlines")));
  const open = async () => {
    const { promise, resolve, reject } = Promise.withResolvers<import("node:http").IncomingMessage>();
    request(`${api}/v1/events?follow=true`, resolve).once("error", reject).end();
    return await promise;
  };
  const first = await open();
  expect(first.headers["content-type"]).toBe("text/event-stream");
  let text = "";
  for await (const chunk of first) {
    text += String(chunk);
    if (text.endsWith("}\n\n")) break;
  }
  expect(text).toMatch(/^:\n\nevent: user-event\ndata: \{"time":1,.*"payload":"two\\nlines"\}\n\n$/);
  const followers = await Promise.all(Array.from({ length: 64 }, open));
  expect(followers.map(({ statusCode }) => statusCode)).toEqual(Array.from({ length: 64 }, () => 200));
  const tooMany = await open();
  expect(tooMany.statusCode).toBe(503);
  for (const follower of [...followers, tooMany]) follower.destroy();
  await eventually("there is room again", async () => {
    const again = await open();
    again.destroy();
    return again.statusCode === 200;
  });
});

test("events are sent with the right to submit, and seen with the right to read", async () => {
  await using guarded = await guardedApi();
  const [reader, gateway] = [
    guarded.client({ token: guarded.read }),
    guarded.client({ token: guarded.submit }),
  ];
  await expect(reader.sendEvent("x", NOTHING)).rejects.toThrow("RIGHT_MISSING");
  await expect(guarded.client().events()).rejects.toThrow("UNAUTHENTICATED");
  await gateway.sendEvent("x", NOTHING);
  const [seen] = await next(reader.followEvents(0, new AbortController().signal), 1);
  expect(seen).toMatchObject({ name: "x", payload: "" });
  await expect(guarded.client().followEvents(0, new AbortController().signal).next()).rejects.toThrow(
    "UNAUTHENTICATED",
  );
});

test("by the library: for await over a peer's events", async () => {
  await using made = await network(2);
  const [first, second] = made.peers;
  const controller = new AbortController();
  const feed = second!.events({ signal: controller.signal });
  first!.state.gossip.events.send("deploy", new Uint8Array([1]));
  for await (const event of feed) {
    expect(event).toMatchObject({ author: first!.state.id, name: "deploy", payload: new Uint8Array([1]) });
    controller.abort();
  }
});

test("by hand: event send, list and watch", async () => {
  await using made = await network(2);
  const [first, second] = made.peers;
  // The peers are in this process, which may not wait for a command.
  const call = (...args: readonly string[]) =>
    new Promise<{ readonly status: number; readonly output: string }>((resolve) => {
      execFile(process.execPath, [CLI, "event", ...args], (error, stdout, stderr) =>
        resolve({ status: Number(error?.code ?? 0), output: `${stdout}${stderr}` }),
      );
    });
  const watched = call("watch", "--api", second!.api, "--count", "2");
  expect(await call("send", "--api", first!.api, "deploy", "v2\u202e")).toEqual({
    status: 0,
    output: "sent deploy at time 1\n",
  });
  await eventually("the other holds it", async () => second!.state.gossip.events.all().length === 1);
  expect((await call("send", "--api", second!.api, "done")).output).toBe("sent done at time 2\n");
  const lines = "1       peer0         deploy  v2\\u{202e}\n2       peer1         done\n";
  expect(await watched).toEqual({ status: 0, output: lines });
  await eventually("the first holds both", async () => first!.state.gossip.events.all().length === 2);
  expect(await call("list", "--api", first!.api)).toEqual({ status: 0, output: lines });
  const { output } = await call("list", "--api", first!.api, "--after", "1", "--json");
  expect(JSON.parse(output)).toMatchObject({ time: 2, authorName: "peer1", name: "done", payload: "" });
  expect(await call("send", "--api", first!.api, "x".repeat(129))).toMatchObject({
    status: 5,
    output: expect.stringContaining("(INVALID_EVENT)"),
  });
  expect((await call("list", "--api", first!.api, "--after", "soon")).status).toBe(2);
});
