import { expect, test } from "vitest";
import { NodeError } from "../../node/errors.ts";
import type { PeerProcess } from "../../node/peer-process.ts";
import { allAt, Processes, type TestPeer } from "./processes.ts";
import { DemoChannel } from "./demo-channel.ts";

const KILLS = 50;
const PEERS = 3;

test("peers that are killed 50 times under load lose no block that they have acknowledged", async () => {
  await using processes = new Processes();
  const channel = await DemoChannel.create(processes.path);
  const seed = await processes.start({ name: "peer0", genesis: [channel.genesis] });
  // Fixed ports, so that who comes back is found where it was.
  const [port] = /tcp\/(\d+)/.exec(seed.ready.multiaddrs[0]!)!.slice(1);
  const specs: TestPeer[] = [
    { name: "peer0", genesis: [channel.genesis], flags: ["--listen", `/ip4/127.0.0.1/tcp/${port}`] },
    ...[1, 2].map((index) => ({
      name: `peer${index}`,
      genesis: [channel.genesis],
      bootstrap: seed.ready.multiaddrs,
    })),
  ];
  const peers: PeerProcess[] = [
    seed,
    ...(await Promise.all(specs.slice(1).map((spec) => processes.start(spec)))),
  ];

  const acknowledged = new Map<number, string>();
  const over = new AbortController();
  const load = submitUntil(over.signal, { channel, peers, acknowledged });
  for (let kill = 0; kill < KILLS; kill++) {
    const victim = kill % PEERS;
    const before = acknowledged.size;
    // Some blocks are in flight when it falls.
    while (acknowledged.size < before + (kill % 4)) await new Promise((resolve) => setImmediate(resolve));
    await peers[victim]!.kill();
    peers[victim] = await processes.start(specs[victim]!);
  }
  over.abort();
  await load;
  expect(acknowledged.size).toBeGreaterThan(KILLS);
  await allAt(peers, channel.name, channel.height);
  for (const { api } of peers) {
    expect(await api.channel(channel.name)).toMatchObject({ tipHash: channel.tip.hash, forks: [] });
  }
  expect(acknowledged.get(channel.tip.number)).toBe(channel.tip.hash);
}, 120_000);

interface Load {
  readonly channel: DemoChannel;
  readonly peers: readonly PeerProcess[];
  /** Hashes by number, of what was answered with 201 or 200. */
  readonly acknowledged: Map<number, string>;
}

/** Hands each block to one peer after another until one acknowledges it, since the one asked may just be dead. */
async function submitUntil(over: AbortSignal, { channel, peers, acknowledged }: Load): Promise<void> {
  while (!over.aborted) {
    const block = channel.next(2_000);
    for (let attempt = 0; !acknowledged.has(block.number); attempt++) {
      const { api } = peers[attempt % peers.length]!;
      const result = await api.submit(channel.name, block.bytes).catch((error: unknown) => {
        if (error instanceof NodeError && error.code === "API_UNREACHABLE") return undefined;
        throw error;
      });
      if (result === undefined) continue;
      if (result.kind === "refused") expect(result.code).toBe("OUT_OF_ORDER");
      else acknowledged.set(block.number, result.hash);
    }
  }
}
