import type { CatchUpReport } from "../../gossip/catch-up/catch-up-progress.ts";
import type { ApiServer } from "./api-server.ts";
import {
  channelParametersSchema,
  channelSchema,
  type ApiCatchUp,
  type ApiChannel,
  type ApiStatus,
} from "./api-types.ts";
import { NodeError } from "../errors.ts";
import { PROBLEM_RESPONSE } from "./openapi.ts";
import type { PeerChannel, PeerState } from "../peer/peer-state.ts";

const schema = {
  summary: "Height, tip, configuration, forks, who brings blocks in, and how a catch-up gets on",
  tags: ["channels"],
  params: channelParametersSchema,
  response: { 200: channelSchema, ...PROBLEM_RESPONSE },
} as const;

/** `GET /v1/channels/NAME`. */
export function addChannelRoutes(server: ApiServer, peer: PeerState): void {
  server.get("/v1/channels/:name", { schema }, async ({ params }) =>
    describe(peer, findChannel(peer, params.name)),
  );
}

/** @throws NodeError `NOT_FOUND` that names the channels there are. */
export function findChannel({ channels }: PeerState, name: string): PeerChannel {
  const channel = channels.find((candidate) => candidate.name === name);
  if (channel !== undefined) return channel;
  const joined = channels.map((candidate) => candidate.name).join(", ") || "none";
  throw new NodeError("NOT_FOUND", `channel ${name} is not joined here; joined: ${joined}`);
}

/** The greatest height that is known here, this peer's own or another's. */
export function knownHeight({ ledger, gossip }: PeerChannel): number {
  return Math.max(ledger.height, gossip.view.highest());
}

/** A channel in short. */
export function summary({ name, ledger, gossip }: PeerChannel): ApiStatus["channels"][number] {
  // A joined channel's ledger is never empty.
  return { name, height: ledger.height, tipHash: ledger.tipHash ?? "", catchingUp: gossip.isCatchingUp };
}

function describe(peer: PeerState, channel: PeerChannel): ApiChannel {
  const { gossip, verifier, forks } = channel;
  return {
    ...summary(channel),
    lastConfig: verifier.config.blockNumber,
    forks: forks.list().map(({ number, first, second }) => ({ number, first, second })),
    peers: gossip.view.active().length,
    bufferedBytes: gossip.bufferedBytes,
    ...leaderOf(peer, channel),
    ...sourceOf(channel),
    mail: gossip.mail,
    ...(gossip.catchUp === undefined ? {} : { catchUp: catchUpOf(gossip.catchUp) }),
  };
}

function leaderOf(self: PeerState, { gossip }: PeerChannel): Pick<ApiChannel, "leader"> {
  const { leader: peer, reason, sinceMs } = gossip.leadership;
  if (peer === undefined) return {};
  const name = peer === self.id ? self.name : (self.gossip.membership.get(peer)?.statement.name ?? "");
  return { leader: { peer, name, since: new Date(sinceMs).toISOString(), reason } };
}

function sourceOf({ gossip: { source } }: PeerChannel): Pick<ApiChannel, "source"> {
  if (source === undefined) return {};
  const { name, isHealthy: healthy, height } = source;
  return { source: { name, healthy, ...(height === undefined ? {} : { height }) } };
}

function catchUpOf({ secondsLeft, sources, ...rest }: CatchUpReport): ApiCatchUp {
  return { ...rest, ...(secondsLeft === undefined ? {} : { secondsLeft }), sources: [...sources] };
}
