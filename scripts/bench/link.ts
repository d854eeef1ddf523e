import { InvalidArgumentError } from "commander";

/** What every peer's link is like. */
export interface Link {
  /** As it was asked for. */
  readonly text: string;
  readonly bytesPerSecond: number;
  readonly delayMs: number;
}

const BITS: Readonly<Record<string, number>> = { kbit: 1e3, mbit: 1e6, gbit: 1e9 };

/** A flag's link: uplink and one-way delay, such as `100mbit,50ms`. */
export function link(text: string): Link {
  const [, rate, unit = "", delay] = /^(\d+(?:\.\d+)?)(kbit|mbit|gbit),(\d+(?:\.\d+)?)ms$/.exec(text) ?? [];
  const bytesPerSecond = (Number(rate) * (BITS[unit] ?? Number.NaN)) / 8;
  if (!(bytesPerSecond > 0))
    throw new InvalidArgumentError("Allowed is an uplink and a one-way delay, such as 100mbit,50ms.");
  return { text, bytesPerSecond, delayMs: Number(delay) };
}
