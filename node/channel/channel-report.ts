import { Buffer } from "node:buffer";
import configPb from "@hyperledger/fabric-protos/lib/common/configtx_pb.js";
import mspPb from "@hyperledger/fabric-protos/lib/msp/msp_config_pb.js";
import type { Block } from "../../chain/block.ts";
import { parseCertificate } from "../../chain/certificate.ts";
import { ChannelConfig } from "../../chain/channel-config.ts";
import { configOf } from "../../chain/config-block.ts";
import { CONFIG } from "../../chain/config-fields.ts";
import { configOrganisations, type ConfigOrganisation } from "../../chain/config-organisations.ts";
import { configTree } from "../../chain/config-tree.ts";
import { lastBytes } from "../../chain/last-field.ts";
import { policyTexts, type PolicyText } from "../../chain/policy-text.ts";
import { RevocationList } from "../../chain/revocation-list.ts";
import { oneLine } from "../msp/certificate-subject.ts";

/** What there is to say of a channel's configuration. */
export interface ChannelReport {
  readonly channel: string;
  /** How often the configuration was changed. */
  readonly sequence: number;
  /** The number of the config block. */
  readonly block: number;
  /** Those whose peers hold the channel. */
  readonly organisations: readonly OrganisationReport[];
  readonly ordererOrganisations: readonly OrganisationReport[];
  /** `host:port`. */
  readonly ordererAddresses: readonly string[];
  /** Of a BFT channel. */
  readonly consenters: readonly { readonly id: number; readonly mspId: string; readonly address: string }[];
  readonly policies: readonly PolicyText[];
}

/** One organisation in a channel's configuration. */
export interface OrganisationReport {
  readonly name: string;
  readonly mspId: string;
  readonly authorities: readonly AuthorityReport[];
  /** `host:port`. */
  readonly anchorPeers: readonly string[];
}

/** One certificate authority of an organisation. */
export interface AuthorityReport {
  /** In one line. */
  readonly subject: string;
  readonly isRoot: boolean;
  /** When its certificate ends, as ISO 8601. */
  readonly notAfter: string;
  /** How many revocation lists of it are in force. */
  readonly revocationLists: number;
  /** How many certificates they revoke. */
  readonly revoked: number;
}

/** Reports on the configuration that a config block brings. @throws ChainError `MALFORMED_CONFIG`. */
export function reportChannel(block: Block): ChannelReport {
  const config = ChannelConfig.fromBlock(block);
  const root = lastBytes(configOf(block), CONFIG.channelGroup) ?? new Uint8Array(0);
  const organisations = configOrganisations(root);
  const inSection = (section: string) =>
    organisations
      .filter(({ path }) => path[0] === section && path.length === 2)
      .map((organisation) => reportOrganisation(organisation, config))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    channel: config.channel,
    sequence: config.sequence,
    block: config.blockNumber,
    organisations: inSection("Application"),
    ordererOrganisations: inSection("Orderer").map((each) => ({ ...each, anchorPeers: [] })),
    ordererAddresses: config.ordererAddresses,
    consenters: config.consenters.map(({ id, mspId, host, port }) => ({
      id,
      mspId,
      address: `${host}:${port}`,
    })),
    policies: policyTexts(configTree(configPb.ConfigGroup.deserializeBinary(root))),
  };
}

function reportOrganisation(
  { name, mspId, msp }: ConfigOrganisation,
  { anchorPeers }: ChannelConfig,
): OrganisationReport {
  const fabric = mspPb.FabricMSPConfig.deserializeBinary(
    mspPb.MSPConfig.deserializeBinary(msp).getConfig_asU8(),
  );
  const lists = fabric.getRevocationListList_asU8().map((bytes) => RevocationList.parse(bytes));
  const report = (isRoot: boolean) => (pem: Uint8Array) => reportAuthority(pem, { isRoot, lists });
  return {
    name,
    mspId,
    authorities: [
      ...fabric.getRootCertsList_asU8().map(report(true)),
      ...fabric.getIntermediateCertsList_asU8().map(report(false)),
    ],
    anchorPeers: anchorPeers
      .filter((anchor) => anchor.mspId === mspId)
      .map(({ host, port }) => `${host}:${port}`),
  };
}

function reportAuthority(
  pem: Uint8Array,
  { isRoot, lists }: { readonly isRoot: boolean; readonly lists: readonly RevocationList[] },
): AuthorityReport {
  const { subject, validToDate, publicKey } = parseCertificate(Buffer.from(pem));
  const own = lists.filter((list) => list.isSignedBy(publicKey));
  return {
    subject: oneLine(subject),
    isRoot,
    notAfter: validToDate.toISOString(),
    revocationLists: own.length,
    revoked: new Set(own.flatMap(({ serials }) => [...serials])).size,
  };
}
