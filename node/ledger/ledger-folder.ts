import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { FileLedger } from "../../chain/file-ledger.ts";
import type { LedgerEvent } from "../../chain/ledger-recovery.ts";
import { NodeError } from "../errors.ts";

/** One channel's ledger in a peer's data folder. */
export interface LedgerFolder {
  readonly channel: string;
  /** Of the ledger itself. */
  readonly directory: string;
}

/**
 * The ledger of the channel that is named, or of the only one that there is.
 *
 * @param data a peer's data folder.
 * @throws NodeError `NOT_FOUND`; `CONFIG_INVALID` where there are several and none is named.
 */
export function findLedger(data: string, named: string | undefined): LedgerFolder {
  const channels = channelsIn(data);
  if (channels.length === 0)
    throw new NodeError(
      "NOT_FOUND",
      `there is no ledger in ${data}; name the peer's data folder with --data, or its configuration with --config`,
    );
  const channel = named ?? channels[0];
  if (channel === undefined || !channels.includes(channel))
    throw new NodeError("NOT_FOUND", `${data} has no channel ${named}; it has ${channels.join(", ")}`);
  if (named === undefined && channels.length > 1)
    throw new NodeError(
      "CONFIG_INVALID",
      `${data} has ${channels.length} channels: ${channels.join(", ")}; name one with --channel`,
    );
  return { channel, directory: ledgerDirectory(data, channel) };
}

/** Where the ledger of a channel is, or is to be. */
export function ledgerDirectory(data: string, channel: string): string {
  return join(data, "channels", channel, "ledger");
}

/** Whether a ledger has been begun there. */
export function isLedger(directory: string): boolean {
  return existsSync(join(directory, "format"));
}

/** Opens a ledger that is there. @throws NodeError `NOT_FOUND`; what `FileLedger.open` throws. */
export async function openLedger(
  directory: string,
  onEvent: (event: LedgerEvent) => void,
): Promise<FileLedger> {
  if (!isLedger(directory)) throw new NodeError("NOT_FOUND", `there is no ledger in ${directory}`);
  return await FileLedger.open({ directory, onEvent });
}

/** The channels that a peer's data folder has a ledger of. */
export function channelsIn(data: string): readonly string[] {
  const folder = join(data, "channels");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => isLedger(ledgerDirectory(data, name)))
    .sort();
}
