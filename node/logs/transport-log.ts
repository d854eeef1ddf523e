import type { Logger } from "pino";
import { isAdmissionCode } from "../../gossip/errors.ts";
import { REPEAT_INTERVAL_MS, RepeatFilter } from "../repeat-filter.ts";
import type { TransportEvent } from "../transport/transport-events.ts";
import { DOOR_REPEAT_INTERVAL_MS, KINDS_MAX, type LogContext } from "./log-context.ts";

/** Turns what happens on the network into records; of one kind and peer at most one a second. */
export function logTransport(logger: Logger, { now, nameOf }: LogContext): (event: TransportEvent) => void {
  const repeats = new RepeatFilter(REPEAT_INTERVAL_MS, KINDS_MAX);
  const doors = new RepeatFilter(DOOR_REPEAT_INTERVAL_MS, KINDS_MAX);
  return (event) => {
    const atDoor = doorMatter(event);
    const suppressed =
      atDoor === undefined ? repeats.pass(`${event.kind} ${event.peer}`, now()) : doors.pass(atDoor, now());
    if (suppressed === undefined) return;
    logEvent(suppressed === 0 ? logger : logger.child({ suppressed }), event, nameOf(event.peer));
  };
}

/** Names what somebody is turned away for, here or there; undefined where that is not what the event tells. */
function doorMatter(event: TransportEvent): string | undefined {
  if (event.kind === "turned-away") return `${event.peer} ${event.message}`;
  return event.kind === "refused" && isAdmissionCode(event.code) ? `${event.peer} ${event.code}` : undefined;
}

/** Common while peers come and go: the other side does not know yet what we know, or the reverse. */
const WEATHER: readonly string[] = ["NOT_A_MEMBER", "UNKNOWN_CHANNEL"];

function logEvent(logger: Logger, event: TransportEvent, peerName: string): void {
  const fields = { peer: event.peer, peerName };
  switch (event.kind) {
    case "refused": {
      const level = WEATHER.includes(event.code) ? "debug" : "warn";
      const { code, message } = event;
      return logger[level]({ ...fields, code }, `refused what ${peerName} sent: ${message}`);
    }
    case "dropped":
      return logger.debug(
        fields,
        `${event.messages} messages to ${peerName} were not sent: ${event.message}`,
      );
    case "turned-away":
      return logger.warn(fields, `${peerName}: ${event.message}`);
    case "unreachable":
      return logger.info(fields, `${peerName} cannot be reached: ${event.message}`);
    case "crashed":
      return logger.error(
        { ...fields, err: event.error },
        `what ${peerName} sent met a bug here, which is worth a report`,
      );
    default:
      return event satisfies never;
  }
}
