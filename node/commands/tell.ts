import { printable } from "./printable.ts";

/** Says on standard output what was done: for people line by line, for programs as one JSON object in a line. */
export function tell(json: true | undefined, report: object, lines: readonly string[]): void {
  if (json === true) console.log(JSON.stringify(report));
  else for (const line of lines) console.log(printable(line));
}
