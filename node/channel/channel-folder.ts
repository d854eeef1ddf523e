import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import { Block, blockNumber, type BlockHash } from "../../chain/block.ts";
import { verifyGenesis } from "../../chain/block-verification.ts";
import { BlockVerifier } from "../../chain/block-verifier.ts";
import { ChannelConfig } from "../../chain/channel-config.ts";
import { isChannelName } from "../../chain/channel-spec.ts";
import { ChainError } from "../../chain/errors.ts";
import { FileLedger } from "../../chain/file-ledger.ts";
import { ForkProofs } from "../../chain/fork-proofs.ts";
import { channelIdOf } from "../../gossip/channel/channel-tag.ts";
import type { ChannelId } from "../../gossip/ports.ts";
import { NodeError } from "../errors.ts";
import { reason } from "../files.ts";
import { logLedger } from "../logs/ledger-log.ts";

/** A channel to join: its genesis block, verified, and what that says. */
export interface ChannelGenesis {
  readonly name: string;
  readonly id: ChannelId;
  readonly block: Block;
}

/** A channel's part of the data folder. */
export interface ChannelFolder extends ChannelGenesis {
  /** Holds the genesis block at least. */
  readonly ledger: FileLedger;
  /** Knows the configuration at the ledger's tip. */
  readonly verifier: BlockVerifier;
  readonly forks: ForkProofs;
}

/**
 * Reads a genesis block's file.
 *
 * @throws NodeError `FILE_UNREADABLE`; ChainError where the block is no genesis block of a channel; both name the file.
 */
export async function readGenesis(path: string): Promise<ChannelGenesis> {
  const bytes = await readBlockFile(path);
  try {
    const block = Block.parse(bytes);
    verifyGenesis(block);
    const { channel: name } = ChannelConfig.fromBlock(block);
    // It names a folder from now on.
    if (!isChannelName(name)) {
      throw new ChainError(
        "MALFORMED_CONFIG",
        `${JSON.stringify(name)} is no channel's name by Fabric's rule`,
      );
    }
    return { name, id: channelIdOf(name, block), block };
  } catch (cause) {
    if (!(cause instanceof ChainError)) throw cause;
    throw new ChainError(cause.code, `${path} is no genesis block: ${cause.message}`, { cause });
  }
}

/**
 * Opens the ledger and the fork proofs of a channel in the data folder, or begins them; the ledger is the caller's to
 * close.
 *
 * @throws ChainError `LEDGER_MISMATCH` where the ledger there is of another channel, and what `FileLedger.open` throws.
 */
export async function openChannelFolder(
  genesis: ChannelGenesis,
  data: string,
  logger: Logger,
): Promise<ChannelFolder> {
  const directory = join(data, "channels", genesis.name);
  const onEvent = logLedger(logger, genesis.name);
  await using opened = new AsyncDisposableStack();
  const ledger = opened.use(await FileLedger.open({ directory: join(directory, "ledger"), onEvent }));
  if (ledger.height === 0) await ledger.append(genesis.block);
  else await requireGenesis(ledger, genesis, directory);
  const verifier = await BlockVerifier.load(ledger);
  const onDamaged = (path: string) =>
    logger.warn({ channel: genesis.name }, `${path} is no whole fork proof`);
  const forks = await ForkProofs.open({ directory, onDamaged });
  opened.move();
  return { ...genesis, ledger, verifier, forks };
}

/** As much as Fabric lets any message have (100 MiB). */
const BLOCK_FILE_BYTES_MAX = 100 << 20;

async function readBlockFile(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > BLOCK_FILE_BYTES_MAX)
      throw new Error(`it has ${size} bytes, and no block has more than ${BLOCK_FILE_BYTES_MAX}`);
    return new Uint8Array(await readFile(path));
  } catch (cause) {
    throw new NodeError("FILE_UNREADABLE", `the genesis block ${path} cannot be read: ${reason(cause)}`, {
      cause,
    });
  }
}

async function requireGenesis(ledger: FileLedger, genesis: ChannelGenesis, directory: string): Promise<void> {
  const hash = await hashOfGenesis(ledger, genesis.block);
  if (hash === genesis.block.hash) return;
  throw new ChainError(
    "LEDGER_MISMATCH",
    `${directory} holds the ledger of another channel ${genesis.name}: its genesis block is ${hash}, and the one given is ${genesis.block.hash}; name another data folder`,
  );
}

/** Where the ledger's is damaged, it is mended by the one given. */
async function hashOfGenesis(ledger: FileLedger, given: Block): Promise<BlockHash> {
  try {
    return (await ledger.read(blockNumber(0))).hash;
  } catch (error) {
    if (!(error instanceof ChainError) || error.code !== "LEDGER_CORRUPT") throw error;
    await ledger.mend(given);
    return given.hash;
  }
}
