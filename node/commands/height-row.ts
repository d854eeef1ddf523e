import type { ApiClient } from "../http/api-client.ts";
import type { ApiCatchUp } from "../http/api-types.ts";
import { NodeError, type NodeErrorCode } from "../errors.ts";
import { chosenChannel } from "../orderer/submission.ts";

/** One peer's answer. */
export type HeightRow =
  | {
      readonly api: string;
      readonly name: string;
      readonly channel: string;
      readonly height: number;
      readonly tipHash: string;
      /** Missing while it does not catch up. */
      readonly catchUp?: ApiCatchUp;
    }
  | { readonly api: string; readonly error: string; readonly code: NodeErrorCode };

/** Asks a peer how high its ledger is. @param named the channel; undefined: its only one. */
export async function askHeight(api: ApiClient, named: string | undefined): Promise<HeightRow> {
  try {
    const { name } = await api.status();
    const channel = await chosenChannel(api, named);
    const { height, tipHash, catchUp } = await api.channel(channel);
    const row = { api: api.url, name, channel, height, tipHash };
    return catchUp === undefined ? row : { ...row, catchUp };
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
    return { api: api.url, error: error.message, code: error.code };
  }
}

/** Whether all have answered, hold the same chain, and none is catching up. */
export function areLevel(rows: readonly HeightRow[]): boolean {
  const [first] = rows;
  return rows.every(
    (row) =>
      first !== undefined &&
      !("error" in row) &&
      !("error" in first) &&
      row.tipHash === first.tipHash &&
      row.catchUp === undefined,
  );
}

/** The row as one line: with the tip's hash, or how the catch-up gets on. */
export function formatHeight(row: HeightRow): string {
  if ("error" in row) return `${row.api}  ${row.error}`;
  const { api, name, height, tipHash, catchUp } = row;
  return `${api}  ${name}  ${height}  ${catchUp === undefined ? tipHash : formatCatchUp(catchUp)}`;
}

const BAR_WIDTH = 24;

/** How a catch-up gets on, as one line with a bar. */
export function formatCatchUp({
  from,
  height,
  target,
  blocksPerSecond,
  bytesPerSecond,
  secondsLeft,
}: ApiCatchUp): string {
  const share = target > from ? Math.min(1, (height - from) / (target - from)) : 1;
  const bar = "#".repeat(Math.floor(share * BAR_WIDTH)).padEnd(BAR_WIDTH, ".");
  const rate = `${blocksPerSecond.toFixed(0)} blocks/s  ${(bytesPerSecond / 1e6).toFixed(1)} MB/s`;
  const left = secondsLeft === undefined ? "no blocks come" : `${formatSeconds(secondsLeft)} left`;
  return `[${bar}] ${Math.floor(100 * share)} % of ${target}  ${rate}  ${left}`;
}

function formatSeconds(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.ceil(whole / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
