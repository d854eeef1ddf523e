import { generateKeyPair } from "@libp2p/crypto/keys";
import type { Libp2p, Stream } from "@libp2p/interface";
import { multiaddr } from "@multiformats/multiaddr";
import { createNode } from "../../node/transport/libp2p-node.ts";
import { monotonicMs } from "./monotonic-ms.ts";

const PROTOCOL = "/blockgossip-bench/raw/1.0.0";
const BUFFERED_BYTES_MAX = 1 << 20;

/** Counts the bytes of streams that say nothing, over the same libp2p modules as the peers'. */
export class RawReceiver {
  readonly address: string;
  readonly #node: Libp2p;
  #bytes = 0;
  #wanted: { readonly bytes: number; readonly done: PromiseWithResolvers<number> } | undefined;

  private constructor(node: Libp2p) {
    this.#node = node;
    this.address = String(node.getMultiaddrs()[0]);
  }

  static async open(): Promise<RawReceiver> {
    const receiver = new RawReceiver(await openNode());
    await receiver.#node.handle(PROTOCOL, (stream) => {
      stream.addEventListener("message", ({ data }) => receiver.#received(data.byteLength));
    });
    return receiver;
  }

  /** When this many bytes have come since the last time. */
  async received(bytes: number): Promise<number> {
    const done = Promise.withResolvers<number>();
    this.#wanted = { bytes, done };
    this.#received(0);
    return await done.promise;
  }

  close(): Promise<void> {
    return Promise.resolve(this.#node.stop());
  }

  #received(bytes: number): void {
    this.#bytes += bytes;
    if (this.#wanted === undefined || this.#bytes < this.#wanted.bytes) return;
    this.#wanted.done.resolve(monotonicMs());
    this.#bytes = 0;
    this.#wanted = undefined;
  }
}

/** Sends bytes over one new stream; returns when the first one was handed over. */
export async function sendRaw(address: string, bytes: number, chunkBytes: number): Promise<number> {
  const node = await openNode();
  const connection = await node.dial(multiaddr(address));
  const stream = await connection.newStream(PROTOCOL);
  const chunk = new Uint8Array(chunkBytes);
  const startMs = monotonicMs();
  for (let sent = 0; sent < bytes; sent += chunkBytes) {
    stream.send(chunk.subarray(0, Math.min(chunkBytes, bytes - sent)));
    while (stream.writeBufferLength > BUFFERED_BYTES_MAX) await drained(stream);
  }
  await stream.close();
  await node.stop();
  return startMs;
}

async function drained(stream: Stream): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const done = () => resolve();
  stream.addEventListener("drain", done, { once: true });
  stream.addEventListener("close", done, { once: true });
  await promise;
}

async function openNode(): Promise<Libp2p> {
  return await createNode({
    privateKey: await generateKeyPair("Ed25519"),
    listen: ["/ip4/127.0.0.1/tcp/0"],
    connectionsMax: 100,
  });
}
