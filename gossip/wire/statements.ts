import { concat } from "uint8arrays/concat";
import { fromString } from "uint8arrays/from-string";
import { GossipError } from "../errors.ts";
import { ROOTS_MAX } from "../push/chunk-tree.ts";
import type { CutTerms } from "../push/cut.ts";
import { identityBytes, identityId } from "../door/identity-id.ts";
import type { IdentityId, SignedStatement } from "./messages.ts";
import type { ChannelId, Keyring, PeerId } from "../ports.ts";
import { nodes } from "../push/push-codec.ts";
import { userEventFault } from "../user-events/user-event.ts";
import {
  channelBytes,
  channelId,
  checkedHash,
  detached,
  hashBytes,
  integer,
  owned,
  PEER_ID_LENGTH_MAX,
} from "./wire-values.ts";
import * as wire from "./wire.js";

/** When a statement was made, in its author's own time: a later start supersedes, then a later statement. */
export interface LogicalTime {
  /** The author's start in milliseconds since 1970, or more where it had to refute an older self. */
  readonly incarnation: number;
  /** Counts up from 0 with every statement of one incarnation. */
  readonly sequence: number;
}

/** A peer says that it lives and where it can be reached, or that it leaves. */
export interface AliveStatement extends LogicalTime {
  readonly kind: "alive";
  readonly peer: PeerId;
  readonly left: boolean;
  /** A name for people; proves nothing. */
  readonly name: string;
  /** Its external endpoints. */
  readonly addresses: readonly string[];
  /** For each channel it is in, a tag that only peers of that channel recognise (`channelTag`). */
  readonly channelTags: readonly Uint8Array[];
  /** The identity that it goes by, and that proves its organisation. */
  readonly identity: IdentityId;
  /** What else its operator says of it, each `NAME=VALUE` (Serf's tags); proves nothing. */
  readonly tags: readonly string[];
}

/** A peer says where those of its own organisation can reach it (Fabric's SecretEnvelope). */
export interface InternalStatement extends LogicalTime {
  readonly kind: "internal";
  readonly peer: PeerId;
  readonly addresses: readonly string[];
}

/** A peer says how many blocks of a channel it holds, and what it does for its organisation there. */
export interface StateInfoStatement extends LogicalTime, ChannelRole {
  readonly kind: "state-info";
  readonly peer: PeerId;
  readonly channel: ChannelId;
  readonly height: number;
}

/** What a peer does about a channel's block sources. */
export interface ChannelRole {
  /** A source of its answers, so it could bring blocks in. */
  readonly hasSource: boolean;
  /** It brings blocks in for its organisation; only with a source. */
  readonly leads: boolean;
}

/** Of a peer without a source. */
export const NO_ROLE: ChannelRole = { hasSource: false, leads: false };

/** A peer says that it cannot reach another. The time is that of the latest word of the other's that it has. */
export interface AccusationStatement extends LogicalTime {
  readonly kind: "accusation";
  readonly peer: PeerId;
  readonly accused: PeerId;
}

/** A peer says how it has cut a block; see `Cut`. */
export interface CutStatement extends CutTerms {
  readonly kind: "cut";
  /** The cutter. It is not part of the payload, whose signature is good for its author alone. */
  readonly peer: PeerId;
}

/** A peer tells something to all members; see `UserEvents`. */
export interface UserEventStatement extends LogicalTime {
  readonly kind: "user-event";
  readonly peer: PeerId;
  /** By its Lamport clock. */
  readonly time: number;
  readonly name: string;
  readonly payload: Uint8Array;
}

export type Statement =
  | AliveStatement
  | InternalStatement
  | StateInfoStatement
  | AccusationStatement
  | CutStatement
  | UserEventStatement;

/** Of two statements of one author about one thing, the one made later counts (Fabric, msgcomparator.go). */
export function supersedes(newer: LogicalTime, older: LogicalTime): boolean {
  if (newer.incarnation !== older.incarnation) return newer.incarnation > older.incarnation;
  return newer.sequence > older.sequence;
}

/** The statement with the signature of its author, which must be the keyring's own peer. */
export function signStatement(statement: Statement, keyring: Keyring): SignedStatement {
  const payload = encodeStatement(statement);
  return { payload, signature: keyring.sign(concat([DOMAINS[statement.kind], payload])) };
}

/** Whether its author made the statement. Costs a signature check: look first whether it is news at all. */
export function isSigned(statement: Statement, signed: SignedStatement, keyring: Keyring): boolean {
  return keyring.verify(statement.peer, concat([DOMAINS[statement.kind], signed.payload]), signed.signature);
}

/** Reads an alive statement without checking its signature. @throws GossipError `MALFORMED_MESSAGE`. */
export function readAlive(signed: SignedStatement): AliveStatement {
  return refusing(() => {
    const alive = wire.Alive.decode(signed.payload, {
      limits: { addresses: ADDRESSES_MAX, channelTags: CHANNEL_TAGS_MAX, tags: TAGS_MAX },
    });
    if (alive.name.length > 128) throw new RangeError("an oversized name");
    if (alive.tags.some((tag) => tag.length > TAG_LENGTH_MAX)) throw new RangeError("an oversized tag");
    const addresses = checkedAddresses(alive.addresses);
    const identity = identityId(alive.identity);
    return { ...alive, ...logicalTime(alive), kind: "alive", peer: peerId(alive.peer), addresses, identity };
  });
}

