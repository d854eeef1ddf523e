import { existsSync } from "node:fs";
import { NodeError } from "../errors.ts";
import { readText, replaceFile } from "../files.ts";

/** What is said about something that is handed out. */
export interface HandOutNotes {
  readonly json: true | undefined;
  /** For programs; what is handed out is added where there is no file for it. */
  readonly report: object;
  /** For people. */
  readonly notes: readonly string[];
}

/**
 * Hands out what a command made: into the file, or on standard output. What there is to say about it goes where it does
 * not mix with that.
 *
 * @throws NodeError `FILE_UNWRITABLE`.
 */
export function handOut(text: string, file: string | undefined, { json, report, notes }: HandOutNotes): void {
  if (json === true) {
    if (file !== undefined) writeOutput(file, text);
    console.log(JSON.stringify({ ...report, ...(file === undefined ? { pem: text } : { file }) }));
    return;
  }
  if (file === undefined) {
    process.stdout.write(text);
    for (const note of notes) console.error(note);
    return;
  }
  writeOutput(file, text);
  for (const note of notes) console.log(note);
}

/** Writes a file that may be written again, but never over a private key. @throws NodeError `FILE_UNWRITABLE`. */
export function writeOutput(file: string, text: string): void {
  if (existsSync(file) && readText(file, "the output file").includes("PRIVATE KEY"))
    throw new NodeError("FILE_UNWRITABLE", `${file} holds a private key, so nothing is written there`);
  replaceFile(file, text);
}

/** The flag's value as an option of a function, left out where the flag was not given. */
export function daysOption(days: number | undefined): { readonly days?: number } {
  return days === undefined ? {} : { days };
}

/** A moment as people read it: `2027-11-25 18:57 UTC`. */
export function moment(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
