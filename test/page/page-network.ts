import { join } from "node:path";
import { createNetwork, type Network } from "../../node/network/network.ts";
import { PeerProcess } from "../../node/peer/peer-process.ts";
import { submitNext } from "../../node/orderer/submission.ts";
import { LOCAL_ENVIRONMENT } from "../../node/devnet/local-environment.ts";
import { freePortBase } from "../../node/network/free-ports.ts";
import { allMet } from "../end-to-end/processes.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const CHANNEL = "trade";

/** Two organisations' peers, each a process of its own. */
export class PageNetwork implements AsyncDisposable {
  readonly peers: readonly PeerProcess[];
  readonly #network: Network;
  readonly #stack: AsyncDisposableStack;

  private constructor(network: Network, peers: readonly PeerProcess[], stack: AsyncDisposableStack) {
    this.#network = network;
    this.peers = peers;
    this.#stack = stack;
  }

  static async start(): Promise<PageNetwork> {
    await using stack = new AsyncDisposableStack();
    const { path } = stack.use(temporaryDirectory());
    const organisations = [
      { name: "Org1", peers: 2 },
      { name: "Org2", peers: 2 },
    ];
    const portBase = (await freePortBase("127.0.0.1", 23_000, [0, 1, 2, 3, 100, 101, 102, 103])) ?? 23_000;
    const out = join(path, "network");
    const network = await createNetwork({
      out,
      channel: CHANNEL,
      organisations,
      consensus: "raft",
      portBase,
    });
    const peers = await Promise.all(
      network.peers.map(async ({ name, config }) =>
        stack.use(
          await PeerProcess.start({
            name,
            flags: ["--config", config],
            log: join(path, `${name}.log`),
            environment: LOCAL_ENVIRONMENT,
          }),
        ),
      ),
    );
    await allMet(peers, CHANNEL);
    return new PageNetwork(network, peers, stack.move());
  }

  get url(): string {
    return this.peers[0]!.api.url;
  }

  /** Hands a block of so many bytes in at a peer. Its number. */
  async submit(at: PeerProcess, bytes: number): Promise<number> {
    const files = [new Uint8Array(bytes)];
    const { block } = await submitNext(at.api, CHANNEL, { orderers: this.#network.orderers, files });
    return block.number;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}
