import type { Logger } from "pino";
import type { LedgerEvent } from "../../chain/ledger-recovery.ts";

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
