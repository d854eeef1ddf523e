import configPb from "@hyperledger/fabric-protos/lib/common/configtx_pb.js";
import { createBlock, type Block } from "./block.ts";
import type { Signer } from "./block-signing.ts";
import { isChannelName, type ChannelSpec } from "./channel-spec.ts";
import { channelGroup } from "./channel-group.ts";
import { ChainError } from "./errors.ts";
import { lengthDelimited } from "./protobuf-fields.ts";
import { createEnvelope, HEADER_TYPE, type TransactionStamp } from "./transaction.ts";

/**
 * Block 0 of a new channel: one unsigned config transaction, sequence 0, as `configtxgen` writes it for channels that
 * orderers and peers join directly (Fabric v2.3 and later). It is the only thing a peer has to trust.
 *
 * @throws ChainError `MALFORMED_CONFIG` where the spec describes no usable channel.
 */
export function createGenesis(spec: ChannelSpec, stamp: TransactionStamp): Block {
  const empty = new Uint8Array(0);
  // Fabric puts an empty OrdererBlockMetadata where later blocks have the orderers' signatures.
  const signatures = lengthDelimited(1, lengthDelimited(1, empty));
  return createBlock({
    number: 0,
    previousHash: empty,
    transactions: [createConfigTransaction(spec, 0, stamp)],
    metadata: [signatures, empty, empty, empty, empty],
  });
}

/**
 * The config transaction that puts this configuration in force. A block that holds it and nothing else is a config
 * block; `signBlock` signs it under the configuration before it.
 *
 * It carries no signed update (`last_update`) and its elements stay at version 0: what believes the orderers' block
 * signatures takes it, a Fabric peer would also ask who asked for the change.
 *
 * @param sequence 0 for genesis, one more with each change.
 * @param signer who signs the envelope: an orderer; nobody for genesis.
 * @throws ChainError `MALFORMED_CONFIG` where the spec describes no usable channel.
 */
export function createConfigTransaction(
  spec: ChannelSpec,
  sequence: number,
  stamp: TransactionStamp,
  signer?: Signer,
): Uint8Array {
  checkSpec(spec);
  const config = new configPb.Config();
  config.setSequence(sequence);
  config.setChannelGroup(channelGroup(spec));
  const envelope = new configPb.ConfigEnvelope();
  envelope.setConfig(config);
  return createEnvelope(
    { channel: spec.channel, type: HEADER_TYPE.config, data: envelope.serializeBinary() },
    stamp,
    signer,
  );
}

function checkSpec({ channel, organisations, ordering }: ChannelSpec): void {
  if (!isChannelName(channel)) {
    throw malformed(
      `${JSON.stringify(channel)} is no channel name: up to 249 characters of a-z, 0-9, "." and "-" that begin with a letter`,
    );
  }
  requireDistinct(
    "organisations named",
    organisations.map(({ name }) => name),
  );
  requireDistinct(
    "MSPs called",
    [...organisations, ordering.organisation].map(({ mspId }) => mspId),
  );
  requireDistinct(
    "consenters with the id",
    ordering.consenters.map(({ id }) => `${id}`),
  );
  if (ordering.consenters.length === 0) throw malformed("a channel without orderers");
  for (const { name, rootCertificates } of [...organisations, ordering.organisation]) {
    if (rootCertificates.length === 0) throw malformed(`organisation ${name} has no root certificate`);
  }
}

function requireDistinct(what: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw malformed(`two ${what} ${twice}`);
}

function malformed(message: string): ChainError {
  return new ChainError("MALFORMED_CONFIG", message);
}
