/** A process that holds some peers of a network that is measured; `WorkerProcess` starts it and tells it what to do. */
import type { BenchPeer, OnArrival, Stage } from "./bench-peer.ts";
import type { Link } from "./link.ts";
import { monotonicMs } from "./monotonic-ms.ts";
import type { RawReceiver } from "./raw-stream.ts";
import { sum, sumByName } from "./statistics.ts";
import type { CallAnswer } from "../pending-calls.ts";
import type { Arrival, Call, SystemName, Telling, WorkerCalls } from "./worker-protocol.ts";

const peers = new Map<number, BenchPeer>();
const arrivals: Arrival[] = [];
/** How many of the peers here have a block, while it is not all of them. */
const holders = new Map<string, number>();
let receiver: RawReceiver | undefined;

const calls: WorkerCalls = {
  async open({ index, system, directory, genesis, link }) {
    const onArrival: OnArrival = (block, stage) => {
      const atMs = monotonicMs();
      arrivals.push({ peer: index, block, stage, atMs });
      oneMoreHas(block, stage, atMs);
    };
    const peer = await openPeer(system, { directory, genesis, onArrival, link });
    peers.set(index, peer);
    return peer.address;
  },
  join: async ({ index, contacts }) => await peerAt(index).join(contacts),
  async submit({ index, number, bytes }) {
    const startMs = monotonicMs();
    oneMoreHas(number, "verified", startMs);
    await peerAt(index).submit(bytes, number);
    oneMoreHas(number, "durable", monotonicMs());
    return startMs;
  },
  usage: async () => {
    const { user, system } = process.cpuUsage();
    const all = [...peers.values()];
    return {
      cpuMs: (user + system) / 1_000,
      rssBytes: process.memoryUsage.rss(),
      signatureChecks: sum(all.map((peer) => peer.signatureChecks())),
      connections: sum(all.map((peer) => peer.connections())),
      neighboursMin: Math.min(...all.map((peer) => peer.neighbours())),
      sentBytes: sumByName(all.map((peer) => peer.sentBytes())),
    };
  },
  arrivals: async () => arrivals,
  async listenRaw() {
    const { RawReceiver: Receiver } = await import("./raw-stream.ts");
    receiver = await Receiver.open();
    return receiver.address;
  },
  async sendRaw({ address, bytes, chunk }) {
    const { sendRaw } = await import("./raw-stream.ts");
    return await sendRaw(address, bytes, chunk);
  },
  async receivedRaw(bytes) {
    if (receiver === undefined) throw new RangeError("listenRaw() must be called first");
    return await receiver.received(bytes);
  },
  async close() {
    await Promise.all([...peers.values()].map((peer) => peer[Symbol.asyncDispose]()));
    await receiver?.close();
  },
};

process.on("message", (call: Call) => void answer(call));
// Whoever started it is gone.
process.on("disconnect", () => process.exit(1));

async function answer({ id, name, argument }: Call): Promise<void> {
  const run = calls[name] as (argument: unknown) => Promise<unknown>;
  try {
    say({ id, result: await run(argument) });
  } catch (error) {
    say({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
  if (name === "close") process.exit(0);
}

function oneMoreHas(block: number, stage: Stage, atMs: number): void {
  const key = `${stage} ${block}`;
  const count = (holders.get(key) ?? 0) + 1;
  holders.set(key, count);
  if (count < peers.size) return;
  holders.delete(key);
  say({ completion: { block, stage, atMs } });
}

function say(message: CallAnswer | Telling): void {
  process.send?.(message);
}

/** Imports only what the system needs, so that its memory is its own. */
async function openPeer(
  system: SystemName,
  parts: {
    readonly directory: string;
    readonly genesis: string;
    readonly onArrival: OnArrival;
    readonly link: Link | undefined;
  },
): Promise<BenchPeer> {
  switch (system) {
    case "blockgossip": {
      const { BlockgossipPeer } = await import("./blockgossip-peer.ts");
      return await BlockgossipPeer.open(parts);
    }
    case "gossipsub": {
      const { GossipsubPeer } = await import("./gossipsub-peer.ts");
      return await GossipsubPeer.open(parts);
    }
    default:
      return system satisfies never;
  }
}

function peerAt(index: number): BenchPeer {
  const peer = peers.get(index);
  if (peer === undefined) throw new RangeError(`peer ${index} is not in this process`);
  return peer;
}
