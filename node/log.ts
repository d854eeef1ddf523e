import { destination, pino, stdTimeFunctions, type Logger } from "pino";
import type { LedgerEvent } from "../chain/ledger-recovery.ts";
import type { GossipEvent, Observer } from "../gossip/events.ts";
import { isAdmissionCode } from "../gossip/errors.ts";
import type { PeerConfig } from "./config.ts";
import { RepeatFilter } from "./repeat-filter.ts";
import type { TransportEvent } from "./transport/transport-events.ts";

const STDERR = 2;

/** A log of one JSON record a line on standard error; standard output is for what the user asked for. */
export function createLogger(level: PeerConfig["logLevel"]): Logger {
  // Written at once: what was logged last before a crash is what matters most.
  const stderr = destination({ fd: STDERR, sync: true });
  return pino({ level, base: null, timestamp: stdTimeFunctions.isoTime }, stderr);
}

const REPEAT_INTERVAL_MS = 1_000;
const KINDS_MAX = 1_024;
/** Who knocks in vain knocks again and again, and it is known by then. */
const DOOR_REPEAT_INTERVAL_MS = 10 * 60_000;

/** Turns what happens in the protocol into records; of one kind and peer at most one a second. */
export function logGossip(logger: Logger, now: () => number): Observer {
  const repeats = new RepeatFilter(REPEAT_INTERVAL_MS, KINDS_MAX);
  const doors = new RepeatFilter(DOOR_REPEAT_INTERVAL_MS, KINDS_MAX);
  return (event) => {
    if (event.kind === "seed-failed" || event.kind === "refused-identity") {
      const about = event.kind === "seed-failed" ? event.seed : event.peer;
      if (doors.pass(`${event.kind} ${about} ${event.code}`, now()) !== undefined) logEvent(logger, event);
    } else if (isRepeated(event)) {
      const peer = "peer" in event ? (event.peer ?? "") : "";
      const suppressed = repeats.pass(`${event.kind} ${peer}`, now());
      if (suppressed === undefined) return;
      logEvent(suppressed === 0 ? logger : logger.child({ suppressed }), event);
    } else {
      logEvent(logger, event);
    }
  };
}

/** Whether somebody else decides how often it happens. */
function isRepeated({ kind }: GossipEvent): boolean {
  return REPEATED.has(kind);
}

const REPEATED: ReadonlySet<GossipEvent["kind"]> = new Set<GossipEvent["kind"]>([
  "rejected",
  "fetch-failed",
  "member",
  "identity-in-use",
  "misconduct",
]);

function logEvent(logger: Logger, event: GossipEvent): void {
  const { kind, ...fields } = event;
  switch (event.kind) {
    case "member":
      return logger.info(fields, `${event.name || event.peer} is ${event.state}: ${event.reason}`);
    case "user-event":
      return logger.info(fields, `event ${event.name} of ${event.author}, ${event.bytes} bytes`);
    case "identity-in-use":
      return logger.warn(fields, IDENTITY_IN_USE);
    case "misconduct":
      return logger.warn(fields, misconductSentence(event));
    case "refused-identity":
      return logger.warn(fields, `a member is spoken of that is not let in: ${event.message}`);
    case "seed-failed":
      return logger.info(fields, `looked for a peer at ${event.seed}: ${event.message}`);
    case "block-received":
    case "block-verified":
      return logger.trace(fields, kind);
    case "block-committed":
      return logger.debug(fields, `block ${event.number} of ${event.channel} is in the ledger`);
    case "rejected":
      return logger.warn(fields, `refused a block of ${event.channel}: ${event.message}`);
    case "fetch-failed":
      return logger.debug(fields, `a fetch in ${event.channel} failed: ${event.message}`);
    case "mail-dropped":
      return logger.warn(fields, mailSentence(event));
    case "fork":
      return logger.error(fields, forkSentence(event));
    case "catching-up":
    case "catch-up-progress":
    case "caught-up":
      return logger.info(fields, catchUpSentence(event));
    case "block-damaged":
      return logger.error(fields, `${event.channel}: block ${event.number} is damaged on the disk`);
    case "block-mended":
      return logger.warn(fields, `${event.channel}: block ${event.number} was damaged and is mended`);
    case "leader":
    case "source-failed":
    case "source-answers":
      return logSupply(logger, event);
    case "failed":
      return logger.fatal(
        { channel: event.channel },
        `channel ${event.channel} has stopped: ${event.error.message}`,
      );
    default:
      return event satisfies never;
  }
}

const IDENTITY_IN_USE =
  "another process speaks with this peer's key, or the clock was set back since the last run";

/** Where new blocks come from. */
function logSupply(
  logger: Logger,
  event: Extract<GossipEvent, { readonly kind: "leader" | "source-failed" | "source-answers" }>,
): void {
  const { kind: _kind, ...fields } = event;
  const { channel } = fields;
  switch (event.kind) {
    case "leader": {
      const who = event.peer ?? "nobody";
      return logger.info(
        fields,
        `${channel}: ${who} brings blocks in for this organisation: ${event.reason}`,
      );
    }
    case "source-failed": {
      const { source, code, message } = event;
      return logger.warn(fields, `${channel}: the block source ${source} is of no use (${code}): ${message}`);
    }
    case "source-answers":
      return logger.info(fields, `${channel}: the block source ${event.source} answers again`);
    default:
      return event satisfies never;
  }
}

