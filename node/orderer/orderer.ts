import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import type { Block, BlockHash } from "../../chain/block.ts";
import { signBlock, type OrdererSigner } from "../../chain/block-signing.ts";
import { bftQuorum } from "../../chain/channel-spec.ts";
import { createConfigUpdate, type ConfigChange } from "../../chain/config-update.ts";
import {
  createTransaction,
  HEADER_TYPE,
  transactionHeader,
  type TransactionStamp,
} from "../../chain/transaction.ts";
import { NodeError } from "../errors.ts";
import { readOrdererFolders, type OrdererFolder, type OrdererSettings } from "./orderer-folder.ts";

/** What {@link Orderer.createBlock} makes a block of. */
export interface BlockRequest {
  readonly channel: string;
  /** The height of the ledger that the block goes onto; at least 1. */
  readonly number: number;
  /** Hash of the ledger's tip. */
  readonly previousHash: BlockHash;
  /** Number of the newest config block so far. */
  readonly lastConfig: number;
  /** One transaction each; at least one. */
  readonly files: readonly Uint8Array[];
}

/** Fabric's nonces are this long (protoutil, `crypto.GetRandomNonce`). */
const NONCE_BYTES = 24;

/**
 * Makes and signs a channel's blocks with the keys of its orderers, all in this process: the stand-in for an
 * ordering service in a network that has none. It keeps no state and agrees with nobody: two blocks of one number made
 * by it are both valid, which proves a fork. Several that make blocks take turns: {@link SigningTurn}.
 */
export class Orderer {
  readonly channel: string;
  readonly #settings: OrdererSettings;
  readonly #signers: readonly [OrdererSigner, ...OrdererSigner[]];

  private constructor(settings: OrdererSettings, signers: readonly [OrdererSigner, ...OrdererSigner[]]) {
    this.channel = settings.channel;
    this.#settings = settings;
    this.#signers = signers;
  }

  /**
   * Reads one orderer's folder, or a folder that holds several.
   *
   * @throws NodeError `ORDERER_INVALID` where they are orderers of different channels, or too few for a BFT quorum;
   * `MSP_INVALID`, `FILE_UNREADABLE`.
   */
  static load(directory: string): Orderer {
    const [first, ...others] = readOrdererFolders(directory);
    if (first === undefined) throw new NodeError("ORDERER_INVALID", `${directory} holds no orderer`);
    requireOneChannel(directory, first, others);
    requireQuorum(directory, [first, ...others]);
    return new Orderer(first.settings, [first.signer, ...others.map(({ signer }) => signer)]);
  }

  /**
   * The next block of these files. Bytes that are a well-formed Fabric transaction of the channel go in as they are;
   * all others are wrapped into a transaction that this orderer signs. A config transaction makes a config block.
   *
   * @throws NodeError `ORDERER_INVALID` for another channel, for no files, and for a config transaction that is not
   * alone.
   */
  createBlock({ channel, number, previousHash, lastConfig, files }: BlockRequest): Block {
    this.requireChannel(channel);
    if (files.length === 0)
      throw new NodeError("ORDERER_INVALID", "a block needs at least one transaction, so one file");
    const configs = files.filter((file) => this.#isConfig(file)).length;
    if (configs > 0 && files.length > 1) {
      throw new NodeError(
        "ORDERER_INVALID",
        `a config transaction stands alone in its block, but came with ${files.length - 1} others`,
      );
    }
    const parts = {
      number,
      previousHash: Buffer.from(previousHash, "hex"),
      transactions: files.map((file) => this.#transaction(file)),
      lastConfig: configs > 0 ? number : lastConfig,
      consensus: this.#settings.consensus,
      nonce: randomBytes(NONCE_BYTES),
    };
    return signBlock(parts, this.#signers);
  }

  /** @throws NodeError `ORDERER_INVALID` for another channel than the one that they sign for. */
  requireChannel(channel: string): void {
    if (channel === this.channel) return;
    throw new NodeError(
      "ORDERER_INVALID",
      `these orderers sign for channel ${this.channel}, not for ${channel}`,
    );
  }

  /**
   * The config transaction that makes these changes to the configuration in force, to be made a block of.
   *
   * @param block the config block in force.
   * @throws ChainError as `createConfigUpdate`.
   */
  configTransaction(block: Block, changes: readonly ConfigChange[]): Uint8Array {
    return createConfigUpdate(block, changes, this.#stamp(), this.#signers[0]);
  }

  #isConfig(file: Uint8Array): boolean {
    const header = transactionHeader(file);
    return header?.channel === this.channel && header.type === HEADER_TYPE.config;
  }

  #transaction(file: Uint8Array): Uint8Array {
    if (transactionHeader(file)?.channel === this.channel) return file;
    return createTransaction(this.channel, file, this.#signers[0], this.#stamp());
  }

  #stamp(): TransactionStamp {
    return { timestampMs: Date.now(), nonce: randomBytes(NONCE_BYTES) };
  }
}

function requireOneChannel(directory: string, first: OrdererFolder, others: readonly OrdererFolder[]): void {
  const { channel, consensus } = first.settings;
  for (const { settings } of others) {
    if (settings.channel === channel && settings.consensus === consensus) continue;
    throw new NodeError(
      "ORDERER_INVALID",
      `${directory} mixes orderers of ${channel} (${consensus}) and of ${settings.channel} (${settings.consensus})`,
    );
  }
}

function requireQuorum(directory: string, folders: readonly [OrdererFolder, ...OrdererFolder[]]): void {
  const { consensus, consenters } = folders[0].settings;
  if (consensus === "raft") return;
  const ids = new Set(folders.map(({ settings }) => settings.consenterId));
  const needed = bftQuorum(consenters);
  if (ids.size >= needed) return;
  throw new NodeError(
    "ORDERER_INVALID",
    `${directory} has the keys of ${ids.size} of ${consenters} consenters, but a BFT block needs ${needed} signatures`,
  );
}