/** Reads a statement of internal endpoints without checking its signature. @throws GossipError `MALFORMED_MESSAGE`. */
export function readInternal(signed: SignedStatement): InternalStatement {
  return refusing(() => {
    const internal = wire.Internal.decode(signed.payload, { limits: { addresses: ADDRESSES_MAX } });
    const addresses = checkedAddresses(internal.addresses);
    return { ...logicalTime(internal), kind: "internal", peer: peerId(internal.peer), addresses };
  });
}

/** Reads a state-info statement without checking its signature. @throws GossipError `MALFORMED_MESSAGE`. */
export function readStateInfo(signed: SignedStatement): StateInfoStatement {
  return refusing(() => {
    const info = wire.StateInfo.decode(signed.payload);
    if (!Number.isSafeInteger(info.height)) throw new RangeError(`height ${info.height}`);
    return {
      ...info,
      ...logicalTime(info),
      kind: "state-info",
      peer: peerId(info.peer),
      channel: channelId(info.channel),
    };
  });
}

/** Reads an accusation without checking its signature. @throws GossipError `MALFORMED_MESSAGE`. */
export function readAccusation(signed: SignedStatement): AccusationStatement {
  return refusing(() => {
    const { peer, accused, ...time } = wire.Accusation.decode(signed.payload);
    return { ...logicalTime(time), kind: "accusation", peer: peerId(peer), accused: peerId(accused) };
  });
}

/** Reads how a peer has cut a block, without checking the signature. @throws GossipError `MALFORMED_MESSAGE`. */
export function readCut(signed: SignedStatement, peer: PeerId): CutStatement {
  return refusing(() => {
    const { channel, number, hash, roots, ...counts } = wire.Cut.decode(signed.payload);
    return {
      ...counts,
      kind: "cut",
      peer,
      channel: channelId(channel),
      number: integer(number),
      hash: checkedHash(hash),
      roots: nodes(roots, ROOTS_MAX),
    };
  });
}

/** Reads a user event without checking its signature. @throws GossipError `MALFORMED_MESSAGE`. */
export function readUserEvent(signed: SignedStatement): UserEventStatement {
  return refusing(() => {
    const event = wire.UserEvent.decode(signed.payload);
    const fault = userEventFault(event.name, event.payload);
    if (fault !== undefined) throw new RangeError(fault);
    return {
      ...event,
      ...logicalTime(event),
      kind: "user-event",
      peer: peerId(event.peer),
      time: integer(event.time),
      payload: detached(event.payload),
    };
  });
}

/** As many addresses of a peer, and no more, others read in one statement. */
export const ADDRESSES_MAX = 16;
const TAGS_MAX = 16;
const TAG_LENGTH_MAX = 128;
const ADDRESS_LENGTH_MAX = 256;
const CHANNEL_TAGS_MAX = 256;

/** Signed in front of the payload, so that a statement of one kind cannot be shown as another. */
const DOMAINS: Readonly<Record<Statement["kind"], Uint8Array>> = {
  alive: fromString("blockgossip/alive/1\n"),
  internal: fromString("blockgossip/internal/1\n"),
  "state-info": fromString("blockgossip/state-info/1\n"),
  accusation: fromString("blockgossip/accusation/1\n"),
  cut: fromString("blockgossip/cut/1\n"),
  "user-event": fromString("blockgossip/user-event/1\n"),
};

function encodeStatement(statement: Statement): Uint8Array {
  switch (statement.kind) {
    case "alive":
      return wire.Alive.encode({
        ...statement,
        addresses: [...statement.addresses],
        channelTags: statement.channelTags.map((tag) => tag as Uint8Array<ArrayBuffer>),
        identity: identityBytes(statement.identity),
        tags: [...statement.tags],
      });
    case "internal":
      return wire.Internal.encode({ ...statement, addresses: [...statement.addresses] });
    case "state-info":
      return wire.StateInfo.encode({ ...statement, channel: channelBytes(statement.channel) });
    case "accusation":
      return wire.Accusation.encode(statement);
    case "cut": {
      const { channel, hash, roots, ...counts } = statement;
      return wire.Cut.encode({
        ...counts,
        channel: channelBytes(channel),
        hash: hashBytes(hash),
        roots: owned(concat([...roots])),
      });
    }
    case "user-event":
      return wire.UserEvent.encode({ ...statement, payload: owned(statement.payload) });
    default:
      return statement satisfies never;
  }
}

function checkedAddresses(addresses: readonly string[]): readonly string[] {
  if (addresses.some((address) => address.length > ADDRESS_LENGTH_MAX))
    throw new RangeError("an oversized address");
  return addresses;
}

function logicalTime(time: LogicalTime): LogicalTime {
  if (!Number.isSafeInteger(time.incarnation) || !Number.isSafeInteger(time.sequence)) {
    throw new GossipError(
      "MALFORMED_MESSAGE",
      `a statement of the time ${time.incarnation}.${time.sequence}`,
    );
  }
  return { incarnation: time.incarnation, sequence: time.sequence };
}

function peerId(text: string): PeerId {
  if (text.length === 0 || text.length > PEER_ID_LENGTH_MAX) {
    throw new GossipError("MALFORMED_MESSAGE", `a peer id of ${text.length} characters`);
  }
  return text as PeerId;
}

function refusing<T>(decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    if (cause instanceof GossipError) throw cause;
    throw new GossipError("MALFORMED_MESSAGE", "bytes that are no statement", { cause });
  }
}
