import { join } from "node:path";
import { pino } from "pino";
import { loadConfig } from "../../node/config/config.ts";
import { startPeer, type Peer } from "../../node/peer/peer.ts";

/** Says nothing. */
export const logger = pino({ level: "silent" });

/** Starts a peer in this process, which lets everybody in where it has no MSP folder, on free ports, with its data in `directory/data`. */
export async function runningPeer(
  directory: string,
  genesis: readonly string[],
  flags: Readonly<Record<string, unknown>> = {},
): Promise<Peer> {
  const admission = "msp" in flags ? undefined : "open";
  const config = loadConfig({ flags: { data: join(directory, "data"), genesis, admission, ...flags } });
  return await startPeer(config, { logger });
}
