import { Buffer } from "node:buffer";
import { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import * as z from "zod";
import type { UserEvent } from "../../gossip/user-events/user-event.ts";
import { NodeError } from "../errors.ts";
import { followEvents } from "../follow-events.ts";
import type { PeerState } from "../peer-state.ts";
import { eventRequestSchema, type ApiEvents, type ApiUserEvent } from "./api-types.ts";
import { encodeStreamMessage, STREAM_PULSE, STREAM_PULSE_INTERVAL_MS } from "./event-stream.ts";
import { Followers } from "./followers.ts";
import { readBody } from "./request-body.ts";

/** The largest event, each byte of it escaped. */
const BODY_BYTES_MAX = 8 << 10;
/** A quarter of all connections. */
const FOLLOWERS_MAX = 64;

const querySchema = z.strictObject({
  after: z
    .string()
    .regex(/^\d{1,16}$/)
    .transform(Number)
    .optional(),
  follow: z.enum(["true", "false"]).optional(),
});

/** `POST /v1/events`, `GET /v1/events`: small messages from any member to all. */
export function addEventRoutes(server: FastifyInstance, peer: PeerState): void {
  const followers = new Followers("events", FOLLOWERS_MAX);
  server.post("/v1/events", async ({ headers, raw }, reply) => {
    const body = await readBody(raw, headers["content-length"], BODY_BYTES_MAX);
    const { name, payload } = parseEvent(body);
    return reply.code(202).send({ time: peer.events.send(name, payload).time });
  });
  server.get("/v1/events", async ({ query }, reply) => {
    const parsed = querySchema.safeParse(query);
    if (!parsed.success)
      throw new NodeError("BAD_REQUEST", "events can be asked for with ?after=TIME and ?follow=true only");
    const { after = 0, follow } = parsed.data;
    if (follow !== "true") return listed(peer, after);
    const signal = followers.add(reply.raw);
    return reply
      .header("content-type", "text/event-stream")
      .header("cache-control", "no-store")
      .send(Readable.from(told(peer, after, signal)));
  });
  server.addHook("preClose", async () => {
    followers.end();
  });
}

function parseEvent(body: Uint8Array): { readonly name: string; readonly payload: Uint8Array } {
  const parsed = eventRequestSchema.safeParse(jsonOf(body));
  if (!parsed.success)
    throw new NodeError(
      "BAD_REQUEST",
      'the body must be an event, such as {"name":"deploy","payload":"v2"}; payloadBase64 in place of payload takes any bytes',
    );
  const { name, payload = "", payloadBase64 } = parsed.data;
  const bytes =
    payloadBase64 === undefined ? Buffer.from(payload, "utf8") : Buffer.from(payloadBase64, "base64");
  return { name, payload: new Uint8Array(bytes) };
}

function listed(peer: PeerState, after: number): ApiEvents {
  const { events } = peer;
  return {
    time: events.time,
    dropped: { ...events.dropped },
    events: eventsAfter(peer, after).map((event) => shown(peer, event)),
  };
}

function eventsAfter({ events }: PeerState, after: number): readonly UserEvent[] {
  return events.all().filter(({ time }) => time > after);
}

/** What is remembered, then what comes; a follower that falls behind is told so at the end. */
async function* told(peer: PeerState, after: number, signal: AbortSignal): AsyncGenerator<string> {
  const feed = followEvents(peer.events, { signal })[Symbol.asyncIterator]();
  // Before the first word, with which the answer's head leaves: what comes from now on is in the feed.
  const earlier = eventsAfter(peer, after);
  yield STREAM_PULSE;
  for (const event of earlier) yield message(peer, event);
  try {
    let next = feed.next();
    for (;;) {
      const result = await within(STREAM_PULSE_INTERVAL_MS, next);
      if (result === undefined) yield STREAM_PULSE;
      else if (result.done === true) return;
      else {
        yield message(peer, result.value);
        next = feed.next();
      }
    }
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
    const { code, message: why } = error;
    yield encodeStreamMessage({ event: "cut", data: JSON.stringify({ error: { code, message: why } }) });
  }
}

/** What the promise brings; undefined where that takes longer. */
async function within<T>(timeoutMs: number, promise: Promise<T>): Promise<T | undefined> {
  const controller = new AbortController();
  try {
    return await Promise.race([promise, pause(timeoutMs, undefined, { signal: controller.signal })]);
  } finally {
    controller.abort();
  }
}

function message(peer: PeerState, event: UserEvent): string {
  return encodeStreamMessage({ event: "user-event", data: JSON.stringify(shown(peer, event)) });
}

function shown(peer: PeerState, event: UserEvent): ApiUserEvent {
  const { time, author, incarnation, sequence, name } = event;
  const authorName = author === peer.id ? peer.name : peer.membership.get(author)?.statement.name;
  return {
    time,
    author,
    ...(authorName === undefined ? {} : { authorName }),
    incarnation,
    sequence,
    name,
    ...payloadOf(event),
  };
}

function payloadOf({ payload }: UserEvent): Pick<ApiUserEvent, "payload" | "payloadBase64"> {
  try {
    return { payload: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(payload) };
  } catch {
    return { payloadBase64: Buffer.from(payload).toString("base64") };
  }
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString("utf8"));
  } catch {
    return undefined;
  }
}
