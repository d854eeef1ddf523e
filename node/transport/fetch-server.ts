import type { Connection, Stream } from "@libp2p/interface";
import { GossipError } from "../../gossip/errors.ts";
import { pipe } from "it-pipe";
import { Uint8ArrayList } from "uint8arraylist";
import {
  decodeFetchRequest,
  encodeBlockReplyHead,
  encodeFetchReply,
} from "../../gossip/wire/message-codec.ts";
import type { BlockQuestion, FetchReply } from "../../gossip/wire/messages.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { limitFrame, readFrames } from "./frame-reader.ts";
import { writeFrame } from "./frame-writer.ts";
import { isNoMessage, type Strikes } from "./strikes.ts";
import { peerOf, reportRefusal, type TransportContext } from "./transport-context.ts";

/** A question is a channel id and two numbers. */
const REQUEST_BYTES_MAX = 1024;

/** Answers the questions of others, a bounded number at a time. */
export class FetchServer {
  readonly #context: TransportContext;
  readonly #strikes: Strikes;
  /** Answers being made, by asker. */
  readonly #answering = new Map<PeerId, number>();
  #answers = 0;
  readonly #streams = new Set<Stream>();

  constructor(context: TransportContext, strikes: Strikes) {
    this.#context = context;
    this.#strikes = strikes;
  }

  /** Reads one question and answers it; nothing that follows it is read. Does not reject. */
  async serve(stream: Stream, connection: Connection): Promise<void> {
    const peer = peerOf(connection);
    this.#streams.add(stream);
    try {
      const request = await this.#readRequest(peer, stream);
      // What more comes stays with the sender. A stream that has ended already cannot be paused.
      if (stream.remoteWriteStatus !== "closed") stream.pause();
      await this.#answer(peer, request, stream);
      await stream.close();
      // Some who ask never end their side.
      if (stream.remoteWriteStatus !== "closed")
        stream.abort(new GossipError("TIMED_OUT", "nothing more is read"));
    } catch (error) {
      if (isNoMessage(error)) {
        reportRefusal(this.#context, peer, error);
        this.#context.inbox.refused(peer, error);
      }
      stream.abort(error instanceof Error ? error : new Error(String(error)));
      this.#strikes.count(connection, error);
    } finally {
      this.#streams.delete(stream);
    }
  }

  /** Breaks off the answers, so that nobody takes a part of one for the whole. */
  abort(error: Error): void {
    for (const stream of this.#streams) stream.abort(error);
  }

  async #readRequest(peer: PeerId, stream: Stream): Promise<BlockQuestion> {
    using _deadline = this.#deadline(stream, "no question", this.#context.options.requestTimeoutMs);
    let request: BlockQuestion | undefined;
    await readFrames(stream, {
      onLength: (bytes) => limitFrame(bytes, REQUEST_BYTES_MAX),
      onFrame: (frame) => {
        this.#context.counters.received("fetch", frame.length);
        request = decodeFetchRequest(frame);
        return false;
      },
    });
    if (request === undefined) throw new GossipError("UNREACHABLE", `${peer} asked nothing`);
    return request;
  }

  async #answer(peer: PeerId, request: BlockQuestion, stream: Stream): Promise<void> {
    using _slot = this.#takeSlot(peer);
    using _deadline = this.#deadline(
      stream,
      "the answer was not taken",
      this.#context.options.answerTimeoutMs,
    );
    await pipe(await this.#replies(peer, request), async (replies) => {
      for await (const reply of replies) {
        const frame = frameOf(reply);
        await writeFrame(stream, frame, this.#context.options);
        this.#context.counters.sent(`fetched-${reply.kind}`, frame.byteLength);
      }
    });
  }

  async #replies(peer: PeerId, { channel, range }: BlockQuestion): Promise<readonly FetchReply[]> {
    const { inbox } = this.#context;
    try {
      const blocks = await inbox.serveBlocks(peer, channel, range);
      return blocks.map((block) => ({ kind: "block", block }));
    } catch (error) {
      reportRefusal(this.#context, peer, error);
      return [{ kind: "refusal", code: error instanceof GossipError ? error.code : "UNREACHABLE" }];
    }
  }

  #takeSlot(peer: PeerId): Disposable {
    const { answersMax, answersPerPeerMax } = this.#context.options;
    const ofPeer = this.#answering.get(peer) ?? 0;
    if (this.#answers >= answersMax || ofPeer >= answersPerPeerMax) {
      throw new GossipError(
        "UNREACHABLE",
        `${this.#answers} answers are being made, ${ofPeer} of them for ${peer}`,
      );
    }
    this.#answers++;
    this.#answering.set(peer, ofPeer + 1);
    return {
      [Symbol.dispose]: () => {
        this.#answers--;
        const left = (this.#answering.get(peer) ?? 1) - 1;
        if (left === 0) this.#answering.delete(peer);
        else this.#answering.set(peer, left);
      },
    };
  }

  #deadline(stream: Stream, what: string, timeoutMs: number): Disposable {
    return this.#context.options.clock.schedule(timeoutMs, () =>
      stream.abort(new GossipError("TIMED_OUT", `${what} within ${timeoutMs} ms`)),
    );
  }
}

/** A block is not copied. */
function frameOf(reply: FetchReply): Uint8Array | Uint8ArrayList {
  if (reply.kind !== "block") return encodeFetchReply(reply);
  return new Uint8ArrayList(encodeBlockReplyHead(reply.block.length), reply.block);
}
