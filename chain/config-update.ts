import { Buffer } from "node:buffer";
import type { Block } from "./block.ts";
import type { Signer } from "./block-signing.ts";
import { anchorPeersValue, applicationOrganisation } from "./channel-group.ts";
import { channelOf } from "./channel-header.ts";
import type { Endpoint } from "./channel-spec.ts";
import { configOf } from "./config-block.ts";
import { CONFIG } from "./config-fields.ts";
import {
  configOrganisations,
  groupAt,
  valueOf,
  withGroupAt,
  withValue,
  type ConfigOrganisation,
} from "./config-organisations.ts";
import { raiseVersions } from "./config-versions.ts";
import { ChainError } from "./errors.ts";
import { lastBytes, lastVarint } from "./last-field.ts";
import { Msp } from "./msp.ts";
import { withAuthority, withRevocationList } from "./msp-edit.ts";
import { withBytes, withFields } from "./protobuf-edit.ts";
import { lengthDelimited, varintField } from "./protobuf-fields.ts";
import { createEnvelope, HEADER_TYPE, type TransactionStamp } from "./transaction.ts";

/**
 * One change of a channel's configuration. `organisation` is a name in the config tree, or an MSP id; the
 * organisation's MSP changes wherever it stands, among the peers' organisations and the orderers'.
 */
export type ConfigChange =
  | AddOrganisation
  /** Takes it out of the organisations whose peers hold the channel. */
  | { readonly kind: "remove-organisation"; readonly organisation: string }
  /** Puts a revocation list, PEM or DER, in force; earlier lists of its CA go where it has all that they revoke. */
  | { readonly kind: "revoke"; readonly organisation: string; readonly list: Uint8Array }
  /** One more certificate authority, in PEM: a root if it has signed itself, else one below a root. */
  | { readonly kind: "add-authority"; readonly organisation: string; readonly certificate: Uint8Array }
  /** Puts these in place of all anchor peers that it has. */
  | {
      readonly kind: "set-anchor-peers";
      readonly organisation: string;
      readonly anchorPeers: readonly Endpoint[];
    };

/** One more organisation whose peers hold the channel, with Fabric's usual policies. */
export interface AddOrganisation {
  readonly kind: "add-organisation";
  readonly name: string;
  /** The bytes of its `msp.MSPConfig`, of type FABRIC. */
  readonly msp: Uint8Array;
}

/**
 * The config transaction that changes the configuration that this block brings. All else stays as it is, byte for byte,
 * also what nobody here knows; the sequence goes up by one, and versions as in Fabric, see {@link raiseVersions}. Like
 * that of `createConfigTransaction` it carries no signed update.
 *
 * Whether the result is usable shows when it is read: `ChannelConfig.fromBlock`.
 *
 * @param block the config block in force.
 * @throws ChainError `INVALID_UPDATE` where a change does not fit the configuration, or changes nothing;
 *   `MALFORMED_CONFIG`.
 */
export function createConfigUpdate(
  block: Block,
  changes: readonly ConfigChange[],
  stamp: TransactionStamp,
  signer?: Signer,
): Uint8Array {
  const config = configOf(block);
  const channelGroup = lastBytes(config, CONFIG.channelGroup);
  if (channelGroup === undefined) throw new ChainError("MALFORMED_CONFIG", "it has no channel group");
  if (changes.length === 0) throw invalid("there is no change to make");
  const changed = changes.reduce(apply, channelGroup);
  const sequence = varintField(CONFIG.sequence, Number(lastVarint(config, CONFIG.sequence)) + 1);
  const next = withBytes(
    withFields(config, CONFIG.sequence, [sequence]),
    CONFIG.channelGroup,
    raiseVersions(channelGroup, changed),
  );
  const parts = { channel: channelOf(block), type: HEADER_TYPE.config, data: lengthDelimited(1, next) };
  return createEnvelope(parts, stamp, signer);
}

const APPLICATION = "Application";
const ANCHOR_PEERS = "AnchorPeers";

