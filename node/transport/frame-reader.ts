import type { Stream, StreamCloseEvent, StreamMessageEvent } from "@libp2p/interface";
import { GossipError } from "../../gossip/errors.ts";
import { FrameParser, type FrameHandler } from "./frame-parser.ts";

/**
 * Reads frames, each with its length in front, until the other side ends the stream or no more is wanted; what the
 * handler throws ends the reading. libp2p puts what comes into memory without a bound until it is looked at, so each
 * frame is handed over within the event that brings its last byte: the handler is synchronous.
 *
 * @throws GossipError `MALFORMED_MESSAGE` for a length that is none, `UNREACHABLE` where the stream ends within a
 * frame; otherwise whatever broke the stream.
 */
export async function readFrames(stream: Stream, handler: FrameHandler): Promise<void> {
  // It would never end: libp2p tells only once that a stream was reset.
  if (stream.status !== "open")
    throw new GossipError("UNREACHABLE", "the stream was closed before it was read");
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const frames = new FrameParser(handler);
  const onMessage = ({ data }: StreamMessageEvent) => {
    try {
      for (const piece of data instanceof Uint8Array ? [data] : data) if (!frames.push(piece)) return stop();
    } catch (error) {
      stop();
      reject(error as Error);
    }
  };
  const onEnd = () => {
    stop();
    if (!frames.isBetweenFrames) reject(new GossipError("UNREACHABLE", "the stream ended within a frame"));
  };
  const onClose = ({ error }: StreamCloseEvent) => {
    if (error !== undefined) reject(error);
    onEnd();
  };
  const stop = () => {
    stream.removeEventListener("message", onMessage);
    stream.removeEventListener("remoteCloseWrite", onEnd);
    stream.removeEventListener("close", onClose);
    // Where there was an error, it has been told.
    queueMicrotask(resolve);
  };
  stream.addEventListener("message", onMessage);
  stream.addEventListener("remoteCloseWrite", onEnd);
  stream.addEventListener("close", onClose);
  await promise;
}

/** @throws GossipError `FRAME_TOO_LARGE` where a frame has more bytes than a message may have. */
export function limitFrame(bytes: number, bytesMax: number): void {
  if (bytes > bytesMax)
    throw new GossipError("FRAME_TOO_LARGE", `a frame of ${bytes} bytes, more than ${bytesMax}`);
}
