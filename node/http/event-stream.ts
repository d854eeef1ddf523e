import type { Readable } from "node:stream";

/** One message of a stream of server-sent events (WHATWG HTML, "Server-sent events"), which browsers take. */
export interface StreamMessage {
  readonly event: string;
  /** One line. */
  readonly data: string;
}

/** Says nothing, but that the stream goes on. */
export const STREAM_PULSE = ":\n\n";

/** A message as it is written to the stream. */
export function encodeStreamMessage({ event, data }: StreamMessage): string {
  return `event: ${event}\ndata: ${data}\n\n`;
}

/** Reads the messages of a stream as {@link encodeStreamMessage} writes them, until it ends. Fails as the stream does. */
export async function* streamMessages(stream: Readable): AsyncGenerator<StreamMessage> {
  stream.setEncoding("utf8");
  let rest = "";
  for await (const text of stream) {
    const parts = (rest + text).split("\n\n");
    rest = parts.pop() ?? "";
    for (const part of parts) {
      const [, event, data] = /^event: (.*)\ndata: (.*)$/.exec(part) ?? [];
      if (event !== undefined && data !== undefined) yield { event, data };
    }
  }
}
