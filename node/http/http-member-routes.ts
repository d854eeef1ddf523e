import * as z from "zod";
import { isTagged } from "../../gossip/channel/channel-tag.ts";
import type { Misconduct } from "../../gossip/door/conduct.ts";
import type { Member } from "../../gossip/members/membership.ts";
import type { PeerId } from "../../gossip/ports.ts";
import packageJson from "../../package.json" with { type: "json" };
import type { ApiServer } from "./api-server.ts";
import { healthSchema, membersSchema, statusSchema, type ApiMember, type ApiStatus } from "./api-types.ts";
import { findChannel, knownHeight, summary } from "./http-channel-routes.ts";
import { PROBLEM_RESPONSE } from "./openapi.ts";
import type { PeerChannel, PeerState } from "../peer/peer-state.ts";

const querySchema = z.strictObject({ channel: z.string().optional() });

const statusRoute = {
  schema: {
    summary: "The peer itself, its addresses and its channels",
    tags: ["peer"],
    response: { 200: statusSchema, ...PROBLEM_RESPONSE },
  },
} as const;

const membersRoute = {
  schema: {
    summary: "Whom the peer knows; with ?channel=NAME, those who are in that channel",
    tags: ["members"],
    querystring: querySchema,
    response: { 200: membersSchema, ...PROBLEM_RESPONSE },
  },
} as const;

const healthRoute = {
  config: { right: "none" },
  schema: {
    summary: "Whether all channels work",
    tags: ["peer"],
    response: { 200: healthSchema, 503: healthSchema, ...PROBLEM_RESPONSE },
  },
} as const;

/** `GET /v1/status`, `GET /v1/members`, `GET /healthz`: the peer itself, and whom it knows. */
export function addMemberRoutes(server: ApiServer, peer: PeerState): void {
  server.get("/v1/status", statusRoute, async () => status(peer));
  server.get("/v1/members", membersRoute, async ({ query: { channel } }) => {
    if (channel !== undefined) findChannel(peer, channel);
    const members = [self(peer), ...peer.gossip.membership.all().map((member) => other(peer, member))];
    const wanted = members.filter(
      ({ channels }) => channel === undefined || channels.some(({ name }) => name === channel),
    );
    return { members: wanted.toSorted((a, b) => compare(a.name, b.name) || compare(a.peer, b.peer)) };
  });
  // Without credentials it says no more than a word.
  server.get("/healthz", healthRoute, async ({ apiRight }, reply) => {
    const stopped = peer.channels.filter(({ failure }) => failure !== undefined);
    if (stopped.length === 0) return { status: "OK" };
    const word = { status: "Service Unavailable" };
    if (apiRight === undefined) return reply.code(503).send(word);
    const checks = stopped.map(({ name, failure }) => ({
      component: `channel ${name}`,
      ...(failure === undefined ? {} : { reason: failure.message }),
    }));
    return reply.code(503).send({ ...word, failed_checks: checks });
  });
}

function status(peer: PeerState): ApiStatus {
  return {
    peer: peer.id,
    name: peer.name,
    ...(peer.organisation === undefined ? {} : { organisation: peer.organisation }),
    version: packageJson.version,
    multiaddrs: [...peer.multiaddrs],
    admission: peer.config.admission,
    ...isoField("certificateExpires", peer.certificateExpiresMs()),
    refusals: peer.stats.refusals as ApiStatus["refusals"],
    startedAt: new Date(peer.startedMs).toISOString(),
    health: peer.gossip.health,
    process: { pid: process.pid, rssBytes: process.memoryUsage.rss() },
    channels: peer.channels.map(summary),
  };
}

function self(peer: PeerState): ApiMember {
  return {
    peer: peer.id,
    name: peer.name,
    tags: [...peer.config.tags],
    self: true,
    ...(peer.organisation === undefined ? {} : { organisation: peer.organisation }),
    state: "alive",
    reason: "it answers",
    since: new Date(peer.startedMs).toISOString(),
    reachable: true,
    accusers: [],
    addresses: [...peer.announced],
    ...isoField("certificateExpires", peer.certificateExpiresMs()),
    channels: peer.channels.map((channel) => ({
      ...standing(channel, channel.ledger.height),
      ...leading(channel.gossip.leadership.leader === peer.id),
    })),
  };
}

function other(peer: PeerState, member: Member): ApiMember {
  const { statement, organisation, state, reason, sinceMs, isReachable, credentials } = member;
  const misconduct = peer.gossip.misconduct(member.peer);
  const shared = peer.channels.filter(({ id }) => isTagged(statement.channelTags, id, member.peer));
  return {
    peer: member.peer,
    name: statement.name,
    tags: [...statement.tags],
    self: false,
    ...(organisation === undefined ? {} : { organisation }),
    state,
    reason,
    since: new Date(sinceMs).toISOString(),
    reachable: isReachable,
    accusers: [...peer.gossip.accusers(member.peer)],
    addresses: [...member.addresses],
    ...isoField("certificateExpires", credentials.expiresMs),
    ...(misconduct === undefined ? {} : { misbehaving: misbehaviour(misconduct) }),
    channels: shared.map((channel) => ({
      ...standing(channel, channel.gossip.view.heightOf(member.peer)),
      ...leading(channel.gossip.view.sourced().some((each) => each.peer === member.peer && each.leads)),
      ...demotions(channel, member.peer),
    })),
  };
}

function leading(leads: boolean): Pick<ApiMember["channels"][number], "leads"> {
  return leads ? { leads } : {};
}

function demotions({ gossip }: PeerChannel, peer: PeerId): Pick<ApiMember["channels"][number], "demoted"> {
  const { relay, source, digest } = gossip.view.scores.demotions(peer);
  const demoted = {
    ...isoField("relay", relay),
    ...isoField("source", source),
    ...isoField("digest", digest),
  };
  return Object.keys(demoted).length === 0 ? {} : { demoted };
}

function misbehaviour({ lies, code, message, atMs, cutOffUntilMs }: Misconduct): ApiMember["misbehaving"] {
  return { lies, code, message, at: new Date(atMs).toISOString(), ...isoField("cutOffUntil", cutOffUntilMs) };
}

/** A point in time under its name; nothing where there is none. */
function isoField<Name extends string>(
  name: Name,
  atMs: number | undefined,
): { readonly [Key in Name]?: string } {
  const field: { [Key in Name]?: string } = {};
  if (atMs !== undefined) field[name] = new Date(atMs).toISOString();
  return field;
}

function standing(channel: PeerChannel, height: number | undefined): ApiMember["channels"][number] {
  const { name } = channel;
  return height === undefined ? { name } : { name, height, lag: Math.max(knownHeight(channel) - height, 0) };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
