import { Buffer } from "node:buffer";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { Block, type BlockHash, type BlockNumber } from "./block.ts";
import { crc32c } from "./crc32c.ts";
import { ChainError } from "./errors.ts";
import { ledgerIo, syncDirectory, TEMPORARY_SUFFIX, writeFileDurably } from "./ledger-files.ts";

/** Two valid blocks of one number: the orderers have signed two chains. */
export interface ForkProof {
  readonly number: BlockNumber;
  /** Of the block that is in the ledger. */
  readonly first: BlockHash;
  readonly second: BlockHash;
}

/** Where the proofs of one channel's forks rest. */
export interface ForkStore {
  /** Resolves once both blocks are kept, or need not be: a second block is kept once, and there is a bound to all. */
  record(first: Block, second: Block): Promise<void>;
  list(): readonly ForkProof[];
}

/** How {@link ForkProofs} are kept. */
export interface ForkProofsOptions {
  /** Of the channel; the proofs are in `forks` in it. */
  readonly directory: string;
  /** More are not kept: one is enough to stop a channel, and the orderers could make any number. 16 if not given. */
  readonly proofsMax?: number;
  /** Told, on opening, which file is not a whole proof. It is left where it is. */
  readonly onDamaged?: (path: string) => void;
}

const PROOFS_DEFAULT = 16;
const HEADER_BYTES = 8;

/**
 * Fork proofs as files `NUMBER-SECONDHASH`, each written durably or not at all. A file is a CRC-32C over what follows
 * it, the length of the first block (both u32, little-endian), and the bytes of the two blocks.
 */
export class ForkProofs implements ForkStore {
  readonly #directory: string;
  readonly #proofsMax: number;
  readonly #proofs: ForkProof[] = [];
  /** Ends with the last write that was begun, whatever comes of it. */
  #recording: Promise<void> = Promise.resolve();

  private constructor(directory: string, proofsMax: number) {
    this.#directory = directory;
    this.#proofsMax = proofsMax;
  }

  /** Reads what is there. One process at a time may do so. @throws ChainError `LEDGER_IO`. */
  static async open(options: ForkProofsOptions): Promise<ForkProofs> {
    const directory = join(options.directory, "forks");
    const forks = new ForkProofs(directory, options.proofsMax ?? PROOFS_DEFAULT);
    await ledgerIo(`open the fork proofs in ${directory}`, async () => {
      await mkdir(directory, { recursive: true });
      await syncDirectory(options.directory);
      await forks.#load(options.onDamaged ?? (() => undefined));
    });
    return forks;
  }

  /**
   * @throws RangeError unless the blocks are different ones of the same number.
   * @throws ChainError `LEDGER_IO`.
   */
  async record(first: Block, second: Block): Promise<void> {
    if (first.number !== second.number || first.hash === second.hash) {
      throw new RangeError(`Blocks ${first.number} and ${second.number} are no fork`);
    }
    const recording = this.#recording.then(() => this.#write(first, second));
    this.#recording = recording.catch(() => undefined);
    await recording;
  }

  list(): readonly ForkProof[] {
    return [...this.#proofs];
  }

  /** The two blocks of a proof of the list; undefined where its file is damaged. @throws ChainError `LEDGER_IO`. */
  async read(proof: ForkProof): Promise<readonly [first: Block, second: Block] | undefined> {
    const path = this.#pathOf(proof);
    return ledgerIo(`read the fork proof ${path}`, async () => decodeProof(await readFile(path)));
  }

  async #write(first: Block, second: Block): Promise<void> {
    const proof = { number: first.number, first: first.hash, second: second.hash };
    const isKnown = this.#proofs.some(
      (known) => known.number === proof.number && known.second === proof.second,
    );
    if (isKnown || this.#proofs.length >= this.#proofsMax) return;
    const path = this.#pathOf(proof);
    await ledgerIo(`write the fork proof ${path}`, () => writeFileDurably(path, encodeProof(first, second)));
    this.#proofs.push(proof);
  }

  async #load(onDamaged: (path: string) => void): Promise<void> {
    const names = await readdir(this.#directory);
    for (const name of names.filter((other) => other.endsWith(TEMPORARY_SUFFIX)))
      await rm(join(this.#directory, name));
    for (const name of names.filter((other) => FILE_NAME.test(other)).sort()) {
      if (this.#proofs.length >= this.#proofsMax) return;
      const path = join(this.#directory, name);
      const blocks = decodeProof(await readFile(path));
      const proof = blocks && { number: blocks[0].number, first: blocks[0].hash, second: blocks[1].hash };
      if (proof !== undefined && this.#pathOf(proof) === path) this.#proofs.push(proof);
      else onDamaged(path);
    }
  }

  #pathOf(proof: ForkProof): string {
    return join(this.#directory, `${proof.number}-${proof.second}`);
  }
}

const FILE_NAME = /^\d{1,16}-[0-9a-f]{64}$/;

function encodeProof(first: Block, second: Block): Uint8Array {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(first.bytes.length, 4);
  const bytes = Buffer.concat([header, first.bytes, second.bytes]);
  bytes.writeUInt32LE(crc32c(bytes.subarray(4)));
  return bytes;
}

function decodeProof(bytes: Buffer): readonly [Block, Block] | undefined {
  if (bytes.length < HEADER_BYTES || bytes.readUInt32LE(0) !== crc32c(bytes.subarray(4))) return undefined;
  const firstEnd = HEADER_BYTES + bytes.readUInt32LE(4);
  try {
    return [Block.parse(bytes.subarray(HEADER_BYTES, firstEnd)), Block.parse(bytes.subarray(firstEnd))];
  } catch (error) {
    if (error instanceof ChainError) return undefined;
    throw error;
  }
}
