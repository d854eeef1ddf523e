import { Buffer } from "node:buffer";
import common from "@hyperledger/fabric-protos/lib/common/common_pb.js";
import configPb from "@hyperledger/fabric-protos/lib/common/configtx_pb.js";
import configurationPb from "@hyperledger/fabric-protos/lib/common/configuration_pb.js";
import ordererPb from "@hyperledger/fabric-protos/lib/orderer/configuration_pb.js";
import peerPb from "@hyperledger/fabric-protos/lib/peer/configuration_pb.js";
import type { Block, BlockNumber } from "./block.ts";
import { channelOf, isConfigBlock } from "./channel-header.ts";
import type { ConsenterSpec } from "./channel-spec.ts";
import { configTree, type ConfigTree } from "./config-tree.ts";
import { decodeMessage } from "./decode-message.ts";
import { ChainError } from "./errors.ts";
import { Msp } from "./msp.ts";
import { Policy, policyRule } from "./policy.ts";

/**
 * Where a peer of an organisation can be found by those of others, as the configuration has it. Nobody has checked it,
 * Fabric neither: the host may be a name, an IPv4 or IPv6 address or nothing, the port any 32-bit integer.
 */
export interface AnchorPeer {
  readonly mspId: string;
  readonly host: string;
  readonly port: number;
}

/** The channel capability with which Fabric lets orderers sign by consenter id. */
const BFT_CAPABILITY = "V3_0";
/** The consensus type that signs so; configurations made before the capability have it alone. */
const BFT_CONSENSUS = "BFT";
const NO_GROUP: ConfigTree = { groups: new Map(), values: new Map(), policies: new Map() };

/** A channel's configuration as a config block brings it, as far as blocks and peers are judged by it. */
export class ChannelConfig {
  readonly channel: string;
  /** How often the configuration was changed. */
  readonly sequence: number;
  /** Of the config block. */
  readonly blockNumber: BlockNumber;
  /** The organisations whose peers hold the channel, by MSP id. */
  readonly organisations: ReadonlyMap<string, Msp>;
  readonly ordererOrganisations: ReadonlyMap<string, Msp>;
  /** Of all organisations that hold the channel, those of one together. */
  readonly anchorPeers: readonly AnchorPeer[];
  /** `host:port`, as the orderer organisations give them, and the channel where they give none. */
  readonly ordererAddresses: readonly string[];
  /** Whether blocks may name their signers by consenter id. */
  readonly isBft: boolean;
  /** The orderers of a BFT channel; none otherwise. */
  readonly consenters: readonly ConsenterSpec[];
  /** Whose signatures make a block: /Channel/Orderer/BlockValidation. */
  readonly blockValidation: Policy;
  /** Who may have the channel's blocks: /Channel/Application/Readers. */
  readonly readers: Policy;

  private constructor(
    block: Block,
    { sequence, root }: { readonly sequence: number; readonly root: ConfigTree },
  ) {
    const application = root.groups.get("Application") ?? NO_GROUP;
    const orderer = root.groups.get("Orderer") ?? NO_GROUP;
    const msps = new MspReader();
    this.channel = channelOf(block);
    this.sequence = sequence;
    this.blockNumber = block.number;
    this.organisations = msps.read(application);
    this.ordererOrganisations = msps.read(orderer);
    this.anchorPeers = [...application.groups.values()].flatMap((group) => anchorPeers(group, msps));
    this.ordererAddresses = ordererAddresses(root, orderer);
    this.isBft = hasCapability(root, BFT_CAPABILITY) || consensusType(orderer) === BFT_CONSENSUS;
    this.consenters = consenters(orderer);
    if (!orderer.policies.has("BlockValidation"))
      throw malformed("no policy /Channel/Orderer/BlockValidation");
    const everyMsp = new Map([...this.organisations, ...this.ordererOrganisations]);
    this.blockValidation = new Policy(policyRule(orderer, "BlockValidation"), everyMsp);
    this.readers = new Policy(policyRule(application, "Readers"), everyMsp);
  }

  /**
   * Reads the configuration from a config block. The block is not verified.
   *
   * @throws ChainError `MALFORMED_CONFIG`, also for a block that is no config block.
   */
  static fromBlock(block: Block): ChannelConfig {
    try {
      return new ChannelConfig(block, readConfig(block));
    } catch (cause) {
      if (!(cause instanceof ChainError)) throw cause;
      throw new ChainError(
        "MALFORMED_CONFIG",
        `block ${block.number} brings no usable configuration: ${cause.message}`,
        {
          cause,
        },
      );
    }
  }
}

