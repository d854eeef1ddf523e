import type { SignedStatement } from "./messages.ts";

/** Splits a list, in its order, into lists of at most so many bytes; what is larger by itself is alone in its own. */
export function inBatches<T>(items: readonly T[], bytesMax: number, bytesOf: (item: T) => number): T[][] {
  const lists: T[][] = [];
  let bytes = Infinity;
  for (const item of items) {
    const size = bytesOf(item);
    if (bytes + size > bytesMax) {
      lists.push([]);
      bytes = 0;
    }
    lists.at(-1)?.push(item);
    bytes += size;
  }
  return lists;
}

/** Payload and signature. */
export function statementBytes({ payload, signature }: SignedStatement): number {
  return payload.length + signature.length;
}