function apply(root: Uint8Array, change: ConfigChange): Uint8Array {
  switch (change.kind) {
    case "add-organisation":
      return addOrganisation(root, change);
    case "remove-organisation":
      return removeOrganisation(root, change.organisation);
    case "revoke":
      return changeMsps(root, change.organisation, (msp) => withRevocationList(msp, change.list));
    case "add-authority":
      return changeMsps(root, change.organisation, (msp) => withAuthority(msp, change.certificate));
    case "set-anchor-peers":
      return setAnchorPeers(root, change.organisation, change.anchorPeers);
    default:
      return change satisfies never;
  }
}

function addOrganisation(root: Uint8Array, { name, msp }: AddOrganisation): Uint8Array {
  const { mspId } = Msp.parse(msp);
  const [same] = peersOrganisations(root).filter((each) => each.name === name || each.mspId === mspId);
  if (same !== undefined)
    throw invalid(`organisation ${same.name} with the MSP id ${same.mspId} is in the channel already`);
  return withGroupAt(root, [APPLICATION, name], applicationOrganisation(msp).serializeBinary());
}

function removeOrganisation(root: Uint8Array, organisation: string): Uint8Array {
  const { path } = peersOrganisation(root, organisation);
  if (peersOrganisations(root).length === 1)
    throw invalid(`without ${organisation} no organisation would be left in the channel`);
  return withGroupAt(root, path, undefined);
}

function changeMsps(
  root: Uint8Array,
  organisation: string,
  edit: (msp: Uint8Array) => Uint8Array,
): Uint8Array {
  return theOrganisation(configOrganisations(root), organisation).reduce((changed, { path, msp }) => {
    const value = about(organisation, () => edit(msp));
    return withGroupAt(changed, path, withValue(groupAt(changed, path), "MSP", value));
  }, root);
}

/** @throws ChainError `INVALID_UPDATE` that names the organisation. */
function about(organisation: string, edit: () => Uint8Array): Uint8Array {
  try {
    return edit();
  } catch (cause) {
    if (!(cause instanceof ChainError)) throw cause;
    throw new ChainError(cause.code, `${organisation}: ${cause.message}`, { cause });
  }
}

function setAnchorPeers(
  root: Uint8Array,
  organisation: string,
  anchorPeers: readonly Endpoint[],
): Uint8Array {
  const { path } = peersOrganisation(root, organisation);
  const group = groupAt(root, path);
  const content = anchorPeersValue(anchorPeers).serializeBinary();
  if (Buffer.compare(valueOf(group, ANCHOR_PEERS) ?? new Uint8Array(0), content) === 0)
    throw invalid(`${organisation} has these anchor peers already`);
  return withGroupAt(root, path, withValue(group, ANCHOR_PEERS, content));
}

/** Those whose peers hold the channel. */
function peersOrganisations(root: Uint8Array): readonly ConfigOrganisation[] {
  return configOrganisations(root).filter(({ path }) => path[0] === APPLICATION && path.length === 2);
}

function peersOrganisation(root: Uint8Array, organisation: string): ConfigOrganisation {
  const [only] = theOrganisation(peersOrganisations(root), organisation);
  return only;
}

/** Wherever it stands. @throws ChainError `INVALID_UPDATE` where none is meant, or more than one. */
function theOrganisation(
  organisations: readonly ConfigOrganisation[],
  nameOrId: string,
): readonly [ConfigOrganisation, ...ConfigOrganisation[]] {
  const named = organisations.filter(({ name, mspId }) => name === nameOrId || mspId === nameOrId);
  const ids = new Set(named.map(({ mspId }) => mspId));
  const [first, ...others] = organisations.filter(({ mspId }) => ids.has(mspId));
  if (first === undefined) {
    const known = [...new Set(organisations.map(({ name }) => name))].sort().join(", ");
    throw invalid(`there is no organisation ${nameOrId} to change here; there are ${known || "none"}`);
  }
  if (ids.size > 1)
    throw invalid(
      `${nameOrId} may be each of the organisations with the MSP ids ${[...ids].join(", ")}; say which`,
    );
  return [first, ...others];
}

function invalid(message: string): ChainError {
  return new ChainError("INVALID_UPDATE", message);
}
