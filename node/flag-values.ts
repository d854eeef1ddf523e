import { InvalidArgumentError } from "commander";

/** A flag's whole number from 0. */
export function wholeNumber(text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError("Allowed is a whole number from 0.");
  return value;
}

/** A flag's whole number from 1. */
export function positiveNumber(text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError("Allowed is a whole number from 1.");
  return value;
}

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

/** A flag's duration, such as `500ms`, `30s`, `2m`, in milliseconds. */
export function durationMs(text: string): number {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) ?? [];
  const factor = MILLISECONDS[unit];
  if (number === undefined || factor === undefined)
    throw new InvalidArgumentError("Allowed is a duration such as 500ms, 30s or 2m.");
  return Number(number) * factor;
}
