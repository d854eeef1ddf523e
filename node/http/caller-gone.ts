import type { ServerResponse } from "node:http";
import { NodeError } from "../errors.ts";

/** Aborted when the connection of a request closes, whether it has been answered or not. @param what what it asked for. */
export function callerGone(response: ServerResponse, what: string): AbortSignal {
  const gone = new AbortController();
  response.once("close", () => gone.abort(new NodeError("BAD_REQUEST", `nobody waits for ${what}`)));
  return gone.signal;
}
