import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { crc32c } from "./crc32c.ts";
import { ChainError } from "./errors.ts";
import { segmentSizes, syncDirectory, writeFileDurably } from "./ledger-files.ts";
import { MARKER_BYTES } from "./ledger-record.ts";

const VERSION = 1;

/**
 * Reads the `format` file of the ledger in `directory`, or writes it durably where there is no ledger yet.
 * The file is text of three lines: `blockgossip-ledger VERSION`, `marker HEX` and `crc32c HEX` over the two before.
 * Returns the marker of the ledger's records.
 *
 * @throws ChainError `LEDGER_FORMAT` for a version that is not known here, a damaged file, and segments without one.
 */
export async function openLedgerFormat(directory: string): Promise<Uint8Array> {
  const path = join(directory, "format");
  const text = await readFile(path, "latin1").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    throw cause;
  });
  if (text !== undefined) return parseFormat(path, text);
  if ((await segmentSizes(directory)).some((size) => size > 0)) {
    throw new ChainError(
      "LEDGER_FORMAT",
      `${path} is missing beside the block files; put it back from a backup`,
    );
  }
  const marker = randomBytes(MARKER_BYTES);
  await writeFileDurably(path, Buffer.from(formatText(marker)));
  await syncDirectory(dirname(directory));
  return marker;
}

function parseFormat(path: string, text: string): Uint8Array {
  const version = /^blockgossip-ledger (\d{1,9})\n/.exec(text)?.[1];
  if (version !== undefined && Number(version) !== VERSION) {
    throw new ChainError(
      "LEDGER_FORMAT",
      `${path} is of ledger format ${version} and this program reads format ${VERSION}: ` +
        "start the version of the program that wrote it, or a newer one",
    );
  }
  const marker = Buffer.from(/\nmarker ([0-9a-f]{16})\n/.exec(text)?.[1] ?? "", "hex");
  if (marker.length === MARKER_BYTES && text === formatText(marker)) return marker;
  throw new ChainError(
    "LEDGER_FORMAT",
    `${path} is not what a ledger writes there; put it back from a backup`,
  );
}

function formatText(marker: Uint8Array): string {
  const lines = `blockgossip-ledger ${VERSION}\nmarker ${Buffer.from(marker).toString("hex")}\n`;
  return `${lines}crc32c ${crc32c(Buffer.from(lines)).toString(16).padStart(8, "0")}\n`;
}
