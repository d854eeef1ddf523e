import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { monotonicMs } from "./monotonic-ms.ts";

/** `}`, which ends a block's JSON and stands nowhere else in it. */
const BLOCK_END = 0x7d;

/** Follows a channel's blocks over a bare socket, and does no more than count them; or does not read at all. */
export class RawFollower implements Disposable {
  /** Of each block that has come, when all of it was there, by {@link monotonicMs}. */
  readonly arrivalsMs: number[] = [];
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Resolves when the peer has begun to answer. */
  static async open(api: string, path: string, reads: boolean): Promise<RawFollower> {
    const { hostname, port } = new URL(api);
    const socket = connect(Number(port), hostname);
    socket.on("error", () => undefined);
    socket.write(`GET ${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\n\r\n`);
    const [head] = (await once(socket, "data")) as [Buffer];
    socket.pause();
    if (!head.toString("latin1").startsWith("HTTP/1.1 200"))
      throw new Error(`a follower was refused: ${head.toString("latin1")}`);
    const follower = new RawFollower(socket);
    if (reads) {
      follower.#take(head.subarray(head.indexOf("\r\n\r\n") + 4));
      socket.on("data", (bytes: Buffer) => follower.#take(bytes));
      socket.resume();
    }
    return follower;
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #take(bytes: Buffer): void {
    const nowMs = monotonicMs();
    for (let at = bytes.indexOf(BLOCK_END); at !== -1; at = bytes.indexOf(BLOCK_END, at + 1))
      this.arrivalsMs.push(nowMs);
  }
}