function misconductSentence(event: Extract<GossipEvent, { readonly kind: "misconduct" }>): string {
  const { peer, code, message, isCutOff } = event;
  return `${peer} is misbehaving (${code}): ${message}${isCutOff ? "; it is cut off" : ""}`;
}

type CatchUpKind = "catching-up" | "catch-up-progress" | "caught-up";

function catchUpSentence(event: Extract<GossipEvent, { readonly kind: CatchUpKind }>): string {
  if (event.kind === "caught-up") return caughtUpSentence(event);
  if (event.kind === "catching-up")
    return `${event.channel}: catching up from ${event.height} to ${event.target}`;
  const { channel, height, target, blocksPerSecond, bytesPerSecond, secondsLeft, sources } = event;
  const rate = `${blocksPerSecond.toFixed(0)} blocks/s, ${megabytes(bytesPerSecond)} MB/s`;
  const left = secondsLeft === undefined ? "" : `, ${Math.ceil(secondsLeft)} s left`;
  return `${channel}: ${height} of ${target} blocks, ${rate} from ${sources.length} peers${left}`;
}

function caughtUpSentence(event: Extract<GossipEvent, { readonly kind: "caught-up" }>): string {
  const { channel, height, blocks, bytes, seconds } = event;
  const rate = seconds > 0 ? `, ${megabytes(bytes / seconds)} MB/s` : "";
  return `${channel}: caught up at ${height}: ${blocks} blocks in ${seconds.toFixed(1)} s${rate}`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

function mailSentence(event: Extract<GossipEvent, { readonly kind: "mail-dropped" }>): string {
  const { channel, peer, number } = event;
  return `${channel}: too many blocks wait for ${peer}; those from block ${number} on it must ask for`;
}

function forkSentence({
  channel,
  number,
  first,
  second,
}: Extract<GossipEvent, { readonly kind: "fork" }>): string {
  return (
    `FORK: the orderers of ${channel} have signed two blocks ${number}: ${first}, which stays, and ${second}; ` +
    "both are kept as the proof, and nothing this peer holds above that block is certain"
  );
}

/** Turns what happens on the network into records; of one kind and peer at most one a second. */
export function logTransport(logger: Logger, now: () => number): (event: TransportEvent) => void {
  const repeats = new RepeatFilter(REPEAT_INTERVAL_MS, KINDS_MAX);
  const doors = new RepeatFilter(DOOR_REPEAT_INTERVAL_MS, KINDS_MAX);
  return (event) => {
    const atDoor = doorMatter(event);
    const suppressed =
      atDoor === undefined ? repeats.pass(`${event.kind} ${event.peer}`, now()) : doors.pass(atDoor, now());
    if (suppressed === undefined) return;
    logTransportEvent(suppressed === 0 ? logger : logger.child({ suppressed }), event);
  };
}

/** Names what somebody is turned away for, here or there; undefined where that is not what the event tells. */
function doorMatter(event: TransportEvent): string | undefined {
  if (event.kind === "turned-away") return `${event.peer} ${event.message}`;
  return event.kind === "refused" && isAdmissionCode(event.code) ? `${event.peer} ${event.code}` : undefined;
}

/** Common while peers come and go: the other side does not know yet what we know, or the reverse. */
const WEATHER: readonly string[] = ["NOT_A_MEMBER", "UNKNOWN_CHANNEL"];

function logTransportEvent(logger: Logger, event: TransportEvent): void {
  const { peer } = event;
  switch (event.kind) {
    case "refused": {
      const level = WEATHER.includes(event.code) ? "debug" : "warn";
      return logger[level]({ peer, code: event.code }, `refused what ${peer} sent: ${event.message}`);
    }
    case "dropped":
      return logger.debug({ peer }, `${event.messages} messages to ${peer} were not sent: ${event.message}`);
    case "turned-away":
      return logger.warn({ peer }, event.message);
    case "unreachable":
      return logger.info({ peer }, `${peer} cannot be reached: ${event.message}`);
    case "crashed":
      return logger.error(
        { peer, err: event.error },
        `what ${peer} sent met a bug here, which is worth a report`,
      );
    default:
      return event satisfies never;
  }
}

/** Tells what was found damaged when a ledger was opened. */
export function logLedger(logger: Logger, channel: string): (event: LedgerEvent) => void {
  return (event) => {
    switch (event.kind) {
      case "cut": {
        const level = event.lost > 0 ? "error" : "warn";
        const lost =
          event.lost > 0 ? `; ${event.lost} blocks that were durable are gone and are fetched again` : "";
        return logger[level](
          { channel, ...event },
          `${channel}: cut off ${event.bytes} bytes of an interrupted write before block ${event.number}${lost}`,
        );
      }
      case "damaged":
        return logger.error(
          { channel, ...event },
          `${channel}: block ${event.number} is damaged on the disk (blockfile ${event.segment}, offset ${event.offset}) and is not served`,
        );
      default:
        return event satisfies never;
    }
  };
}
