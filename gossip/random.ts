import type { Random } from "./ports.ts";

/** `count` different items of the list in random order, or all of them where there are fewer. */
export function sample<T>(items: readonly T[], count: number, random: Random): T[] {
  const pool = [...items];
  const wanted = Math.min(count, pool.length);
  for (let index = 0; index < wanted; index++) {
    const other = index + Math.floor(random() * (pool.length - index));
    const chosen = pool[other] as T;
    pool[other] = pool[index] as T;
    pool[index] = chosen;
  }
  return pool.slice(0, wanted);
}
