import { identityIdOf } from "../../gossip/door/identity-id.ts";
import type { MemberEntry, Message } from "../../gossip/wire/messages.ts";
import { readAlive, readInternal, readStateInfo, readUserEvent } from "../../gossip/wire/statements.ts";
import type { Consortium, Said } from "./consortium.ts";

/** Which peers a message names, in whatever way; the receiver and the sender may be among them. */
export function peersTold(message: Message): readonly string[] {
  switch (message.kind) {
    case "alive":
    case "membership-response":
      return message.members.map((entry) => readAlive(entry.alive).peer);
    case "membership-request":
      return [readAlive(message.self.alive).peer];
    case "identities":
      return message.identities.map(({ peer }) => peer);
    case "state-info":
      return message.statements.map((statement) => readStateInfo(statement).peer);
    case "user-events":
      return message.events.map(({ event }) => readUserEvent(event).peer);
    case "cut":
      return message.cutter === undefined ? [] : [message.cutter];
    case "journey-answer":
      return message.arrivals.flatMap(({ from }) => (from === undefined ? [] : [from]));
    case "repair-step":
      return [message.source];
    default:
      return [];
  }
}

/** The internal endpoints that a message tells. */
export function internalsTold(message: Message): readonly string[] {
  return entriesOf(message).flatMap(({ internal }) =>
    internal === undefined ? [] : readInternal(internal).addresses,
  );
}

/** The ids of the identities that the alive statements in a message name. */
export function identitiesNamed(message: Message): readonly string[] {
  return entriesOf(message).map(({ alive }) => readAlive(alive).identity);
}

/** The ids of the identities that a message carries whole. */
export function identitiesTold(message: Message): readonly string[] {
  return message.kind === "identities"
    ? message.identities.map(({ identity }) => identityIdOf(identity))
    : [];
}

/** All that was said to somebody of another organisation, for which the test holds. */
export function saidAcross(consortium: Consortium, test: (said: Said) => boolean): readonly string[] {
  return consortium.said
    .filter(({ from, to }) => organisationOf(from) !== organisationOf(to))
    .filter(test)
    .map(({ from, to, message }) => `${from} → ${to}: ${message.kind} of ${peersTold(message).join(" ")}`);
}

/** In these simulations a peer's first letter is its organisation's name. */
export function organisationOf(peer: string): string {
  return peer.charAt(0).toUpperCase();
}

function entriesOf(message: Message): readonly MemberEntry[] {
  switch (message.kind) {
    case "alive":
    case "membership-response":
      return message.members;
    case "membership-request":
      return [message.self];
    default:
      return [];
  }
}
