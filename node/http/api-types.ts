import * as z from "zod";
import { ANTI_ENTROPY_MODES } from "../../gossip/options.ts";

const blockNumber = z.int().min(0);
const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** One channel in short. */
const channelSummarySchema = z.object({
  name: z.string(),
  /** The number of blocks, genesis included. */
  height: blockNumber,
  tipHash: hash,
  catchingUp: z.boolean(),
});

/** Answer of `GET /v1/status`. */
export const statusSchema = z.object({
  peer: z.string(),
  name: z.string(),
  organisation: z.string().optional(),
  version: z.string(),
  /** With the peer id. */
  multiaddrs: z.array(z.string()),
  admission: z.enum(["open", "msp"]),
  /** When the peer's own certificate ends, as ISO 8601; missing where it has none. */
  certificateExpires: z.string().optional(),
  /** What was refused so far, by code: at the door, and of what members have sent. */
  refusals: z.record(z.string(), z.int().min(0)),
  startedAt: z.string(),
  process: z.object({ pid: z.int(), rssBytes: z.int() }),
  /** Whether its view of others is to be trusted: 0 is well, 7 the worst; in doubt it takes nobody for dead. */
  health: z.object({ score: z.int().min(0), inDoubt: z.boolean() }),
  channels: z.array(channelSummarySchema),
});

/** How a member stands in one channel. */
const memberChannelSchema = z.object({
  name: z.string(),
  /** What it says; missing while it has said nothing. */
  height: blockNumber.optional(),
  /** How many blocks it is behind the highest peer known here. */
  lag: z.int().min(0).optional(),
  /** Whether it brings blocks in for its organisation, by its own word; missing where it does not. */
  leads: z.literal(true).optional(),
  /**
   * What this peer does not rely on it for, since it has broken promises, and until when, as ISO 8601: to pass on what it
   * is given, to have what it claims to hold, to say what it holds. Missing where that is nothing.
   */
  demoted: z.object({ relay: z.string(), source: z.string(), digest: z.string() }).partial().optional(),
});

/** What a member was caught at. */
const misbehaviourSchema = z.object({
  /** How many lies count at present. */
  lies: z.int().min(0),
  /** Of the latest: the refusal's code, and what it was. */
  code: z.string(),
  message: z.string(),
  at: z.string(),
  /** Until when this peer has nothing to do with it; missing while it is not cut off. */
  cutOffUntil: z.string().optional(),
});

/** One member as this peer sees it. */
const memberSchema = z.object({
  peer: z.string(),
  name: z.string(),
  /** What its operator says of it, each NAME=VALUE. */
  tags: z.array(z.string()),
  /** Whether it is the peer that answers. */
  self: z.boolean(),
  organisation: z.string().optional(),
  state: z.enum(["alive", "suspect", "dead", "left", "refused"]),
  /** Why it is in that state, in words. */
  reason: z.string(),
  /** Since when, as ISO 8601. */
  since: z.string(),
  /** Whether it can be reached from the peer that answers. */
  reachable: z.boolean(),
  /** Peers that say that it cannot be reached. */
  accusers: z.array(z.string()),
  addresses: z.array(z.string()),
  /** When its certificate ends, as ISO 8601; missing where it has shown none. */
  certificateExpires: z.string().optional(),
  /** What it was caught at; missing while that is nothing, or forgiven. */
  misbehaving: misbehaviourSchema.optional(),
  /** Those of the channels joined here that it is in as well. */
  channels: z.array(memberChannelSchema),
});

/** Answer of `GET /v1/members`; by their names. */
export const membersSchema = z.object({ members: z.array(memberSchema) });

/** How a catch-up gets on. Heights count blocks, genesis included; rates are over the last seconds. */
const catchUpSchema = z.object({
  /** Its height when it began. */
  from: blockNumber,
  height: blockNumber,
  /** The greatest height that is known. */
  target: blockNumber,
  blocksPerSecond: z.number().min(0),
  bytesPerSecond: z.number().min(0),
  /** At this rate; missing while nothing comes. */
  secondsLeft: z.number().min(0).optional(),
  /** Peers from whom blocks are on their way. */
  sources: z.array(z.string()),
});

/** Which peer brings blocks in for the organisation of the peer that answers. */
const leaderSchema = z.object({
  peer: z.string(),
  name: z.string(),
  /** Since when it is seen to lead, as ISO 8601. */
  since: z.string(),
  /** Why, in words. */
  reason: z.string(),
});

