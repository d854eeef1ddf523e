import { Buffer } from "node:buffer";
import { hash, randomBytes, timingSafeEqual } from "node:crypto";
import { API_RIGHTS, type ApiRight } from "./api-right.ts";

/** What a peer knows of a token: enough to recognise it, too little to use it. */
export interface TokenRecord {
  readonly right: ApiRight;
  /** SHA-256 of the token's text. */
  readonly hash: Uint8Array;
  /** For people and logs; one token of a file has it. */
  readonly name: string;
}

/** The start of every token, for people and programs that look for secrets where none should be. */
const TOKEN_PREFIX = "bgt_";
const TOKEN_BYTES = 32;

/** A new token: 256 random bits, so that its hash need not be a slow one. */
export function createToken(): string {
  return TOKEN_PREFIX + randomBytes(TOKEN_BYTES).toString("base64url");
}

export function hashToken(token: string): Uint8Array {
  return hash("sha256", token, "buffer");
}

/** Whether the text may be a token's name. */
export function isTokenName(text: string): boolean {
  return /^[\w.@-]{1,64}$/.test(text);
}

/** A record as a line of a file: right, hash in hexadecimal, name. */
export function formatTokenRecord({ right, hash: bytes, name }: TokenRecord): string {
  return `${right} ${Buffer.from(bytes).toString("hex")} ${name}\n`;
}

/** The records of a file's text, and sentences on its lines that are none. Empty lines and `#` lines are passed over. */
export function parseTokenRecords(text: string): {
  readonly records: readonly TokenRecord[];
  readonly faults: readonly string[];
} {
  const records: TokenRecord[] = [];
  const faults: string[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#")) continue;
    const record = parseRecord(trimmed);
    if (record === undefined)
      faults.push(
        `line ${index + 1} is not of the form "RIGHT SHA256-IN-HEX NAME", RIGHT being ${API_RIGHTS.join(" or ")}`,
      );
    else if (records.some(({ name }) => name === record.name))
      faults.push(`line ${index + 1} is a second token of the name ${record.name}`);
    else records.push(record);
  }
  return { records, faults };
}

/** The record of this token. The time that it takes does not depend on how near the token is to any. */
export function findToken(records: readonly TokenRecord[], token: string): TokenRecord | undefined {
  const sought = hashToken(token);
  let found: TokenRecord | undefined;
  for (const record of records) if (timingSafeEqual(record.hash, sought)) found = record;
  return found;
}

function parseRecord(line: string): TokenRecord | undefined {
  const [rightText, hex = "", name = "", ...more] = line.split(/\s+/);
  const right = API_RIGHTS.find((candidate) => candidate === rightText);
  if (right === undefined || !/^[0-9a-f]{64}$/i.test(hex) || !isTokenName(name) || more.length > 0)
    return undefined;
  return { right, hash: Buffer.from(hex, "hex"), name };
}
