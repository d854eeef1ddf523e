import { sha256 } from "../../chain/hash.ts";
import type { PeerId } from "../ports.ts";

/** Bytes of a view hash. */
const VIEW_HASH_BYTES = 8;

/**
 * A short hash of who is alive in a view: the XOR of a hash of each peer's id and incarnation, so that it follows a
 * change without a look at the others. Two peers with the same hash have nothing to tell each other; sequence numbers
 * are left out, since they always differ for a moment.
 */
export class ViewHash {
  readonly #hash = new Uint8Array(VIEW_HASH_BYTES);

  /** The bytes of the hash; they change with it. */
  get bytes(): Uint8Array {
    return this.#hash;
  }

  /** Brings a life of a peer in, or takes it out again. */
  toggle(peer: PeerId, incarnation: number): void {
    mix(this.#hash, sha256(`${peer}\n${incarnation}`));
  }

  /** Brings in all that the other has. */
  add(other: ViewHash): void {
    mix(this.#hash, other.#hash);
  }
}

function mix(hash: Uint8Array, part: Uint8Array): void {
  for (let index = 0; index < hash.length; index++) hash[index] = (hash[index] ?? 0) ^ (part[index] ?? 0);
}
