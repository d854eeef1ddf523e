import type { Stream } from "@libp2p/interface";
import { ChainError } from "../../chain/errors.ts";
import { GossipError, type GossipErrorCode } from "../../gossip/errors.ts";
import { decodeFetchReply, encodeFetchRequest } from "../../gossip/wire/message-codec.ts";
import type { BlockQuestion } from "../../gossip/wire/messages.ts";
import type { PeerId } from "../../gossip/ports.ts";
import type { Dialer } from "./dialer.ts";
import { reason } from "../files.ts";
import { readFrames } from "./frame-reader.ts";
import { writeFrame } from "./frame-writer.ts";
import { FETCH_PROTOCOL } from "./protocols.ts";
import type { TransportContext } from "./transport-context.ts";

/** What an answer may be at most, and who gets it. */
interface Answer {
  readonly framesMax: number;
  readonly bytesMax: number;
  /** Called with each block as it comes; what it throws ends the fetch. */
  readonly onBlock: (block: Uint8Array) => void;
}

/** What surrounds a block in its frame. */
const FRAME_OVERHEAD_BYTES = 64;

/** Why others may refuse; whatever else they say comes out as `UNREACHABLE`. */
const REFUSALS: readonly GossipErrorCode[] = [
  "MALFORMED_MESSAGE",
  "NOT_ADMITTED",
  "NOT_A_MEMBER",
  "UNKNOWN_CHANNEL",
  "STOPPED",
];

/** Asks others: one question a stream. An answer that is more than was asked for is broken off. */
export class FetchClient {
  readonly #context: TransportContext;
  readonly #dialer: Dialer;

  constructor(context: TransportContext, dialer: Dialer) {
    this.#context = context;
    this.#dialer = dialer;
  }

  /** As the transport port promises. */
  async fetchBlocks(
    peer: PeerId,
    question: BlockQuestion,
    onBlock: (block: Uint8Array) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const { replyBytesMax, blockBytesMax } = this.#context.options;
    const framesMax = question.range.end - question.range.first;
    // The other side's limit may be another one than ours, so this leaves room; it is against answers without an end.
    const bytesMax = replyBytesMax + blockBytesMax + FRAME_OVERHEAD_BYTES;
    await this.#fetch(peer, question, { framesMax, bytesMax, onBlock }, signal);
  }

  async #fetch(peer: PeerId, question: BlockQuestion, answer: Answer, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const frame = encodeFetchRequest(question);
    const stream = await this.#open(peer, signal);
    const onAbort = () => stream.abort(new Error("the fetch was given up", { cause: signal.reason }));
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      const reading = this.#read(stream, answer);
      // Where asking fails, the stream is broken, and reading fails too; unless the answer has come already.
      this.#ask(stream, frame).catch(() => undefined);
      await reading;
    } catch (error) {
      signal.throwIfAborted();
      stream.abort(error instanceof Error ? error : new Error(String(error)));
      if (error instanceof GossipError || error instanceof ChainError) throw error;
      throw new GossipError("UNREACHABLE", `${peer} did not answer: ${reason(error)}`, { cause: error });
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** Heeds the signal; a stream that is opened too late is closed. */
  async #open(peer: PeerId, signal: AbortSignal): Promise<Stream> {
    const opening = this.#dialer.open(peer, FETCH_PROTOCOL);
    const aborted = Promise.withResolvers<never>();
    const onAbort = () => aborted.reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await Promise.race([opening, aborted.promise]);
    } catch (error) {
      opening.then((stream) => stream.abort(new Error("the fetch was given up"))).catch(() => undefined);
      throw error;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  async #ask(stream: Stream, frame: Uint8Array): Promise<void> {
    await writeFrame(stream, frame, this.#context.options);
    this.#context.counters.sent("fetch", frame.length);
    await stream.close();
  }

  async #read(stream: Stream, { framesMax, bytesMax, onBlock }: Answer): Promise<void> {
    let answerFrames = 0;
    let answerBytes = 0;
    let isEnded = false;
    stream.addEventListener("remoteCloseWrite", () => {
      isEnded = true;
    });
    await readFrames(stream, {
      onLength: (bytes) => {
        answerBytes += bytes;
        answerFrames++;
        if (answerFrames <= framesMax && answerBytes <= bytesMax) return;
        throw new GossipError(
          "BROKEN_PROMISE",
          `an answer of more than ${framesMax} messages or ${bytesMax} bytes`,
        );
      },
      onFrame: (frame) => {
        const reply = decodeFetchReply(frame);
        this.#context.counters.received(`fetched-${reply.kind}`, frame.length);
        if (reply.kind === "refusal") throw refusalError(reply.code);
        onBlock(reply.block);
        return true;
      },
    });
    if (!isEnded) throw new GossipError("UNREACHABLE", "the connection was closed before the answer's end");
  }
}

function refusalError(code: string): GossipError {
  const known = REFUSALS.find((refusal) => refusal === code);
  return new GossipError(known ?? "UNREACHABLE", `the other side refused: ${JSON.stringify(code)}`);
}
