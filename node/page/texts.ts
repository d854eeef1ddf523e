import type { ApiMember } from "../http/api-types.ts";
import type { ApiArrival } from "../http/journey-types.ts";

type Origin = ApiArrival["origin"];

/** How a block came, for people; colours and legends go by it too. */
export const WAYS: Readonly<Record<Origin, { readonly name: string; readonly meaning: string }>> = {
  publish: { name: "handed in", meaning: "the block entered the network here" },
  source: { name: "block source", meaning: "fetched from an ordering service" },
  push: { name: "push", meaning: "passed on whole, unasked" },
  chunks: { name: "chunks", meaning: "put together from chunks of several relays" },
  want: { name: "digest", meaning: "asked for after a digest of what others hold" },
  pull: { name: "pull", meaning: "mended by anti-entropy" },
  "state-transfer": { name: "state transfer", meaning: "fetched in a range while catching up" },
  repair: { name: "repair", meaning: "taken in a ring of repair" },
};

/** `12D3KooWAbCd…`, to tell peers apart that have no name here. */
export function shortId(peer: string): string {
  return peer.length > 14 ? `…${peer.slice(-8)}` : peer;
}

/** The name of a peer, or its id where nothing is known of it. */
export function nameOf(members: readonly ApiMember[], peer: string): string {
  return members.find((member) => member.peer === peer)?.name || shortId(peer);
}

/** `Org1MSP` is `Org1`. */
export function organisationName({ organisation }: Pick<ApiMember, "organisation">): string {
  return organisation?.replace(/MSP$/, "") ?? "no organisation";
}

/** `850 µs`, `4.2 ms`, `380 ms`, `1.2 s`. */
export function duration(ms: number): string {
  if (ms < 1) return `${Math.round(ms * 1_000)} µs`;
  if (ms < 100) return `${ms.toFixed(1)} ms`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
}

/** `1.2 MB`. */
export function size(bytes: number): string {
  if (bytes < 1_000) return `${Math.round(bytes)} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** `14:03:22`, local time. */
export function clockTime(at: number | string): string {
  return new Date(at).toLocaleTimeString(undefined, { hour12: false });
}

/** `1 peer`, `2 peers`. */
export function count(number: number, one: string): string {
  return `${number} ${one}${number === 1 ? "" : "s"}`;
}