/** What the peer sees of its block sources. */
const sourceSchema = z.object({
  /** Of the one that was asked last: its URL. */
  name: z.string(),
  /** Whether one of them answers. */
  healthy: z.boolean(),
  /** What it said last; missing: nothing. */
  height: blockNumber.optional(),
});

/** Answer of `GET /v1/channels/NAME`. */
export const channelSchema = channelSummarySchema.extend({
  /** Number of the config block in force. */
  lastConfig: blockNumber,
  /** Pairs of valid blocks of one height: what proves that the orderers have signed two chains. */
  forks: z.array(z.object({ number: blockNumber, first: hash, second: hash })),
  /** How many other peers of the channel are alive. */
  peers: z.int().min(0),
  /** Bytes of the blocks that wait to be appended. */
  bufferedBytes: z.int().min(0),
  /** Missing while none is known. */
  leader: leaderSchema.optional(),
  /** Missing where the peer has no block sources. */
  source: sourceSchema.optional(),
  /** Blocks that were handed in here and could not be sent to a peer at once; one block for one peer counts one. */
  mail: z.object({
    /** Waiting now. */
    queued: z.int().min(0),
    /** How often a peer was tried again. */
    retried: z.int().min(0),
    /** Those that had to wait, and that their peer now holds. */
    delivered: z.int().min(0),
    /** Those that there was no room for, or whose peer is gone. */
    dropped: z.int().min(0),
  }),
  /** Missing while it does not catch up. */
  catchUp: catchUpSchema.optional(),
});

/** Answer of `GET /v1/channels/NAME/blocks/N` as JSON, and of a block that was handed in. */
export const blockSummarySchema = z.object({ number: blockNumber, hash });

/** A block as followers are told of it. */
export const followedBlockSchema = blockSummarySchema.extend({
  /** Hash of the one before; empty for the genesis block. */
  previousHash: z.union([hash, z.literal("")]),
  dataHash: hash,
  /** How many there are. */
  transactions: z.int().min(0),
  /** The exact bytes in base64; missing where they were not asked for. */
  bytes: z.base64().optional(),
});

/** A block as JSON: answer of `GET /v1/channels/NAME/blocks/WHICH`. Byte strings in base64. */
export const blockSchema = blockSummarySchema.extend({
  /** Hash of the one before; empty for the genesis block. */
  previousHash: z.union([hash, z.literal("")]),
  dataHash: hash,
  transactions: z.array(z.base64()),
  metadata: z.array(z.base64()),
});

/** Every error's body: problem details (RFC 9457). */
export const problemSchema = z.object({
  /** A URN that ends with the code. */
  type: z.string(),
  /** The code in words. */
  title: z.string(),
  status: z.int(),
  /** What happened, with which value. */
  detail: z.string(),
  /** What programs decide by; docs/API.md lists them. */
  code: z.string(),
  /** The next step; missing where there is none, or `detail` has it. */
  hint: z.string().optional(),
});

/** Answer of `GET /healthz`. */
export const healthSchema = z.object({
  status: z.string(),
  /** The channels that have stopped; only who may read is told. */
  failed_checks: z.array(z.object({ component: z.string(), reason: z.string().optional() })).optional(),
});

/** Answer of `GET /v1/config`. */
export const configSchema = z.object({
  /** By the setting's key. The value is as it is in force: paths are absolute; of secrets there are their files' names. */
  settings: z.record(
    z.string(),
    z.object({
      value: z.unknown(),
      /** Such as `flag --listen`, `config.yaml:3`, or `default`. */
      origin: z.string(),
    }),
  ),
});

/** Answer of `POST /v1/leave`. */
export const leaveSchema = z.object({ leaving: z.literal(true) });

/** A channel's name in a path. */
export const channelParametersSchema = z.object({ name: z.string() });

/** An error's body where the route is Fabric's (`/logspec`). */
export const fabricErrorSchema = z.object({ error: z.string() });

/** Body of `POST /v1/members/meet`. */
export const meetRequestSchema = z.strictObject({
  /** Where the other peer listens, with or without its peer id. */
  address: z.string().max(512),
});

/** Answer of `POST /v1/members/meet`. */
export const meetSchema = z.object({ peer: z.string() });

/** Body of `POST /v1/events`. The payload is text (UTF-8) or, for any bytes, base64; none is an empty one. */
export const eventRequestSchema = z
  .strictObject({
    name: z.string(),
    payload: z.string().optional(),
    payloadBase64: z.base64().optional(),
  })
  .refine(({ payload, payloadBase64 }) => payload === undefined || payloadBase64 === undefined);

