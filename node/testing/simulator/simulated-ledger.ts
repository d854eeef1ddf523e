import type { Block, BlockHash, BlockNumber } from "../../../chain/block.ts";
import { ChainError } from "../../../chain/errors.ts";
import { isMendedBy } from "../../../chain/mend-check.ts";
import type { Ledger } from "../../../chain/ledger.ts";
import type { Clock } from "../../../gossip/ports.ts";

/** What survives a crash. */
export interface SimulatedDisk {
  readonly blocks: Block[];
  /** Numbers of the blocks whose stored bytes have changed. */
  readonly rotten?: Set<number>;
}

/** How fast a simulated disk is. */
export interface DiskSpeed {
  /** How long one durable write takes, whatever waits for it together. */
  readonly writeMs: number;
}

/** A ledger in memory behind the port, with a disk that takes its time and that loses what it has not confirmed. */
export class SimulatedLedger implements Ledger {
  readonly #disk: SimulatedDisk;
  readonly #clock: Clock;
  readonly #speed: () => DiskSpeed;
  readonly #waiting: { readonly block: Block; readonly done: PromiseWithResolvers<void> }[] = [];
  #isWriting = false;

  constructor(disk: SimulatedDisk, clock: Clock, speed: () => DiskSpeed) {
    this.#disk = disk;
    this.#clock = clock;
    this.#speed = speed;
  }

  get height(): number {
    return this.#disk.blocks.length;
  }

  get tipHash(): BlockHash | undefined {
    return this.#disk.blocks.at(-1)?.hash;
  }

  append(block: Block): Promise<void> {
    const last = this.#waiting.at(-1)?.block ?? this.#disk.blocks.at(-1);
    const expected = last === undefined ? 0 : last.number + 1;
    if (block.number !== expected) {
      return Promise.reject(
        new ChainError("OUT_OF_ORDER", `block ${block.number} where ${expected} is next`),
      );
    }
    if (last !== undefined && block.previousHash !== last.hash) {
      return Promise.reject(new ChainError("BROKEN_LINK", `block ${block.number} names another predecessor`));
    }
    const done = Promise.withResolvers<void>();
    this.#waiting.push({ block, done });
    this.#write();
    return done.promise;
  }

  read(number: BlockNumber): Promise<Block> {
    const block = this.#disk.blocks[number];
    if (block === undefined) return Promise.reject(new ChainError("NOT_HELD", `block ${number} is not held`));
    if (this.#isRotten(number)) return Promise.reject(corrupt(number));
    return Promise.resolve(block);
  }

  readRange(first: BlockNumber, end: number, bytesMax: number): Promise<readonly Uint8Array[]> {
    const blocks: Uint8Array[] = [];
    let bytes = 0;
    if (this.#isRotten(first)) return Promise.reject(corrupt(first));
    for (const block of this.#disk.blocks.slice(first, Math.max(end, first + 1))) {
      if (this.#isRotten(block.number)) break;
      bytes += block.bytes.length;
      if (blocks.length > 0 && bytes > bytesMax) break;
      blocks.push(block.bytes);
    }
    if (blocks.length === 0) return Promise.reject(new ChainError("NOT_HELD", `block ${first} is not held`));
    return Promise.resolve(blocks);
  }

  async mend(block: Block): Promise<boolean> {
    if (!(await isMendedBy(this, block))) return false;
    const written = Promise.withResolvers<void>();
    this.#clock.schedule(this.#speed().writeMs, () => written.resolve());
    await written.promise;
    this.#disk.blocks[block.number] = block;
    this.#disk.rotten?.delete(block.number);
    return true;
  }

  #isRotten(number: number): boolean {
    return this.#disk.rotten?.has(number) === true;
  }

  #write(): void {
    if (this.#isWriting || this.#waiting.length === 0) return;
    this.#isWriting = true;
    const count = this.#waiting.length;
    this.#clock.schedule(this.#speed().writeMs, () => {
      this.#isWriting = false;
      for (const { block, done } of this.#waiting.splice(0, count)) {
        this.#disk.blocks.push(block);
        done.resolve();
      }
      this.#write();
    });
  }
}

function corrupt(number: number): ChainError {
  return new ChainError("LEDGER_CORRUPT", `block ${number} is not what was written`);
}
