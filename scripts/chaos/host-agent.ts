/** The process that a host's peers run under: does what it is told over its IPC channel, see `host-protocol.ts`. */
import { NodeError } from "../../node/errors.ts";
import { reason } from "../../node/files.ts";
import { PeerProcess } from "../../node/peer/peer-process.ts";
import type { HostCall, HostCalls, HostSaying } from "./host-protocol.ts";

/** A peer that stands still does not answer. */
const ANSWER_MS_MAX = 3_000;

const peers = new Map<string, PeerProcess>();

const calls: HostCalls = {
  async start({ name, ...options }) {
    const peer = await PeerProcess.start({ name, ...options });
    peers.set(name, peer);
    void watch(name, peer);
    return peer.ready;
  },
  async kill(name) {
    const peer = running(name);
    peers.delete(name);
    await peer.kill();
  },
  async freeze({ name, isFrozen }) {
    process.kill(running(name).pid, isFrozen ? "SIGSTOP" : "SIGCONT");
  },
  async submit({ name, channel, bytes }) {
    try {
      const result = await running(name).api.submit(channel, bytes, AbortSignal.timeout(ANSWER_MS_MAX));
      return result.kind === "refused" ? "refused" : "stored";
    } catch {
      return "unreachable";
    }
  },
  async standing({ name, channel }) {
    try {
      const { api } = running(name);
      const signal = AbortSignal.timeout(ANSWER_MS_MAX);
      const [status, { height, tipHash, forks }] = [
        await api.status(signal),
        await api.channel(channel, signal),
      ];
      return { height, tipHash, forks: forks.length, rssBytes: status.process.rssBytes };
    } catch {
      return undefined;
    }
  },
  async close() {
    await Promise.all([...peers.values()].map((peer) => peer.stop()));
    process.disconnect();
  },
};

function running(name: string): PeerProcess {
  const peer = peers.get(name);
  if (peer === undefined) throw new NodeError("NOT_FOUND", `${name} does not run`);
  return peer;
}

async function watch(name: string, peer: PeerProcess): Promise<void> {
  const death = await peer.death();
  if (peers.get(name) === peer) say({ died: name, how: death.message });
}

function say(saying: HostSaying): void {
  if (process.connected) process.send?.(saying);
}

async function answer(call: HostCall): Promise<void> {
  try {
    // The name and its argument belong together by the type of the call.
    const run = calls[call.name] as (argument: unknown) => Promise<unknown>;
    say({ id: call.id, result: await run(call.argument) });
  } catch (error) {
    say({ id: call.id, error: reason(error) });
  }
}

process.on("message", (call: HostCall) => void answer(call));
// However the command ends, its peers do not outlive it, not even those that stand still.
process.once("disconnect", () => {
  for (const { pid } of peers.values()) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
  process.exit();
});
