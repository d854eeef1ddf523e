import { appendFileSync, existsSync, statSync } from "node:fs";
import type { Logger } from "pino";
import {
  createToken,
  findToken,
  formatTokenRecord,
  hashToken,
  isTokenName,
  parseTokenRecords,
  type TokenRecord,
} from "./api-token.ts";
import { NodeError } from "../errors.ts";
import { readText, reason } from "../files.ts";

const WHAT = "the API's token file";

/**
 * The tokens that open the API, as their file has them at the moment: it is read again when it has changed, so that a
 * token whose line is gone opens nothing from the next request on.
 */
export class TokenFile {
  readonly #path: string;
  readonly #logger: Logger;
  #records: readonly TokenRecord[];
  /** What the file looked like when it was read. */
  #version: string | undefined;

  private constructor(path: string, logger: Logger) {
    this.#path = path;
    this.#logger = logger;
    this.#version = versionOf(path);
    const { records, faults } = parseTokenRecords(readText(path, WHAT));
    if (faults.length > 0) throw new NodeError("CONFIG_INVALID", `${WHAT} ${path}: ${faults.join("; ")}`);
    this.#records = records;
  }

  /** @throws NodeError `FILE_UNREADABLE`; `CONFIG_INVALID` where a line is no token's. */
  static open(path: string, logger: Logger): TokenFile {
    return new TokenFile(path, logger);
  }

  find(token: string): TokenRecord | undefined {
    this.#refresh();
    return findToken(this.#records, token);
  }

  /** While the peer runs, a line that is none costs that token only, and a file that is gone costs all. */
  #refresh(): void {
    const version = versionOf(this.#path);
    if (version === this.#version) return;
    // Before the file is read: what changes meanwhile is seen the next time.
    this.#version = version;
    try {
      const { records, faults } = parseTokenRecords(readText(this.#path, WHAT));
      this.#records = records;
      for (const fault of faults) this.#logger.error(`${WHAT} ${this.#path}: ${fault}, and is ignored`);
      this.#logger.info(`${WHAT} has changed; it has ${records.length} tokens`);
    } catch (error) {
      if (!(error instanceof NodeError)) throw error;
      this.#records = [];
      this.#logger.error(`${error.message}; no token opens the API until it can`);
    }
  }
}

/** Undefined where there is none. The time of change is the kernel's own, which nobody can set back. */
function versionOf(path: string): string | undefined {
  try {
    const { dev, ino, size, ctimeNs } = statSync(path, { bigint: true });
    return [dev, ino, size, ctimeNs].join(" ");
  } catch {
    return undefined;
  }
}

/**
 * Makes a token and adds what is known of it to the file, which is made, readable by its owner only, if it is missing.
 * Returns the token, which is written nowhere.
 *
 * @throws NodeError `CONFIG_INVALID` where the name is not allowed or taken, or the file has other lines;
 * `FILE_UNREADABLE`, `FILE_UNWRITABLE`.
 */
export function addToken(path: string, { right, name }: Pick<TokenRecord, "right" | "name">): string {
  if (!isTokenName(name))
    throw new NodeError(
      "CONFIG_INVALID",
      `${JSON.stringify(name)} is no name for a token; allowed are up to 64 of A-Z, a-z, 0-9, ".", "_", "@" and "-"`,
    );
  const text = existsSync(path) ? readText(path, "the token file") : "";
  const { records, faults } = parseTokenRecords(text);
  if (faults.length > 0) throw new NodeError("CONFIG_INVALID", `${path}: ${faults.join("; ")}`);
  if (records.some((record) => record.name === name))
    throw new NodeError(
      "CONFIG_INVALID",
      `${path} has a token of the name ${name} already; delete its line first`,
    );
  const token = createToken();
  const line = formatTokenRecord({ right, hash: hashToken(token), name });
  try {
    appendFileSync(path, text === "" || text.endsWith("\n") ? line : `\n${line}`, { mode: 0o600 });
  } catch (cause) {
    throw new NodeError("FILE_UNWRITABLE", `${path} cannot be written: ${reason(cause)}`, { cause });
  }
  return token;
}
