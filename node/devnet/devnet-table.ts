import type { PeerProcess } from "../peer-process.ts";

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
  const cells = rows.map(({ name, organisation, height, neighbours }) => [
    name,
    organisation,
    height === undefined ? "?" : String(height),
    height === undefined ? "?" : String(highest - height),
    Object.entries(neighbours)
      .map(([state, count]) => `${count} ${state}`)
      .join(", ") || "none",
  ]);
  const all = [["PEER", "ORG", "HEIGHT", "LAG", "NEIGHBOURS"], ...cells];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** Shows a table in one place on a terminal; elsewhere, a line whenever a height has changed. */
export class LiveTable {
  readonly #output: NodeJS.WriteStream;
  #shownLines = 0;
  #shown = "";

  constructor(output: NodeJS.WriteStream) {
    this.#output = output;
  }

  show(rows: readonly DevnetRow[]): void {
    if (this.#output.isTTY) return this.#redraw(formatTable(rows));
    const heights = rows.map(({ name, height }) => `${name} ${height ?? "?"}`).join("  ");
    if (heights === this.#shown) return;
    this.#shown = heights;
    this.#output.write(`heights  ${heights}\n`);
  }

  /** Leaves the last table standing. */
  end(rows: readonly DevnetRow[]): void {
    this.#redraw(formatTable(rows));
    this.#shownLines = 0;
  }

  #redraw(lines: readonly string[]): void {
    const back = this.#shownLines === 0 ? "" : `\x1b[${this.#shownLines}A\x1b[J`;
    this.#output.write(`${back}${lines.join("\n")}\n`);
    this.#shownLines = lines.length;
  }
}
