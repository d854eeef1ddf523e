import { expect, test } from "vitest";
import type { Block } from "../../chain/block.ts";
import { NodeError } from "../../node/errors.ts";
import type { PeerProcess } from "../../node/peer/peer-process.ts";
import { allAt, Processes, type TestPeer } from "./processes.ts";
import { DemoChannel } from "./demo-channel.ts";

const KILLS = 26;

test("peers that are killed 26 times under load lose no block that they have acknowledged", async () => {
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

  const over = new AbortController();
  const load = new Load(channel, peers);
  const loaded = load.run(over.signal);
  const kill = async (victim: number, kills: number) => {
    // A different number of blocks in between, so that it falls at different moments of their way.
    await load.more((victim + kills) % 4);
    await peers[victim]!.kill();
    const promised = load.heightOf(victim);
    peers[victim] = await processes.start(specs[victim]!);
    const { height } = await peers[victim].api.channel(channel.name);
    expect(height).toBeGreaterThanOrEqual(promised);
  };
  // Two at a time, so that one is left to take blocks.
  const rounds = [[0, 1], [2]].map(async (victims) => {
    for (let kills = 0; kills < KILLS / 2; kills++) await kill(victims[kills % victims.length]!, kills);
  });
  await Promise.all(rounds);
  over.abort();
  await loaded;
  await allAt(peers, channel.name, channel.height);
  for (const { api } of peers) {
    expect(await api.channel(channel.name)).toMatchObject({ tipHash: channel.tip.hash, forks: [] });
  }
  expect(channel.height).toBeGreaterThan(KILLS);
}, 240_000);

/** Hands each block to one peer after another until one acknowledges it, since the one asked may just be dead. */
class Load {
  readonly #channel: DemoChannel;
  readonly #peers: readonly PeerProcess[];
  /** By peer, the height that its acknowledgements promise. */
  readonly #promised = new Map<number, number>();
  #acknowledged = Promise.withResolvers<void>();

  constructor(channel: DemoChannel, peers: readonly PeerProcess[]) {
    this.#channel = channel;
    this.#peers = peers;
  }

  heightOf(peer: number): number {
    return this.#promised.get(peer) ?? 1;
  }

  /** Waits until so many blocks more have been acknowledged. */
  async more(blocks: number): Promise<void> {
    for (let block = 0; block < blocks; block++) await this.#acknowledged.promise;
  }

  async run(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      const block = this.#channel.next(2_000);
      let attempt = block.number;
      while (!(await this.#submit(block, attempt % this.#peers.length))) attempt++;
      this.#acknowledged.resolve();
      this.#acknowledged = Promise.withResolvers<void>();
    }
  }

  async #submit(block: Block, peer: number): Promise<boolean> {
    try {
      const result = await this.#peers[peer]!.api.submit(this.#channel.name, block.bytes);
      if (result.kind === "refused") expect(result.code).toBe("OUT_OF_ORDER");
      else this.#promised.set(peer, block.number + 1);
      return result.kind !== "refused";
    } catch (error) {
      if (error instanceof NodeError && error.code === "API_UNREACHABLE") return false;
      throw error;
    }
  }
}
