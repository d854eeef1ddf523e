import type { Stream } from "@libp2p/interface";
import type { PeerId } from "../../gossip/ports.ts";
import { encodeMessage } from "../../gossip/wire/message-codec.ts";
import { within } from "../../gossip/time.ts";
import type { Dialer } from "./dialer.ts";
import { reason } from "../files.ts";
import { writeFrame, writeFrames } from "./frame-writer.ts";
import { GOSSIP_PROTOCOL } from "./protocols.ts";
import { SendQueue, type QueuedFrame } from "./send-queue.ts";
import { reportRefusal, type TransportContext } from "./transport-context.ts";
import type { DropReason } from "./transport-stats.ts";

/**
 * Frames that are written together: what fits one Noise message. A larger one goes by itself, since yamux hands over
 * what is written together only when all of it has come.
 */
const BATCH_BYTES_MAX = 60 << 10;

/**
 * What this peer says to one other: a queue, and the stream that it is written to, which is opened when there is
 * something to say and kept. The greeting comes first on every stream. Where the stream breaks, what waits is dropped:
 * it is old, and the protocol makes up for it.
 */
export class PeerLink {
  readonly peer: PeerId;
  readonly #context: TransportContext;
  readonly #dialer: Dialer;
  readonly #queue: SendQueue;
  #stream: Stream | undefined;
  #writing: Promise<void> | undefined;
  #isClosed = false;
  #mustMove = false;
  #saidMs = 0;

  constructor(context: TransportContext, dialer: Dialer, peer: PeerId) {
    this.peer = peer;
    this.#context = context;
    this.#dialer = dialer;
    this.#queue = new SendQueue(context.options.sendQueueBytesMax);
  }

  /** Whether there is a stream to the peer. */
  get isOpen(): boolean {
    return this.#stream !== undefined;
  }

  /** Whether something is being written, or a stream opened for it. */
  get isWriting(): boolean {
    return this.#writing !== undefined;
  }

  /** When something was last written, by the clock; 0 where nothing was. */
  get saidMs(): number {
    return this.#saidMs;
  }

  /** Whether there is neither a stream nor anything to be written. */
  get isIdle(): boolean {
    return this.#stream === undefined && this.#writing === undefined;
  }

  /** False: the frame was dropped and counted, because the queue is full or the peer is being left alone. */
  send(frame: QueuedFrame): boolean {
    if (this.#isClosed) return this.#refuse(frame, "closed", "the transport is closed");
    if (this.isIdle && this.#dialer.backsOff(this.peer))
      return this.#refuse(frame, "unreachable", "it cannot be reached");
    if (!this.#queue.offer(frame)) return this.#refuse(frame, "queue-full", "its queue is full");
    this.open();
    return true;
  }

  /** Opens the stream where there is none, and greets. */
  open(): void {
    if (this.#isClosed || this.#writing !== undefined) return;
    if (this.isOpen && this.#queue.isEmpty && !this.#mustMove) return;
    this.#writing = this.#write();
  }

  /** Goes over to the connection that is kept, if there is a stream and it is on another one. Nothing is lost. */
  move(): void {
    if (this.isIdle) return;
    this.#mustMove = true;
    this.open();
  }

  /** Writes what waits, ends the stream, and waits until the other side has read it. Does not reject. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#writing;
    if (this.#stream !== undefined) await finish(this.#stream);
  }

  /** Lets go of the stream at once. */
  abort(error: Error): void {
    this.#isClosed = true;
    this.#stream?.abort(error);
    this.#drop("closed", "the transport is closed");
  }

  async #write(): Promise<void> {
    try {
      let stream = this.#stream ?? (await this.#openStream());
      // What the code that runs now has yet to say goes along.
      await Promise.resolve();
      while (!this.#queue.isEmpty || this.#mustMove) {
        if (this.#mustMove) stream = await this.#moved(stream);
        else await this.#writeBatch(stream);
      }
    } catch (error) {
      // It may have broken before anybody listened for that.
      this.#stream?.abort(new Error("the stream is broken", { cause: error }));
      this.#stream = undefined;
      this.#drop("unreachable", reason(error));
    } finally {
      // In the same turn in which the queue was found empty, so that what is sent next starts anew.
      this.#writing = undefined;
    }
  }

  async #openStream(): Promise<Stream> {
    const stream = await this.#dialer.open(this.peer, GOSSIP_PROTOCOL);
    stream.addEventListener("close", () => {
      if (this.#stream === stream) this.#stream = undefined;
    });
    this.#stream = stream;
    const { kind, bytes } = this.#greeting();
    await writeFrame(stream, bytes, this.#context.options);
    this.#context.counters.sent(kind, bytes.length);
    this.#saidMs = this.#context.options.clock.now();
    return stream;
  }

  /** The stream on the connection that is kept; another one is finished first, or the new one would cut it off. */
  async #moved(stream: Stream): Promise<Stream> {
    this.#mustMove = false;
    if (this.#dialer.isOnKept(this.peer, stream)) return stream;
    const { clock, openTimeoutMs } = this.#context.options;
    await within(clock, openTimeoutMs, () => finish(stream));
    return await this.#openStream();
  }

  #greeting(): QueuedFrame {
    try {
      const greeting = this.#context.inbox.greeting(this.peer);
      return { kind: greeting.kind, bytes: encodeMessage(greeting) };
    } catch (error) {
      reportRefusal(this.#context, this.peer, error);
      throw error;
    }
  }

  async #writeBatch(stream: Stream): Promise<void> {
    const { counters, options } = this.#context;
    const frames = this.#queue.batch(BATCH_BYTES_MAX);
    await writeFrames(
      stream,
      frames.map(({ bytes }) => bytes),
      options,
    );
    this.#queue.shift(frames.length);
    this.#saidMs = options.clock.now();
    for (const { kind, bytes } of frames) counters.sent(kind, bytes.length);
  }

  #refuse(frame: QueuedFrame, why: DropReason, message: string): false {
    this.#tellDropped({ messages: 1, bytes: frame.bytes.length }, why, message);
    return false;
  }

  #drop(why: DropReason, message: string): void {
    this.#tellDropped(this.#queue.clear(), why, message);
  }

  #tellDropped(
    dropped: { readonly messages: number; readonly bytes: number },
    why: DropReason,
    message: string,
  ): void {
    if (dropped.messages === 0) return;
    this.#context.counters.dropped(why, dropped.messages, dropped.bytes);
    this.#context.onEvent({ kind: "dropped", peer: this.peer, ...dropped, message });
  }
}

/**
 * Ends a stream, and waits until the other side has read it: it closes its half when it has come to the end. To hang up
 * before that would lose what it has not read, since what it writes on the connection meanwhile is answered by a reset.
 * Does not reject.
 */
async function finish(stream: Stream): Promise<void> {
  if (stream.status !== "open") return;
  const isRead = Promise.withResolvers<void>();
  stream.addEventListener("close", () => isRead.resolve(), { once: true });
  await stream.close().catch(() => undefined);
  await isRead.promise;
}
