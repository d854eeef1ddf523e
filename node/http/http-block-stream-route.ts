import * as z from "zod";
import type { ApiServer } from "./api-server.ts";
import { channelParametersSchema, followedBlockSchema } from "./api-types.ts";
import type { PeerChannel, PeerState } from "../peer/peer-state.ts";
import { BlockFollower, type BlockFollowing } from "./block-follower.ts";
import { BlockMessages } from "./block-messages.ts";
import { CommitBell } from "../following/commit-bell.ts";
import { Followers } from "./followers.ts";
import { findChannel } from "./http-channel-routes.ts";
import { PROBLEM_RESPONSE } from "./openapi.ts";

const EVENTS = "text/event-stream";
const LINES = "application/x-ndjson";

const number = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);

const querySchema = z.strictObject({
  from: z.union([number, z.enum(["oldest", "newest"])]).default("newest"),
  bytes: z.enum(["true", "false"]).default("true"),
});

const route = {
  // What a HEAD request would have to measure has no end.
  exposeHeadRoute: false,
  schema: {
    summary:
      "The blocks from one on, then all that come, as server-sent events; as lines of JSON where those are accepted",
    description:
      "?from is the number of the first block, oldest, or newest: the next one. Each event `block` has the block's number " +
      "as its id, and Last-Event-ID goes on behind it. `cut` has the reason why the stream ends.",
    tags: ["blocks"],
    params: channelParametersSchema,
    querystring: querySchema,
    response: {
      200: {
        description: "A block an event, or a line",
        content: { [EVENTS]: { schema: z.string() }, [LINES]: { schema: followedBlockSchema } },
      },
      ...PROBLEM_RESPONSE,
    },
  },
} as const;

/**
 * `GET /v1/channels/NAME/blocks`: the channel's blocks from one on, then all that come, as server-sent events or as
 * lines of JSON.
 */
export function addBlockStreamRoute(server: ApiServer, peer: PeerState): void {
  const followers = new Followers("blocks", peer.config.followersMax);
  const bell = new CommitBell(peer.observers);
  const shared: BlockFollowing = { messages: new BlockMessages(), bell };
  server.get("/v1/channels/:name/blocks", route, async ({ params, query, headers }, reply) => {
    const channel = findChannel(peer, params.name);
    const isLines = headers.accept?.includes(LINES) === true;
    const signal = followers.add(reply.raw);
    reply.hijack();
    reply.raw.writeHead(200, {
      ...(reply.getHeaders() as Readonly<Record<string, string>>),
      "content-type": isLines ? LINES : EVENTS,
      "cache-control": "no-store",
    });
    const form = {
      format: isLines ? "lines of JSON" : "server-sent events",
      hasBytes: query.bytes === "true",
    } as const;
    const first = firstOf(query.from, headers["last-event-id"], channel);
    await new BlockFollower(shared, { channel, first, form }, reply.raw, signal).run();
  });
  server.addHook("preClose", async () => followers.end());
  server.addHook("onClose", async () => bell[Symbol.dispose]());
}

/** A browser that comes back asks as it did first, and says what it has seen. */
function firstOf(
  from: z.output<typeof querySchema>["from"],
  lastEventId: unknown,
  { ledger }: PeerChannel,
): number {
  const seen = number.safeParse(lastEventId);
  if (seen.success) return seen.data + 1;
  return from === "oldest" ? 0 : from === "newest" ? ledger.height : from;
}
