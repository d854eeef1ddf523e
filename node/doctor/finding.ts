/** What one look at a peer's surroundings has found. */
export interface Finding {
  /** What was looked at, in a word or two. */
  readonly check: string;
  /** skip: it was not looked at; the message says why. */
  readonly state: "ok" | "warn" | "fail" | "skip";
  readonly message: string;
  /** What to do about it. */
  readonly advice?: string;
}

/** All that is well. */
export function ok(check: string, message: string): Finding {
  return { check, state: "ok", message };
}

/** It works, and somebody should see to it. */
export function warn(check: string, message: string, advice: string): Finding {
  return { check, state: "warn", message, advice };
}

/** The peer cannot do its work like this. */
export function fail(check: string, message: string, advice: string): Finding {
  return { check, state: "fail", message, advice };
}

/** It was not looked at. */
export function skip(check: string, why: string): Finding {
  return { check, state: "skip", message: why };
}
