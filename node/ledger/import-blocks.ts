import { Block, blockNumber } from "../../chain/block.ts";
import { ChainCheck } from "../../chain/chain-check.ts";
import { ChainError } from "../../chain/errors.ts";
import type { Ledger } from "../../chain/ledger.ts";
import { NodeError } from "../errors.ts";

/** What became of the blocks that were imported. */
export interface ImportReport {
  /** New in the ledger. */
  readonly stored: number;
  /** Held before, and the same. */
  readonly held: number;
}

/** So many blocks may wait to be written, or as many as have so many bytes. */
const WAITING_MAX = 256;
const WAITING_BYTES_MAX = 16 * 2 ** 20;

/**
 * Takes serialized blocks into a ledger that holds genesis at least, each verified as a peer verifies it. Those that
 * are held are compared and passed over, so an import that was interrupted is repeated as a whole.
 *
 * @throws NodeError `REJECTED` where a block is bad, of another chain, or further ahead than the next; those before it
 * are stored. What the source throws; ChainError `LEDGER_IO`.
 */
export async function importBlocks(ledger: Ledger, blocks: AsyncIterable<Uint8Array>): Promise<ImportReport> {
  const before = ledger.height;
  const check = await ChainCheck.before(ledger, before);
  const writes = new Writes(ledger);
  let next = before;
  let held = 0;
  try {
    for await (const bytes of blocks) {
      const block = judged(() => Block.parse(bytes), `behind block ${next - 1}`);
      if (block.number < before) {
        await requireSame(ledger, block);
        held++;
      } else if (block.number >= next) {
        judged(() => check.accept(block), `block ${block.number}`);
        await writes.add(block);
        next++;
      }
    }
  } finally {
    await writes.end();
  }
  return { stored: next - before, held };
}

function judged<T>(judge: () => T, what: string): T {
  try {
    return judge();
  } catch (cause) {
    if (!(cause instanceof ChainError)) throw cause;
    throw refused(`${what}: ${cause.message} [${cause.code}]`, cause);
  }
}

async function requireSame(ledger: Ledger, block: Block): Promise<void> {
  const { hash } = await ledger.read(blockNumber(block.number));
  if (hash === block.hash) return;
  throw refused(`block ${block.number} is ${block.hash}, and the ledger holds ${hash}: they are two chains`);
}

function refused(message: string, cause?: unknown): NodeError {
  return new NodeError("REJECTED", `${message}; what came before it is stored`, { cause });
}

/** Appends that are on their way, so that many are written at once. */
class Writes {
  readonly #ledger: Ledger;
  #waiting: Promise<void>[] = [];
  #bytes = 0;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  async add(block: Block): Promise<void> {
    const write = this.#ledger.append(block);
    // Whoever waits is told; nobody may be waiting yet.
    write.catch(() => undefined);
    this.#waiting.push(write);
    this.#bytes += block.bytes.length;
    if (this.#waiting.length >= WAITING_MAX || this.#bytes >= WAITING_BYTES_MAX) await this.end();
  }

  async end(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#bytes = 0;
    await Promise.all(waiting);
  }
}
