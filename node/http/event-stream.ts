/** One message of a stream of server-sent events (WHATWG HTML, "Server-sent events"), which browsers take. */
export interface StreamMessage {
  /** What a browser names when it comes back, to go on behind it. */
  readonly id?: string;
  readonly event: string;
  /** One line. */
  readonly data: string;
}

/** Says nothing, but that the stream goes on. */
export const STREAM_PULSE = ":\n\n";

/** How often that is said where there is nothing else: more often than a connection may be silent. */
export const STREAM_PULSE_INTERVAL_MS = 15_000;

/** A message as it is written to the stream. */
export function encodeStreamMessage({ id, event, data }: StreamMessage): string {
  return `${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${data}\n\n`;
}
