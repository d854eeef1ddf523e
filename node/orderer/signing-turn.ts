import { blockNumber, type Block, type BlockHash } from "../../chain/block.ts";
import { NodeError } from "../errors.ts";
import type { ApiClient, Submission } from "../http/api-client.ts";
import type { ApiChannel } from "../http/api-types.ts";
import { Orderer } from "./orderer.ts";
import { ordererDirectories } from "./orderer-folder.ts";
import { OrdererMemory } from "./orderer-memory.ts";
import { poll } from "../poll.ts";

/** Who signs, and how long that may wait for others. */
export interface SigningOptions {
  /** An orderer's folder, or one that holds several. */
  readonly orderers: string;
  /** How long to wait for others that sign, and then for a peer that lags; default 30 s each. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

const TIMEOUT_MS_DEFAULT = 30_000;
const ASK_INTERVAL_MS = 50;

/**
 * The right to make a channel's next block with the orderers of a folder, which one at a time has, among all
 * processes. No number is signed twice: a block is remembered before anybody sees it, and whoever comes next hands it
 * in, where its maker was killed before that. A turn makes one block at most.
 */
export class SigningTurn implements Disposable {
  readonly api: ApiClient;
  readonly orderer: Orderer;
  /** The channel as it stands at the peer, with all that was signed so far. */
  readonly tip: ApiChannel;
  readonly #memory: OrdererMemory;

  private constructor(api: ApiClient, orderer: Orderer, tip: ApiChannel, memory: OrdererMemory) {
    this.api = api;
    this.orderer = orderer;
    this.tip = tip;
    this.#memory = memory;
  }

  /**
   * Waits for its turn, and until the peer holds all that these orderers signed.
   *
   * @throws NodeError `BUSY` (others sign for too long), `TIMED_OUT` (the peer lags for too long), `REJECTED` (it
   * refuses what was signed), `ORDERER_INVALID` (it holds another chain, or they are not the channel's),
   * `FILE_UNWRITABLE`, and as `ApiClient`.
   */
  static async begin(
    api: ApiClient,
    channel: string,
    { orderers, timeoutMs = TIMEOUT_MS_DEFAULT, signal }: SigningOptions,
  ): Promise<SigningTurn> {
    const orderer = Orderer.load(orderers);
    orderer.requireChannel(channel);
    using taken = new DisposableStack();
    const memory = taken.use(await OrdererMemory.open(ordererDirectories(orderers), timeoutMs, signal));
    const tip = await tipBehind(memory, { api, channel, timeoutMs, signal });
    taken.move();
    return new SigningTurn(api, orderer, tip, memory);
  }

  /**
   * Makes the next block, one transaction a file, and signs it. It will be in the channel: who comes next hands it in,
   * unless `handIn` or `forget` do otherwise.
   *
   * @param check looks at the block before it counts as signed; what it throws is thrown, and no block was made.
   */
  async sign(files: readonly Uint8Array[], check: (block: Block) => void = () => undefined): Promise<Block> {
    const { name: channel, height, tipHash, lastConfig } = this.tip;
    const block = this.orderer.createBlock({
      channel,
      number: blockNumber(height),
      previousHash: tipHash as BlockHash,
      lastConfig,
      files,
    });
    check(block);
    await this.#memory.remember(block);
    return block;
  }

  /**
   * Hands in the block that this turn has signed. One that the peer will not have for what it is counts as never
   * signed.
   */
  async handIn(block: Block, signal?: AbortSignal): Promise<Submission> {
    const result = await this.api.submit(this.tip.name, block.bytes, signal);
    if (result.kind === "refused" && isForGood(result.status)) await this.forget();
    return result;
  }

  /** The block that this turn has signed is thrown away; nobody may have seen it. */
  async forget(): Promise<void> {
    await this.#memory.forget();
  }

  [Symbol.dispose](): void {
    this.#memory[Symbol.dispose]();
  }
}

interface Asked {
  readonly api: ApiClient;
  readonly channel: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * The channel at the peer, once that holds the last block that was signed; it is handed in again where it is the
 * next.
 */
async function tipBehind(
  memory: OrdererMemory,
  { api, channel, timeoutMs, signal }: Asked,
): Promise<ApiChannel> {
  const { last } = memory;
  let height = 0;
  const level = await poll(
    async () => {
      const tip = await api.channel(channel, signal);
      height = tip.height;
      if (last === undefined || height > last.number + 1) return tip;
      if (height === last.number + 1) return requireTip(tip, last.hash, { api, memory });
      if (height === last.number) await handInAgain(last, tip, { api, memory });
      return undefined;
    },
    { intervalMs: ASK_INTERVAL_MS, timeoutMs },
    signal,
  );
  if (level !== undefined) return level;
  throw new NodeError(
    "TIMED_OUT",
    `${api.url} has block ${height - 1} of channel ${channel}, and these orderers have signed block ${last?.number}: it ` +
      `has not caught up for ${timeoutMs} ms; ask a peer that is further, or where none is, and all peers have begun ` +
      `anew, remove ${filesOf(memory)}`,
  );
}

interface Signed {
  readonly api: ApiClient;
  readonly memory: OrdererMemory;
}

async function handInAgain(last: Block, tip: ApiChannel, signed: Signed): Promise<void> {
  requireTip(tip, last.previousHash, signed);
  const result = await signed.api.submit(tip.name, last.bytes);
  if (result.kind !== "refused") return;
  throw new NodeError(
    "REJECTED",
    `these orderers have signed block ${last.number} already, and ${signed.api.url} refuses it: ${result.message} ` +
      `[${result.code}]; mend that, or where no peer holds it, remove ${filesOf(signed.memory)}`,
  );
}

function requireTip(tip: ApiChannel, expected: BlockHash, { api, memory }: Signed): ApiChannel {
  if (tip.tipHash === expected) return tip;
  throw new NodeError(
    "ORDERER_INVALID",
    `block ${tip.height - 1} of channel ${tip.name} is ${tip.tipHash} at ${api.url}, and these orderers have signed on ` +
      `${expected}: two chains; ask another peer, or where this one's chain is the right one, remove ${filesOf(memory)}`,
  );
}

function filesOf({ files }: OrdererMemory): string {
  return files.join(", ");
}

/** The request is at fault, so that the peer has not kept the block; in a conflict it holds another one. */
function isForGood(status: number): boolean {
  return status >= 400 && status < 500 && status !== CONFLICT;
}

const CONFLICT = 409;
