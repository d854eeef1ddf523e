import type { Consensus } from "../../chain/block-signing.ts";
import { isChannelName } from "../../chain/channel-spec.ts";
import { NodeError } from "../errors.ts";

/** A peer to be made. */
export interface PeerPlan {
  /** Also its folder's. */
  readonly name: string;
  readonly organisation: string;
  /** The IP address or DNS name at which others reach it. */
  readonly host: string;
  readonly port: number;
  /** Of its HTTP API. */
  readonly apiPort: number;
}

/** A network to be made, checked. */
export interface NetworkPlan {
  readonly out: string;
  readonly channel: string;
  readonly consensus: Consensus;
  readonly peers: readonly PeerPlan[];
  /** What the channel's configuration gives as the orderers' host. */
  readonly ordererHost: string;
  /** Whether peers go to other machines: each folder then has all that its peer needs, and files to deploy it. */
  readonly isHosted: boolean;
}

/** The organisation whose certificates the orderers have. */
export const ORDERER_ORGANISATION = "Orderer";

/** More are not made at once. */
export const PEERS_MAX = 1000;
export const PORT_MAX = 65_535;

/** Whether the text may be an organisation's name: up to 63 letters, digits and "-", the first a letter. */
export function isOrganisationName(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9-]{0,62}$/.test(text);
}

/** @throws NodeError `CONFIG_INVALID`. */
export function requireChannelName(channel: string): void {
  if (isChannelName(channel)) return;
  throw invalid(
    `${JSON.stringify(channel)} is no channel name; allowed are up to 249 characters of a-z, 0-9, "." and "-", the first a letter`,
  );
}

/** The error of a network that cannot be made as it is asked for. */
export function invalid(message: string): NodeError {
  return new NodeError("CONFIG_INVALID", message);
}
