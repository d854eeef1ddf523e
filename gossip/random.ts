import type { Random } from "./ports.ts";

/** `count` different items of the list in random order, or all of them where there are fewer. */
export function sample<T>(items: readonly T[], count: number, random: Random): T[] {
  const wanted = Math.min(count, items.length);
  // Fisher-Yates on the list as it would be: only what has moved is kept, since a few are drawn from many.
  const moved = new Map<number, number>();
  const chosen: T[] = [];
  for (let index = 0; index < wanted; index++) {
    const other = index + Math.floor(random() * (items.length - index));
    chosen.push(items[moved.get(other) ?? other] as T);
    moved.set(other, moved.get(index) ?? index);
  }
  return chosen;
}