function readConfig(block: Block): { readonly sequence: number; readonly root: ConfigTree } {
  const [transaction] = block.transactions;
  if (transaction === undefined || !isConfigBlock(block)) throw malformed("it is no config block");
  const payload = decodeMessage(common.Envelope, transaction, "Envelope").getPayload_asU8();
  const data = decodeMessage(common.Payload, payload, "Payload").getData_asU8();
  const config = decodeMessage(configPb.ConfigEnvelope, data, "ConfigEnvelope").getConfig();
  const group = config?.getChannelGroup();
  if (config === undefined || group === undefined) throw malformed("it has no channel group");
  return { sequence: config.getSequence(), root: configTree(group) };
}

/** Reads each organisation's MSP once, wherever it stands. */
class MspReader {
  readonly #byBytes = new Map<string, Msp>();
  readonly #bytesById = new Map<string, string>();

  /**
   * The MSPs of the organisations in this group. Those of other kinds than certificates (Idemix) are left out: their
   * members can only be clients, who sign no blocks and run no peers.
   */
  read(group: ConfigTree): ReadonlyMap<string, Msp> {
    const msps = [...group.groups]
      .filter(([, { values }]) => Msp.isOfCertificates(values.get("MSP") ?? new Uint8Array(0)))
      .map(([name, organisation]) => this.of(organisation, name));
    return new Map(msps.map((msp) => [msp.mspId, msp]));
  }

  /** @throws ChainError `MALFORMED_CONFIG`; also where two organisations call different MSPs by one name. */
  of(organisation: ConfigTree, name: string): Msp {
    const value = organisation.values.get("MSP");
    if (value === undefined) throw malformed(`organisation ${name} has no MSP`);
    const key = Buffer.from(value).toString("latin1");
    const msp = this.#byBytes.get(key) ?? Msp.parse(value);
    if ((this.#bytesById.get(msp.mspId) ?? key) !== key)
      throw malformed(`there are two different MSPs ${msp.mspId}`);
    this.#byBytes.set(key, msp);
    this.#bytesById.set(msp.mspId, key);
    return msp;
  }
}

function anchorPeers(organisation: ConfigTree, msps: MspReader): AnchorPeer[] {
  const value = organisation.values.get("AnchorPeers");
  const msp = organisation.values.get("MSP") ?? new Uint8Array(0);
  if (value === undefined || !Msp.isOfCertificates(msp)) return [];
  const { mspId } = msps.of(organisation, "with anchor peers");
  const peers = decodeMessage(peerPb.AnchorPeers, value, "AnchorPeers").getAnchorPeersList();
  return peers.map((peer) => ({ mspId, host: peer.getHost(), port: peer.getPort() }));
}

function ordererAddresses(root: ConfigTree, orderer: ConfigTree): string[] {
  const organisations = [...orderer.groups.values()];
  const own = organisations.flatMap((organisation) => addresses(organisation.values.get("Endpoints")));
  return own.length > 0 ? own : addresses(root.values.get("OrdererAddresses"));
}

function addresses(value: Uint8Array | undefined): string[] {
  if (value === undefined) return [];
  return decodeMessage(configurationPb.OrdererAddresses, value, "OrdererAddresses").getAddressesList();
}

function hasCapability(group: ConfigTree, version: string): boolean {
  const value = group.values.get("Capabilities");
  if (value === undefined) return false;
  const versions: string[] = [];
  decodeMessage(configurationPb.Capabilities, value, "Capabilities")
    .getCapabilitiesMap()
    .forEach((_, name) => versions.push(name));
  return versions.includes(version);
}

function consensusType(orderer: ConfigTree): string | undefined {
  const value = orderer.values.get("ConsensusType");
  return value === undefined
    ? undefined
    : decodeMessage(ordererPb.ConsensusType, value, "ConsensusType").getType();
}

function consenters(orderer: ConfigTree): ConsenterSpec[] {
  const value = orderer.values.get("Orderers");
  if (value === undefined) return [];
  const mapping = decodeMessage(configurationPb.Orderers, value, "Orderers").getConsenterMappingList();
  return mapping.map((consenter) => ({
    id: consenter.getId(),
    mspId: consenter.getMspId(),
    host: consenter.getHost(),
    port: consenter.getPort(),
    certificate: Buffer.from(consenter.getIdentity_asU8()).toString("utf8"),
  }));
}

function malformed(message: string): ChainError {
  return new ChainError("MALFORMED_CONFIG", message);
}
