import { NodeError } from "../errors.ts";

/** The longest common name and organisation that certificates have (X.520, `ub-common-name`). */
const NAME_LENGTH_MAX = 64;
const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._@:-]*$/u;
/** Longer than any certificate should live; what is longer was mistyped. */
const DAYS_MAX = 36_500;

/**
 * A name that may stand in a certificate.
 *
 * @param what what it names, to begin the error's sentence.
 * @throws NodeError `CONFIG_INVALID`.
 */
export function checkedName(name: string, what: string, lengthMax: number = NAME_LENGTH_MAX): string {
  if (NAME.test(name) && name.length <= lengthMax) return name;
  throw new NodeError(
    "CONFIG_INVALID",
    `${what} ${JSON.stringify(name.slice(0, 100))} cannot stand in a certificate; allowed are up to ${lengthMax} letters, digits, spaces and ._@:-, the first a letter or digit`,
  );
}

/** How long a certificate is to be good. @throws NodeError `CONFIG_INVALID`. */
export function checkedDays(days: number): number {
  if (Number.isInteger(days) && days >= 1 && days <= DAYS_MAX) return days;
  throw new NodeError(
    "CONFIG_INVALID",
    `a certificate cannot be good for ${days} days; allowed is a whole number from 1 to ${DAYS_MAX}`,
  );
}
