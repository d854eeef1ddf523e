import type { Consensus } from "./block-signing.ts";
import type { NodeRole } from "./organizational-units.ts";

/** A channel's configuration as it is asked for; `createGenesis` makes Fabric's config tree of it. */
export interface ChannelSpec {
  /** A name by Fabric's rule, see {@link isChannelName}. */
  readonly channel: string;
  /** The organisations whose peers hold the channel. */
  readonly organisations: readonly OrganisationSpec[];
  readonly ordering: OrderingSpec;
}

/** One organisation: its name in the config tree and what its MSP consists of. */
export interface OrganisationSpec {
  readonly name: string;
  readonly mspId: string;
  /** PEM. */
  readonly rootCertificates: readonly string[];
  /** PEM. */
  readonly intermediateCertificates?: readonly string[];
  /** PEM. */
  readonly revocationLists?: readonly string[];
  /** Peers that other organisations learn of from the configuration. */
  readonly anchorPeers?: readonly Endpoint[];
  /** Who of it may have the channel's blocks; admins, peers and clients unless said otherwise. */
  readonly readers?: readonly NodeRole[];
}

/** Where something listens. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Who orders the channel's blocks, and how. */
export interface OrderingSpec {
  readonly consensus: Consensus;
  readonly organisation: OrganisationSpec;
  readonly consenters: readonly ConsenterSpec[];
}

/** One orderer. */
export interface ConsenterSpec extends Endpoint {
  /** From 1, different for each orderer; a BFT block names its signers by it. */
  readonly id: number;
  readonly mspId: string;
  /** PEM, exactly as its signatures name it. */
  readonly certificate: string;
}

const CHANNEL_NAME_LENGTH_MAX = 249;

/** Whether Fabric takes this as a channel's name: `[a-z][a-z0-9.-]*`, at most 249 characters (configtx/validator.go). */
export function isChannelName(text: string): boolean {
  return text.length <= CHANNEL_NAME_LENGTH_MAX && /^[a-z][a-z0-9.-]*$/.test(text);
}

/**
 * How many of `consenters` must sign a BFT block: ceil((n + f + 1) / 2) where f = floor((n - 1) / 3) may lie
 * (Fabric, common/policies/bft.go). 3 of 4, 5 of 7, 7 of 10.
 */
export function bftQuorum(consenters: number): number {
  const faulty = Math.floor((consenters - 1) / 3);
  return Math.ceil((consenters + faulty + 1) / 2);
}
