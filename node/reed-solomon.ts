import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { ReedSolomonErasure } from "@digitaldefiance/reed-solomon-erasure.wasm";
import type { ErasureCode } from "../gossip/ports.ts";

/** Reed-Solomon over bytes, at most 256 shards of data and parity together, by the Rust crate as WebAssembly. */
export class ReedSolomon implements ErasureCode {
  readonly #wasm: Uint8Array;
  readonly #encoder: ReedSolomonErasure;

  private constructor(wasm: Uint8Array) {
    this.#wasm = wasm;
    this.#encoder = ReedSolomonErasure.fromBytes(wasm);
  }

  /** Loads the code from the package; takes some milliseconds. */
  static async load(): Promise<ReedSolomon> {
    // The package's own way to its file works in CommonJS only.
    const file = fileURLToPath(import.meta.resolve("@digitaldefiance/reed-solomon-erasure.wasm/wasm"));
    return new ReedSolomon(new Uint8Array(await readFile(file)));
  }

  /** @throws RangeError for more shards than there can be, or of different lengths. */
  parity(data: readonly Uint8Array[], first: number, count: number): Uint8Array[] {
    const shards = contiguous(data, data.length + first + count);
    this.#check(this.#encoder.encode(shards.bytes, data.length, first + count));
    return split(shards).slice(data.length + first);
  }

  /** @throws RangeError as `parity`. */
  restore(shards: readonly (Uint8Array | undefined)[], dataCount: number): readonly Uint8Array[] | undefined {
    const isThere = shards.map((shard) => shard !== undefined);
    if (isThere.filter(Boolean).length < dataCount) return undefined;
    if (shards.length === dataCount) return shards.filter((shard) => shard !== undefined);
    const all = contiguous(shards, shards.length);
    // Each time in memory of its own: the package gives one of its buffers back twice, after which the next result may
    // be wrong. It is needed only where relays have failed, and costs a millisecond or two.
    const decoder = ReedSolomonErasure.fromBytes(this.#wasm);
    this.#check(decoder.reconstruct(all.bytes, dataCount, shards.length - dataCount, isThere));
    return split(all).slice(0, dataCount);
  }

  #check(result: number): void {
    if (result !== ReedSolomonErasure.RESULT_OK)
      throw new RangeError(`the erasure code failed with ${result}`);
  }
}

/** Of data and parity together: one for each value of a byte. */
const SHARDS_MAX = 256;

interface Shards {
  readonly bytes: Uint8Array;
  readonly shardBytes: number;
}

/** The shards one after the other, with zeros for those that are not there. */
function contiguous(shards: readonly (Uint8Array | undefined)[], count: number): Shards {
  if (count > SHARDS_MAX) throw new RangeError(`${count} shards, more than ${SHARDS_MAX}`);
  const shardBytes = shards.find((shard) => shard !== undefined)?.length ?? 0;
  const bytes = new Uint8Array(count * shardBytes);
  shards.forEach((shard, index) => {
    if (shard !== undefined && shard.length !== shardBytes)
      throw new RangeError("shards of different lengths");
    if (shard !== undefined) bytes.set(shard, index * shardBytes);
  });
  return { bytes, shardBytes };
}

function split({ bytes, shardBytes }: Shards): Uint8Array[] {
  return Array.from({ length: bytes.length / shardBytes }, (_, index) =>
    bytes.subarray(index * shardBytes, (index + 1) * shardBytes),
  );
}