/** Answer of `POST /v1/events`: the event's Lamport time. */
export const sentEventSchema = z.object({ time: z.int().min(0) });

/** A user event. */
export const userEventSchema = z.object({
  /** By its author's Lamport clock. */
  time: z.int().min(0),
  /** Peer id. */
  author: z.string(),
  /** The author's name for people; missing where the author is not known any more. */
  authorName: z.string().optional(),
  /** Counts the author's events in one life, which `incarnation` names. */
  incarnation: z.int().min(0),
  sequence: z.int().min(0),
  name: z.string(),
  /** Where the payload is text (UTF-8). */
  payload: z.string().optional(),
  /** Where it is not. */
  payloadBase64: z.string().optional(),
});

/** Answer of `GET /v1/events`. */
export const eventsSchema = z.object({
  /** The peer's Lamport time. */
  time: z.int().min(0),
  /** How many events of others were not delivered since the start, by reason. */
  dropped: z.record(z.string(), z.int().min(0)),
  /** What is remembered, by time, then author. */
  events: z.array(userEventSchema),
});

export type ApiFollowedBlock = z.infer<typeof followedBlockSchema>;
export type ApiConfig = z.infer<typeof configSchema>;
export type ApiBlock = z.infer<typeof blockSchema>;
export type ApiProblem = z.infer<typeof problemSchema>;
export type ApiHealth = z.infer<typeof healthSchema>;
export type ApiUserEvent = z.infer<typeof userEventSchema>;
export type ApiEvents = z.infer<typeof eventsSchema>;

/** What one member said of itself in a ring of repair. */
const repairMemberSchema = z.object({
  peer: z.string(),
  name: z.string(),
  organisation: z.string().optional(),
  /** Whether it has answered. */
  reached: z.boolean(),
  /** Its height when it was first asked, and at the end; missing where it was not reached. */
  before: blockNumber.optional(),
  after: blockNumber.optional(),
  tipHash: hash.optional(),
  /** How many blocks it has come to hold. */
  copied: blockNumber,
  /** Blocks that were damaged on its disk, and those of them that were mended; the highest first. */
  damaged: z.array(blockNumber),
  mended: z.array(blockNumber),
  /** More is damaged than is named. */
  more: z.boolean(),
  /** Whether it has read all that it has stored. */
  verified: z.boolean(),
  /** Why it was given up, or what was left undone, as a code; missing: nothing. */
  failure: z.string().optional(),
});

/** Answer of `POST /v1/channels/NAME/repair`. */
export const repairSchema = z.object({
  channel: z.string(),
  /** How many hops were made. */
  hops: z.int().min(0),
  /** Whether all that were reached ended equal. */
  equal: z.boolean(),
  /** In the order of the ring. */
  members: z.array(repairMemberSchema),
});

export type ApiRepair = z.infer<typeof repairSchema>;
export type ApiRepairMember = z.infer<typeof repairMemberSchema>;

/** Answer of `GET` and of `PUT /v1/channels/NAME/anti-entropy`. */
export const antiEntropySchema = z.strictObject({
  /** Whether the peer asks for anything. */
  enabled: z.boolean(),
  mode: z.enum(ANTI_ENTROPY_MODES),
  intervalMs: z.int().min(1),
});

/** Body of `PUT /v1/channels/NAME/anti-entropy`: what is missing stays as it is. */
export const antiEntropyChangeSchema = antiEntropySchema.partial();

/** Answer of `GET /logspec`. */
export const logSpecSchema = z.object({
  /** In Fabric's syntax. */
  spec: z.string(),
  /** The level of each logger, by its name. */
  loggers: z.record(z.string(), z.string()),
});

/** Body of `PUT /logspec`. */
export const logSpecChangeSchema = z.strictObject({ spec: z.string() });

export type ApiLogSpec = z.infer<typeof logSpecSchema>;
export type ApiAntiEntropy = z.infer<typeof antiEntropySchema>;
export type ApiAntiEntropyChange = z.infer<typeof antiEntropyChangeSchema>;
export type ApiMeeting = z.infer<typeof meetSchema>;
export type ApiStatus = z.infer<typeof statusSchema>;
export type ApiMember = z.infer<typeof memberSchema>;
export type ApiMembers = z.infer<typeof membersSchema>;
export type ApiChannel = z.infer<typeof channelSchema>;
export type ApiCatchUp = z.infer<typeof catchUpSchema>;
export type ApiBlockSummary = z.infer<typeof blockSummarySchema>;
