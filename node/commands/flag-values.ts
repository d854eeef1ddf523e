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

const BYTES: Readonly<Record<string, number>> = {
  "": 1,
  B: 1,
  kB: 1_000,
  KB: 1_000,
  MB: 1_000_000,
  KiB: 1_024,
  MiB: 1_048_576,
};

/** A flag's number of bytes, at least one, such as `16384`, `160KiB`, `1MB`. */
export function byteCount(text: string): number {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?) ?([kKM]?i?B)?$/.exec(text) ?? [];
  const bytes = Math.round(Number(number) * (BYTES[unit] ?? Number.NaN));
  if (!Number.isSafeInteger(bytes) || bytes < 1)
    throw new InvalidArgumentError("Allowed is a number of bytes such as 16384, 160KiB or 1MB.");
  return bytes;
}
