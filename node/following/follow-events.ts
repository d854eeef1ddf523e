import { Readable } from "node:stream";
import type { UserEvent } from "../../gossip/user-events/user-event.ts";
import type { UserEvents } from "../../gossip/user-events/user-events.ts";
import { NodeError } from "../errors.ts";

export interface FollowOptions {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** So many events may wait; default 256. */
  readonly queueMax?: number;
}

const QUEUE_MAX = 256;

/**
 * All user events from now on, our own included, for `for await`. Who follows them and falls behind by more than the
 * queue holds is cut off: the loop then throws NodeError `TOO_SLOW`, and what was waiting is lost.
 */
export function followEvents(
  events: UserEvents,
  { signal, queueMax = QUEUE_MAX }: FollowOptions,
): AsyncIterable<UserEvent> {
  // An event more than may wait, since a stream is full when that many are in it.
  const queue = new Readable({ objectMode: true, highWaterMark: queueMax + 1, read: () => undefined });
  const subscription = events.subscribe((event) => {
    if (queue.push(event)) return;
    queue.destroy(new NodeError("TOO_SLOW", `more than ${queueMax} events were waiting to be read`));
  });
  const end = () => {
    subscription[Symbol.dispose]();
    signal.removeEventListener("abort", stop);
  };
  const stop = () => {
    end();
    queue.push(null);
  };
  queue.once("close", end);
  // Nobody may be reading when it happens; who reads later is told.
  queue.on("error", () => undefined);
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  return queue;
}
