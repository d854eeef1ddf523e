/** The value below which this share of the values lies (nearest rank); NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

/** The middle value, or the mean of the two middle ones; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? Number.NaN;
  const lower = sorted[(sorted.length - 1) >> 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

/** The greatest value; NaN of none. Takes any number of them. */
export function maximum(values: readonly number[]): number {
  return values.reduce((greatest, value) => Math.max(greatest, value), values[0] ?? Number.NaN);
}

/** For each name, the sum of what the records have under it. */
export function sumByName(
  records: readonly Readonly<Partial<Record<string, number>>>[],
): Readonly<Partial<Record<string, number>>> {
  const sums: Partial<Record<string, number>> = {};
  for (const record of records)
    for (const [name, value = 0] of Object.entries(record)) sums[name] = (sums[name] ?? 0) + value;
  return sums;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
