import { Buffer } from "node:buffer";
import { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import * as z from "zod";
import type { UserEvent } from "../../gossip/user-events/user-event.ts";
import { NodeError } from "../errors.ts";
import { followEvents } from "../following/follow-events.ts";
import type { PeerState } from "../peer/peer-state.ts";
import type { ApiServer } from "./api-server.ts";
import {
  eventRequestSchema,
  eventsSchema,
  sentEventSchema,
  type ApiEvents,
  type ApiUserEvent,
} from "./api-types.ts";
import { encodeStreamMessage, STREAM_PULSE, STREAM_PULSE_INTERVAL_MS } from "./event-stream.ts";
import { Followers } from "./followers.ts";
import { problemOf } from "./http-errors.ts";
import { PROBLEM_RESPONSE } from "./openapi.ts";
import { readJson } from "./request-body.ts";

/** A quarter of the connections that are not for those who follow blocks. */
const FOLLOWERS_MAX = 64;

const querySchema = z.strictObject({
  after: z
    .string()
    .regex(/^\d{1,16}$/)
    .transform(Number)
    .default(0),
  follow: z.enum(["true", "false"]).default("false"),
});

const body = {
  schema: eventRequestSchema,
  // The largest event, each byte of it escaped.
  bytesMax: 8 << 10,
  what: 'an event, such as {"name":"deploy","payload":"v2"}; payloadBase64 in place of payload takes any bytes',
};

const postRoute = {
  config: { body },
  schema: {
    summary: "Tells all members something",
    tags: ["events"],
    response: { 202: sentEventSchema, ...PROBLEM_RESPONSE },
  },
} as const;

const getRoute = {
  exposeHeadRoute: false,
  schema: {
    summary:
      "The events that are remembered, or of a later Lamport time than ?after; with ?follow=true, then all that come",
    description:
      "Followed, they are server-sent events `user-event`; `cut` has the reason for who falls behind.",
    tags: ["events"],
    querystring: querySchema,
    response: {
      200: {
        description: "The events",
        content: {
          "application/json": { schema: eventsSchema },
          "text/event-stream": { schema: z.string() },
        },
      },
      ...PROBLEM_RESPONSE,
    },
  },
} as const;

/** `POST /v1/events`, `GET /v1/events`: small messages from any member to all. */
export function addEventRoutes(server: ApiServer, peer: PeerState): void {
  const followers = new Followers("events", FOLLOWERS_MAX);
  server.post("/v1/events", postRoute, async (request, reply) => {
    const { name, payload, payloadBase64 } = await readJson(request, body);
    const bytes =
      payloadBase64 === undefined ? Buffer.from(payload ?? "", "utf8") : Buffer.from(payloadBase64, "base64");
    return reply.code(202).send({ time: peer.gossip.events.send(name, new Uint8Array(bytes)).time });
  });
  server.get("/v1/events", getRoute, async ({ query: { after, follow } }, reply) => {
    if (follow !== "true") return listed(peer, after);
    const signal = followers.add(reply.raw);
    return reply
      .header("content-type", "text/event-stream")
      .header("cache-control", "no-store")
      .send(Readable.from(told(peer, after, signal)) as never);
  });
  server.addHook("preClose", async () => followers.end());
}

function listed(peer: PeerState, after: number): ApiEvents {
  const { events } = peer.gossip;
  return {
    time: events.time,
    dropped: { ...events.dropped },
    events: eventsAfter(peer, after).map((event) => shown(peer, event)),
  };
}

function eventsAfter({ gossip: { events } }: PeerState, after: number): readonly UserEvent[] {
  return events.all().filter(({ time }) => time > after);
}

/** What is remembered, then what comes; a follower that falls behind is told so at the end. */
async function* told(peer: PeerState, after: number, signal: AbortSignal): AsyncGenerator<string> {
  const feed = followEvents(peer.gossip.events, { signal })[Symbol.asyncIterator]();
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
    yield encodeStreamMessage({ event: "cut", data: JSON.stringify(problemOf(error)) });
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
  const authorName = author === peer.id ? peer.name : peer.gossip.membership.get(author)?.statement.name;
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
