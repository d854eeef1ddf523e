import type { GossipEvent, Observer } from "../../gossip/events.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { REPEAT_INTERVAL_MS, RepeatFilter } from "../repeat-filter.ts";
import { sentence } from "./gossip-sentences.ts";
import { DOOR_REPEAT_INTERVAL_MS, KINDS_MAX, type LogContext } from "./log-context.ts";
import type { LogArea } from "./log-areas.ts";
import type { Loggers } from "./loggers.ts";

type Kind = GossipEvent["kind"];

interface Place {
  readonly area: LogArea;
  readonly level: "fatal" | "error" | "warn" | "info" | "debug" | "trace";
}

/** Turns what happens in the protocol into records; nothing comes twice within a second. */
export function logGossip(loggers: Loggers, { now, nameOf }: LogContext): Observer {
  const repeats = new RepeatFilter(REPEAT_INTERVAL_MS, KINDS_MAX);
  const doors = new RepeatFilter(DOOR_REPEAT_INTERVAL_MS, KINDS_MAX);
  return (event) => {
    const { area, level } = PLACES[event.kind];
    const logger = loggers.get(area);
    // Before anything is put into words: there may be thousands a second.
    if (!logger.isLevelEnabled(level)) return;
    const text = sentence(event, nameOf);
    const door = doorMatter(event);
    const suppressed =
      door === undefined ? repeats.pass(repetition(event, text), now()) : doors.pass(door, now());
    if (suppressed === undefined) return;
    logger[level]({ ...fieldsOf(event, nameOf), ...(suppressed === 0 ? {} : { suppressed }) }, text);
  };
}

const PLACES: Readonly<Record<Kind, Place>> = {
  member: { area: "membership", level: "info" },
  "identity-in-use": { area: "membership", level: "warn" },
  misconduct: { area: "membership", level: "warn" },
  "refused-identity": { area: "membership", level: "warn" },
  "seed-failed": { area: "membership", level: "info" },
  "user-event": { area: "gossip", level: "info" },
  "block-announced": { area: "gossip.block", level: "trace" },
  "block-received": { area: "gossip.block", level: "trace" },
  "block-verified": { area: "gossip.block", level: "trace" },
  "block-committed": { area: "gossip.block", level: "debug" },
  rejected: { area: "gossip.block", level: "warn" },
  "fetch-failed": { area: "gossip.block", level: "debug" },
  "mail-dropped": { area: "gossip.block", level: "warn" },
  fork: { area: "gossip.block", level: "error" },
  "catching-up": { area: "gossip.state", level: "info" },
  "catch-up-progress": { area: "gossip.state", level: "info" },
  "caught-up": { area: "gossip.state", level: "info" },
  leader: { area: "gossip.election", level: "info" },
  "source-failed": { area: "gossip.election", level: "warn" },
  "source-answers": { area: "gossip.election", level: "info" },
  "block-damaged": { area: "ledger", level: "error" },
  "block-mended": { area: "ledger", level: "warn" },
  failed: { area: "ledger", level: "fatal" },
};

/** Names whom nothing is had to do with, and why; undefined where that is not what the event tells. */
function doorMatter(event: GossipEvent): string | undefined {
  if (event.kind === "seed-failed") return `${event.kind} ${event.seed} ${event.code}`;
  return event.kind === "refused-identity" ? `${event.kind} ${event.peer} ${event.code}` : undefined;
}

/** Of these somebody else decides how often they happen, and in how many words. */
const BY_OTHERS: ReadonlySet<Kind> = new Set<Kind>([
  "rejected",
  "fetch-failed",
  "member",
  "identity-in-use",
  "misconduct",
]);

/** What counts as the same record. */
function repetition(event: GossipEvent, text: string): string {
  return BY_OTHERS.has(event.kind) ? `${event.kind} ${peerIn(event) ?? ""}` : text;
}

function peerIn(event: GossipEvent): PeerId | undefined {
  if ("peer" in event) return event.peer;
  return "from" in event && event.kind !== "catch-up-progress" ? event.from : undefined;
}

function fieldsOf(event: GossipEvent, nameOf: LogContext["nameOf"]): object {
  if (event.kind === "failed") return { channel: event.channel, err: event.error };
  // Somebody who is forgotten has no name any more but the one in the event.
  if (event.kind === "member") {
    const { kind: _kind, name, ...fields } = event;
    return { ...fields, peerName: name || nameOf(event.peer) };
  }
  const { kind: _kind, ...fields } = event;
  const peer = event.kind === "user-event" ? event.author : peerIn(event);
  return peer === undefined ? fields : { ...fields, peerName: nameOf(peer) };
}
