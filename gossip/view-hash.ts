import { sha256 } from "../chain/hash.ts";
import type { Membership } from "./membership.ts";

/** Bytes of a view hash. */
const VIEW_HASH_BYTES = 8;

/**
 * A short hash of who is alive in this view, ourselves included: the XOR of a hash of each peer's id and
 * incarnation. Two peers with the same hash have nothing to tell each other; sequence numbers are left out, since
 * they always differ for a moment.
 */
export function viewHash(membership: Membership): Uint8Array {
  const hash = new Uint8Array(VIEW_HASH_BYTES);
  const mix = (peer: string, incarnation: number) => {
    const part = sha256(`${peer}\n${incarnation}`);
    for (let index = 0; index < VIEW_HASH_BYTES; index++)
      hash[index] = (hash[index] ?? 0) ^ (part[index] ?? 0);
  };
  for (const member of membership.alive()) mix(member.peer, member.statement.incarnation);
  mix(membership.self, membership.incarnation);
  return hash;
}
