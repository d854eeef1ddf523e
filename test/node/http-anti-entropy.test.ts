import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { ApiClient } from "../../node/http/api-client.ts";
import { DemoChannel } from "../end-to-end/demo-channel.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { runningPeer } from "./running-peer.ts";

const CLI = fileURLToPath(new URL("../../node/cli.ts", import.meta.url));
const STARTED = { enabled: true, mode: "pull", intervalMs: 3_000 };

/** A peer alone in a channel, with its options set by its configuration. */
async function alone() {
  const stack = new AsyncDisposableStack();
  const { path } = stack.use(temporaryDirectory());
  const channel = await DemoChannel.create(path);
  const gossip = { antiEntropyMode: "pull", antiEntropyIntervalMs: 3_000 };
  const peer = stack.use(await runningPeer(path, [channel.genesis], { name: "alone", gossip }));
  return {
    url: peer.api,
    gossip: peer.state.channels[0]!.gossip,
    api: new ApiClient(peer.api),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

test("what is changed holds from now on, and what is not named stays", async () => {
  await using peer = await alone();
  const { api, gossip } = peer;
  expect(await api.antiEntropy("demo")).toEqual(STARTED);
  expect(await api.setAntiEntropy("demo", { enabled: false })).toEqual({ ...STARTED, enabled: false });
  const changed = { enabled: false, mode: "push", intervalMs: 500 } as const;
  expect(await api.setAntiEntropy("demo", { mode: "push", intervalMs: 500 })).toEqual(changed);
  expect(gossip.antiEntropy).toEqual(changed);
  expect(await api.antiEntropy("demo")).toEqual(changed);
});

test.each(["", "[]", '{"mode":"shove"}', '{"intervalMs":0}', '{"intervalMs":1e12}', '{"more":1}'])(
  "a change that is none is refused, and changes nothing: %s",
  async (body) => {
    await using peer = await alone();
    const response = await fetch(`${peer.url}/v1/channels/demo/anti-entropy`, { method: "PUT", body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: "BAD_REQUEST" });
    expect(peer.gossip.antiEntropy).toEqual(STARTED);
  },
);

test("a channel that is not joined has none", async () => {
  await using peer = await alone();
  await expect(peer.api.antiEntropy("other")).rejects.toMatchObject({
    message: expect.stringContaining("NOT_FOUND"),
  });
});

test("by hand: anti-entropy shows and changes", async () => {
  await using peer = await alone();
  const call = (...args: readonly string[]) =>
    new Promise<{ readonly status: number; readonly output: string }>((resolve) => {
      execFile(process.execPath, [CLI, "anti-entropy", "--api", peer.url, ...args], (error, stdout, stderr) =>
        resolve({ status: Number(error?.code ?? 0), output: `${stdout}${stderr}` }),
      );
    });
  expect(await call()).toEqual({ status: 0, output: "demo: on, pull, every 3000 ms\n" });
  expect(await call("--channel", "demo", "--mode", "push-pull", "--interval", "2s", "--off")).toEqual({
    status: 0,
    output: "demo: off, push-pull, every 2000 ms\n",
  });
  const { output } = await call("--on", "--json");
  expect(JSON.parse(output)).toEqual({ enabled: true, mode: "push-pull", intervalMs: 2_000 });
  expect((await call("--on", "--off")).status).toBe(2);
  expect((await call("--mode", "shove")).status).toBe(2);
});
