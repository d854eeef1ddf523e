import { blockHash, type Block } from "./block.ts";
import { blockSignatures, parseMetadata } from "./block-signatures.ts";
import type { ChannelConfig } from "./channel-config.ts";
import { channelOf, isConfigBlock } from "./channel-header.ts";
import { ChainError } from "./errors.ts";
import { sha256OfAll } from "./hash.ts";
import { lastBytes, lastVarint } from "./last-field.ts";
import { protobufFields, type ProtobufField } from "./protobuf-fields.ts";

/** Fabric's ledger addresses all of them by index, the last is the commit hash. */
const METADATA_ENTRIES = 5;

/**
 * Whether the block is whole and belongs to the channel: all that can be said of a block on its own, without knowing
 * who may sign (Fabric, internal/peer/gossip/mcs.go `VerifyBlock`).
 *
 * @throws ChainError `MALFORMED_BLOCK`, `WRONG_CHANNEL`, `MISSING_METADATA`, `MALFORMED_TRANSACTION`,
 * `WRONG_DATA_HASH`.
 */
export function verifyWellFormed(block: Block, channel: string): void {
  const actual = channelOf(block);
  if (actual !== channel) {
    const named = JSON.stringify(actual.slice(0, 250));
    throw new ChainError(
      "WRONG_CHANNEL",
      `block ${block.number} belongs to channel ${named}, not "${channel}"`,
    );
  }
  if (block.metadata.length === 0)
    throw new ChainError("MISSING_METADATA", `block ${block.number} has no metadata`);
  // No other transaction can have been in the block that such a one was taken from.
  if (!isConfigBlock(block))
    block.transactions.forEach((transaction, index) => verifyEnvelope(transaction, index, block));
  verifyDataHash(block);
}

/**
 * Whether enough orderers signed the block.
 *
 * @throws ChainError `UNSATISFIED_POLICY`; `MISSING_METADATA` and `MALFORMED_BLOCK` where the signatures cannot be
 * read.
 */
export function verifySignatures(block: Block, config: ChannelConfig): void {
  const signatures = blockSignatures(block, config);
  const { isSatisfied, dropped } = config.blockValidation.evaluate(signatures);
  if (isSatisfied) return;
  const reasons = dropped.length === 0 ? "" : `; not counted: ${dropped.slice(0, 4).join(", ")}`;
  throw new ChainError(
    "UNSATISFIED_POLICY",
    `the ${signatures.length} signatures of block ${block.number} do not satisfy BlockValidation of config block ${config.blockNumber}${reasons}`,
  );
}

/**
 * Whether the block is the one behind `previous`, and has all the metadata that Fabric's ledger wants from a block
 * after genesis.
 *
 * @throws ChainError `WRONG_NUMBER`, `BROKEN_LINK`, `MISSING_METADATA`.
 */
export function verifyLink(previous: { readonly number: number; readonly hash: string }, block: Block): void {
  if (block.number !== previous.number + 1)
    throw new ChainError("WRONG_NUMBER", `block ${block.number} does not follow block ${previous.number}`);
  if (block.previousHash !== previous.hash) {
    throw new ChainError(
      "BROKEN_LINK",
      `block ${block.number} names ${block.previousHash.slice(0, 64)} as its predecessor, but block ${previous.number} is ${previous.hash}`,
    );
  }
  if (block.metadata.length < METADATA_ENTRIES) {
    throw new ChainError(
      "MISSING_METADATA",
      `block ${block.number} has ${block.metadata.length} metadata entries, not ${METADATA_ENTRIES}`,
    );
  }
}

/**
 * Whether a block can be the first of a channel. Nobody has signed it: whoever hands it in vouches for it.
 *
 * @throws ChainError `WRONG_NUMBER`, `BROKEN_LINK`, `MALFORMED_CONFIG` (it is no config block), `WRONG_DATA_HASH`.
 */
export function verifyGenesis(block: Block): void {
  if (block.number !== 0)
    throw new ChainError("WRONG_NUMBER", `block ${block.number} is no genesis block, which is 0`);
  if (block.previousHash !== "") throw new ChainError("BROKEN_LINK", "the genesis block names a predecessor");
  if (!isConfigBlock(block)) throw new ChainError("MALFORMED_CONFIG", "the genesis block is no config block");
  verifyDataHash(block);
}

/**
 * The number of the newest config block up to this block, itself included, as its orderers wrote it down; undefined
 * where they did not (Fabric, protoutil/blockutils.go `GetLastConfigIndexFromBlock`). It is no more to be believed than
 * the block's signatures.
 */
export function lastConfigNumber(block: Block): number | undefined {
  try {
    const [signatures, lastConfig] = block.metadata;
    const { value } = parseMetadata(signatures ?? new Uint8Array(0));
    // OrdererBlockMetadata.last_config, and LastConfig.index in it. Orderers before Fabric 1.4.1 left the value empty and
    // filled the metadata entry of its own.
    if (value.length > 0) return lastConfigIndex(lastBytes(value, 1));
    return lastConfig === undefined || lastConfig.length === 0
      ? undefined
      : lastConfigIndex(parseMetadata(lastConfig).value);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function lastConfigIndex(message: Uint8Array | undefined): number | undefined {
  if (message === undefined) return undefined;
  const index = Number(lastVarint(message, 1));
  return Number.isSafeInteger(index) ? index : undefined;
}

/**
 * The data hash is over the transactions' bytes one after the other, so it does not say where one ends; that only one
 * division gives well-formed transactions does (CVE-2023-46132; protoutil/blockutils.go
 * `VerifyTransactionsAreWellFormed`). An Envelope is well-formed if Go writes it as it stands: payload and signature,
 * both there, both in shortest form, then fields that Go does not know and leaves alone.
 */
function verifyEnvelope(transaction: Uint8Array, index: number, block: Block): void {
  const refuse = (what: string, cause?: unknown): ChainError =>
    new ChainError("MALFORMED_TRANSACTION", `transaction ${index} of block ${block.number} ${what}`, {
      cause,
    });
  try {
    let position = 0;
    for (const field of protobufFields(transaction)) {
      const isKnown = field.wireType === 2 && field.number <= 2;
      if (position < 2 && (!isKnown || field.number !== position + 1 || !isShortest(field)))
        throw refuse("does not begin with payload and signature");
      if (position >= 2 && isKnown) throw refuse("has a second payload or signature");
      if (isKnown && field.bytes.length === 0) throw refuse("has an empty payload or signature");
      position++;
    }
    if (position < 2) throw refuse("has no payload or no signature");
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw refuse(`is no Envelope: ${cause.message}`, cause);
  }
}

/** Whether a field of number 1 or 2 has a tag of one byte and a length without leading zeros. */
function isShortest({ start, end, bytes }: ProtobufField): boolean {
  const lengthBytes = Math.max(1, Math.ceil((32 - Math.clz32(bytes.length)) / 7));
  return end - start === 1 + lengthBytes + bytes.length;
}

/** @throws ChainError `WRONG_DATA_HASH` where the transactions are not those that the header names. */
export function verifyDataHash(block: Block): void {
  const actual = blockHash(sha256OfAll(block.transactions));
  if (actual !== block.dataHash) {
    throw new ChainError(
      "WRONG_DATA_HASH",
      `the transactions of block ${block.number} hash to ${actual}, but its header says ${block.dataHash.slice(0, 64)}`,
    );
  }
}
