import { printable } from "./printable.ts";

/**
 * Rows of cells as lines of text in columns, the head first; the last column is as wide as it is. Peers choose their
 * names and reasons: what a terminal would obey is shown by its number.
 */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const all = [head, ...rows].map((cells) => cells.map(printable));
  const widths = head.map((_, column) => Math.max(...all.map((cells) => cells[column]?.length ?? 0)));
  return all.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
