import { Buffer } from "node:buffer";
import { createBlock, type Block } from "../../chain/block.ts";

/**
 * Blocks 0 to `count` - 1, each naming the one before it, unsigned, with one transaction of `transactionBytes(number)`
 * bytes. The same arguments give the same blocks; another `salt` gives another chain.
 */
export function chainOfBlocks(
  count: number,
  transactionBytes: (number: number) => number = () => 100,
  salt = 0,
): Block[] {
  const blocks: Block[] = [];
  for (let number = 0; number < count; number++) {
    blocks.push(
      createBlock({
        number,
        previousHash: Buffer.from(blocks.at(-1)?.hash ?? "", "hex"),
        transactions: [noise(transactionBytes(number), number + 1000 * salt)],
        metadata: [Buffer.of(number % 256, 1, 2, 3)],
      }),
    );
  }
  return blocks;
}

/** Bytes that look random, by xorshift, so that no stretch of them is zero. */
function noise(length: number, seed: number): Uint8Array {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  return Uint8Array.from({ length }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0xff;
  });
}
