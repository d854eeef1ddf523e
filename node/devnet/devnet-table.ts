import { textTable } from "../commands/text-table.ts";
import type { PeerProcess } from "../peer/peer-process.ts";

/** One peer as the table shows it. */
export interface DevnetRow {
  readonly name: string;
  readonly organisation: string;
  /** Undefined while it does not answer. */
  readonly height: number | undefined;
  /** How many other peers it sees, by state. */
  readonly neighbours: Readonly<Record<string, number>>;
}

/** Asks a peer for its row. */
export async function askRow(peer: PeerProcess, channel: string, signal: AbortSignal): Promise<DevnetRow> {
  try {
    const members = await peer.api.members(channel, signal);
    const self = members.find((member) => member.self);
    const neighbours: Record<string, number> = {};
    for (const { self: isSelf, state } of members)
      if (!isSelf) neighbours[state] = (neighbours[state] ?? 0) + 1;
    const height = self?.channels.find(({ name }) => name === channel)?.height;
    return { name: peer.name, organisation: self?.organisation ?? "", height, neighbours };
  } catch (error) {
    if (signal.aborted) throw error;
    return { name: peer.name, organisation: "", height: undefined, neighbours: {} };
  }
}

/** The rows as lines of text, with a head. */
export function formatTable(rows: readonly DevnetRow[]): readonly string[] {
  const highest = Math.max(...rows.map(({ height }) => height ?? 0));
  return textTable(
    ["PEER", "ORG", "HEIGHT", "LAG", "NEIGHBOURS"],
    rows.map(({ name, organisation, height, neighbours }) => [
      name,
      organisation,
      height === undefined ? "?" : String(height),
      height === undefined ? "?" : String(highest - height),
      Object.entries(neighbours)
        .map(([state, count]) => `${count} ${state}`)
        .join(", ") || "none",
    ]),
  );
}

/** The heights in one line, for where nothing is redrawn. */
export function formatHeights(rows: readonly DevnetRow[]): string {
  return `heights  ${rows.map(({ name, height }) => `${name} ${height ?? "?"}`).join("  ")}`;
}
