import type { Connection, Stream, StreamCloseEvent, StreamMessageEvent } from "@libp2p/interface";
import { GossipError } from "../../gossip/errors.ts";
import { decodeMessage } from "../../gossip/wire/message-codec.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { FrameParser } from "./frame-parser.ts";
import { limitFrame } from "./frame-reader.ts";
import { isNoMessage, type Strikes } from "./strikes.ts";
import { peerOf, reportRefusal, type TransportContext } from "./transport-context.ts";

/** What surrounds a block in its frame, and more. */
const FRAME_OVERHEAD_BYTES = 64 << 10;

/** Frames without a block stay below this: statements are sent 256 KiB at a time. */
const SMALL_FRAME_BYTES_MAX = (256 << 10) + FRAME_OVERHEAD_BYTES;

/** Reads what others say on their gossip streams, and gives it to the inbox. */
export class GossipReader {
  readonly #context: TransportContext;
  readonly #strikes: Strikes;
  readonly #streams = new Map<PeerId, Stream>();
  readonly #heardMs = new Map<PeerId, number>();
  /** What the inbox itself has refused: it need not be told. */
  readonly #byInbox = new WeakSet<GossipError>();

  constructor(context: TransportContext, strikes: Strikes) {
    this.#context = context;
    this.#strikes = strikes;
  }

  /** Reads a stream to its end. Does not reject. */
  async read(stream: Stream, connection: Connection): Promise<void> {
    const peer = peerOf(connection);
    // A peer has one; where it opens another, the older one is broken. This also bounds what is kept of a peer.
    this.#streams.get(peer)?.abort(new GossipError("BROKEN_PROMISE", "a newer gossip stream was opened"));
    this.#streams.set(peer, stream);
    try {
      const reading = this.#readFrames(peer, stream);
      endWithOther(stream);
      await reading;
    } catch (error) {
      this.#fail(connection, stream, error);
    } finally {
      if (this.#streams.get(peer) === stream) {
        this.#streams.delete(peer);
        this.#heardMs.delete(peer);
      }
    }
  }

  /** When the peer was last heard, by the clock; 0 where it has no stream open. */
  heardMs(peer: PeerId): number {
    return this.#heardMs.get(peer) ?? 0;
  }

  /** Reads no more. */
  abort(error: Error): void {
    for (const stream of this.#streams.values()) stream.abort(error);
  }

  #readFrames(peer: PeerId, stream: Stream): Promise<void> {
    const { blockBytesMax } = this.#context.options;
    const largeBytesMax = Math.max(blockBytesMax + FRAME_OVERHEAD_BYTES, SMALL_FRAME_BYTES_MAX);
    // Somebody of whom nothing was believed yet cannot make us keep a large frame.
    let isStranger = true;
    const parser = new FrameParser({
      onLength: (bytes) => limitFrame(bytes, isStranger ? SMALL_FRAME_BYTES_MAX : largeBytesMax),
      onFrame: (frame) => {
        if (this.#receive(peer, frame)) isStranger = false;
        return true;
      },
    });
    return parseStream(stream, parser);
  }

  /** Whether the inbox took the message. @throws GossipError `MALFORMED_MESSAGE`, after which nothing more is read. */
  #receive(peer: PeerId, frame: Uint8Array): boolean {
    const { inbox, counters, options } = this.#context;
    const message = decodeMessage(frame);
    counters.received(message.kind, frame.length);
    this.#heardMs.set(peer, options.clock.now());
    try {
      inbox.receive(peer, message);
      return true;
    } catch (error) {
      if (isNoMessage(error)) {
        this.#byInbox.add(error);
        throw error;
      }
      reportRefusal(this.#context, peer, error);
      return false;
    }
  }

  #fail(connection: Connection, stream: Stream, error: unknown): void {
    if (isNoMessage(error)) {
      reportRefusal(this.#context, peerOf(connection), error);
      if (!this.#byInbox.has(error)) this.#context.inbox.refused(peerOf(connection), error);
    }
    stream.abort(error instanceof Error ? error : new Error(String(error)));
    this.#strikes.count(connection, error);
  }
}

/**
 * Gives the parser what comes, in the turn in which it comes, until the other side has ended the stream. libp2p's own
 * iteration costs a dozen promises for each frame.
 *
 * @throws GossipError `MALFORMED_MESSAGE` by the parser; otherwise whatever it throws, or what broke the stream.
 */
function parseStream(stream: Stream, parser: FrameParser): Promise<void> {
  return new Promise((resolve, reject) => {
    // It would never end: libp2p tells only once that a stream was reset.
    if (stream.status !== "open")
      throw new GossipError("UNREACHABLE", "the stream was closed before it was read");
    const settle = (done: () => void) => {
      stream.removeEventListener("message", onMessage);
      stream.removeEventListener("end", onEnd);
      stream.removeEventListener("close", onClose);
      done();
    };
    const onMessage = ({ data }: StreamMessageEvent) => {
      try {
        for (const bytes of data instanceof Uint8Array ? [data] : data) parser.push(bytes);
      } catch (error) {
        settle(() => reject(error));
      }
    };
    const onEnd = () =>
      settle(() =>
        parser.isBetweenFrames
          ? resolve()
          : reject(new GossipError("UNREACHABLE", "the stream ended within a frame")),
      );
    const onClose = ({ error }: StreamCloseEvent) =>
      error === undefined ? onEnd() : settle(() => reject(error));
    stream.addEventListener("message", onMessage);
    stream.addEventListener("end", onEnd);
    stream.addEventListener("close", onClose);
    if (stream.readableEnded) onEnd();
  });
}

/**
 * Ends our half of the stream when the other side has ended its own and all has been read: it may wait for that to
 * hang up. Where its end came before libp2p handed us the stream, this is also what ends the reading.
 */
function endWithOther(stream: Stream): void {
  const end = () => void stream.close().catch(() => undefined);
  stream.addEventListener("end", end, { once: true });
  if (stream.readableEnded) end();
}
