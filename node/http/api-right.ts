/** What a caller of the API may do: look at everything, or hand in blocks as well. */
export type ApiRight = "read" | "submit";

export const API_RIGHTS = ["read", "submit"] as const satisfies readonly ApiRight[];

/** Whether who has the one right may do what needs the other. */
export function includesRight(has: ApiRight, needed: ApiRight): boolean {
  return has === "submit" || needed === "read";
}
