import type { FastifyInstance, FastifyRequest } from "fastify";
import * as z from "zod";
import { NodeError } from "../errors.ts";
import type { PeerChannel, PeerState } from "../peer-state.ts";
import { BlockFollower, type BlockFollowing } from "./block-follower.ts";
import { BlockMessages } from "./block-messages.ts";
import { CommitBell } from "./commit-bell.ts";
import { Followers } from "./followers.ts";
import { findChannel, type ChannelParameters } from "./http-channel-routes.ts";

const LINES = "application/x-ndjson";

const number = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);

const querySchema = z.strictObject({
  from: z.union([number, z.enum(["oldest", "newest"])]).default("newest"),
  bytes: z.enum(["true", "false"]).default("true"),
});

/**
 * `GET /v1/channels/NAME/blocks`: the channel's blocks from one on, then all that come, as server-sent events or as
 * lines of JSON.
 */
export function addBlockStreamRoute(server: FastifyInstance, peer: PeerState): void {
  const followers = new Followers("blocks", peer.config.followersMax);
  const bell = new CommitBell(peer.observers);
  const shared: BlockFollowing = { messages: new BlockMessages(), bell };
  server.get<{ Params: ChannelParameters }>(
    "/v1/channels/:name/blocks",
    // What a HEAD request would have to measure has no end.
    { exposeHeadRoute: false },
    async (request, reply) => {
      const channel = findChannel(peer, request.params.name);
      const { first, hasBytes } = parse(request, channel);
      const isLines = request.headers.accept?.includes(LINES) === true;
      const signal = followers.add(reply.raw);
      reply.hijack();
      reply.raw.writeHead(200, {
        ...(reply.getHeaders() as Readonly<Record<string, string>>),
        "content-type": isLines ? LINES : "text/event-stream",
        "cache-control": "no-store",
      });
      const form = { format: isLines ? "lines of JSON" : "server-sent events", hasBytes } as const;
      await new BlockFollower(shared, { channel, first, form }, reply.raw, signal).run();
    },
  );
  server.addHook("preClose", async () => followers.end());
  server.addHook("onClose", async () => bell[Symbol.dispose]());
}

/** A browser that comes back asks as it did first, and says what it has seen. */
function parse({ query, headers }: FastifyRequest, { ledger }: PeerChannel) {
  const parsed = querySchema.safeParse(query);
  if (!parsed.success)
    throw new NodeError(
      "BAD_REQUEST",
      "blocks can be followed with ?from=NUMBER, oldest or newest, and ?bytes=false only",
    );
  const { from, bytes } = parsed.data;
  const seen = number.safeParse(headers["last-event-id"]);
  const first = from === "oldest" ? 0 : from === "newest" ? ledger.height : from;
  return { first: seen.success ? seen.data + 1 : first, hasBytes: bytes === "true" };
}
