import type { RunBlock } from "./run-blocks.ts";

const TIME = String.raw`\d[\d.,]* (?:ms|s|min|h)\b`;
const SIZE = String.raw`\d[\d.,]* (?:[kMG]i?)?B\b`;

/** What is another in every run: how it looks in a document, and what stands for it in the output. */
const VARIABLE: readonly (readonly [shown: string, actual: string])[] = [
  ["…", ".*"],
  [" {2,}", " +"],
  [String.raw`12D3KooW\w+`, String.raw`12D3KooW\w+`],
  [
    String.raw`\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?`,
    String.raw`\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?`,
  ],
  [String.raw`\b(?:[0-9a-f]{8,64}|[0-9A-F]{8,64})\b(?:\.\d+)?`, String.raw`[\da-fA-F]{8,64}(?:\.\d+)?`],
  [TIME, TIME],
  [SIZE, SIZE],
  // On a busy machine a neighbour is suspect for a moment.
  [String.raw`\b\d+ alive\b`, String.raw`\d+ alive\b.*`],
  [String.raw`\d[\d.]* %`, String.raw`\d[\d.]* %`],
];

const SHOWN = new RegExp(VARIABLE.map(([shown]) => `(${shown})`).join("|"), "g");

/**
 * The output, with the document's line in the place of each line that is as it shows. Equal to what is shown where all of it
 * came; else a comparison has the first line that is another.
 *
 * `…` stands for anything, a line of it for any lines. Hashes, peer ids, dates, times and sizes stand for any of theirs,
 * spaces for as many as a table takes, numbers of `any` for any number.
 */
export function asShown(
  output: readonly string[],
  shown: readonly string[],
  { any, isUnordered }: Pick<RunBlock, "any" | "isUnordered">,
): readonly string[] {
  if (isUnordered) return asShownInAnyOrder(output, shown, any);
  const told: string[] = [];
  let at = 0;
  for (const [index, line] of shown.entries()) {
    if (line === "…") {
      const next = shown[index + 1];
      const found = next === undefined ? output.length : firstLike(output, at, lineLike(next, any));
      if (found < 0) return [...told, ...output.slice(at)];
      at = found;
    } else {
      const actual = output[at];
      if (actual === undefined || !lineLike(line, any).test(actual)) return [...told, ...output.slice(at)];
      at++;
    }
    told.push(line);
  }
  return [...told, ...output.slice(at)];
}

function asShownInAnyOrder(
  output: readonly string[],
  shown: readonly string[],
  any: ReadonlySet<string>,
): readonly string[] {
  const rest = [...output];
  const told = shown.filter((line) => {
    const found = firstLike(rest, 0, lineLike(line, any));
    if (found >= 0) rest.splice(found, 1);
    return found >= 0;
  });
  return [...told, ...rest];
}

function firstLike(output: readonly string[], from: number, like: RegExp): number {
  return output.findIndex((line, index) => index >= from && like.test(line));
}

function lineLike(shown: string, any: ReadonlySet<string>): RegExp {
  let pattern = "";
  let from = 0;
  for (const match of shown.matchAll(SHOWN)) {
    const kind = match.slice(1).findIndex((group) => group !== undefined);
    pattern += literally(shown.slice(from, match.index), any) + VARIABLE[kind]![1];
    from = match.index + match[0].length;
  }
  return new RegExp(`^${pattern}${literally(shown.slice(from), any)}$`);
}

function literally(text: string, any: ReadonlySet<string>): string {
  return text
    .split(/(\d+)/)
    .map((part) => (any.has(part) ? String.raw`\d+` : part.replaceAll(/[^\w\s]/g, String.raw`\$&`)))
    .join("");
}
