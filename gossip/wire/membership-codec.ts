import type { MembershipMessage } from "../members/alive-gossip.ts";
import { identityBytes, identityId, IDENTITY_BYTES_MAX } from "../door/identity-id.ts";
import type { MemberEntry, PingMessage } from "./messages.ts";
import type { PeerId } from "../ports.ts";
import { detached, owned, PEER_ID_LENGTH_MAX, signedBytes, signedStatement } from "./wire-values.ts";
import type * as wire from "./wire.js";

/** A message about who is there as a frame. */
export function toMembershipFrame(message: MembershipMessage | PingMessage): wire.Frame {
  switch (message.kind) {
    case "alive":
      return { alive: { members: message.members.map(toMember) } };
    case "membership-request":
      return { membershipRequest: { self: toMember(message.self), viewHash: owned(message.viewHash) } };
    case "membership-response":
      return { membershipResponse: { members: message.members.map(toMember) } };
    case "accusations":
      return { accusations: { statements: message.statements.map(signedBytes) } };
    case "identity-want":
      return { identityWant: { ids: message.ids.map(identityBytes) } };
    case "identities":
      return {
        identities: {
          identities: message.identities.map(({ peer, identity }) => ({ peer, identity: owned(identity) })),
        },
      };
    case "ping": {
      const { id, accusation } = message;
      return { ping: accusation === undefined ? { id } : { id, accusation: signedBytes(accusation) } };
    }
    case "ping-request":
      return { pingRequest: { id: message.id, peer: message.peer } };
    case "pong":
      return { pong: { id: message.id, isSilent: message.isSilent } };
    default:
      return message satisfies never;
  }
}

/** The message about who is there; undefined where the frame holds none. @throws RangeError for what cannot be. */
export function fromMembershipFrame(frame: wire.Frame): MembershipMessage | PingMessage | undefined {
  if (frame.alive !== undefined) return { kind: "alive", members: frame.alive.members.map(fromMember) };
  if (frame.membershipRequest !== undefined) {
    const { self, viewHash } = frame.membershipRequest;
    return { kind: "membership-request", self: fromMember(self), viewHash: detached(viewHash) };
  }
  if (frame.membershipResponse !== undefined)
    return { kind: "membership-response", members: frame.membershipResponse.members.map(fromMember) };
  if (frame.accusations !== undefined)
    return { kind: "accusations", statements: frame.accusations.statements.map(signedStatement) };
  if (frame.identityWant !== undefined)
    return { kind: "identity-want", ids: frame.identityWant.ids.map(identityId) };
  if (frame.identities !== undefined) {
    const identities = frame.identities.identities.map(({ peer, identity }) => ({
      peer: peer as PeerId,
      identity: checkedIdentity(identity),
    }));
    return { kind: "identities", identities };
  }
  return fromPingFrame(frame);
}

function fromPingFrame(frame: wire.Frame): PingMessage | undefined {
  if (frame.ping !== undefined) {
    const { id, accusation } = frame.ping;
    return { kind: "ping", id, accusation: accusation && signedStatement(accusation) };
  }
  if (frame.pingRequest !== undefined) {
    const { id, peer } = frame.pingRequest;
    if (peer.length > PEER_ID_LENGTH_MAX) throw new RangeError(`a peer id of ${peer.length} characters`);
    return { kind: "ping-request", id, peer: peer as PeerId };
  }
  if (frame.pong !== undefined) return { kind: "pong", ...frame.pong };
  return undefined;
}

function toMember(entry: MemberEntry): wire.Member {
  const alive = signedBytes(entry.alive);
  return entry.internal === undefined ? { alive } : { alive, internal: signedBytes(entry.internal) };
}

function fromMember(member: wire.Member | undefined): MemberEntry {
  if (member?.alive === undefined) throw new RangeError("a member without a statement");
  const { alive, internal } = member;
  return { alive: signedStatement(alive), internal: internal && signedStatement(internal) };
}

function checkedIdentity(identity: Uint8Array): Uint8Array {
  if (identity.length > IDENTITY_BYTES_MAX) throw new RangeError(`an identity of ${identity.length} bytes`);
  return detached(identity);
}
