/** What a caller of the API may do: look at everything; hand in blocks as well; or manage the peer itself as well. */
export type ApiRight = "read" | "submit" | "operate";

/** Each includes those before it. */
export const API_RIGHTS = ["read", "submit", "operate"] as const satisfies readonly ApiRight[];

/** Whether who has the one right may do what needs the other. */
export function includesRight(has: ApiRight, needed: ApiRight): boolean {
  return API_RIGHTS.indexOf(has) >= API_RIGHTS.indexOf(needed);
}
