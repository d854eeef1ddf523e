import type configPb from "@hyperledger/fabric-protos/lib/common/configtx_pb.js";
import configurationPb from "@hyperledger/fabric-protos/lib/common/configuration_pb.js";
import mspPb from "@hyperledger/fabric-protos/lib/msp/msp_config_pb.js";
import peerPb from "@hyperledger/fabric-protos/lib/peer/configuration_pb.js";
import type { ChannelSpec, Endpoint, OrganisationSpec } from "./channel-spec.ts";
import { capabilities, configGroup, metaPolicies } from "./config-group.ts";
import { decodeMessage } from "./decode-message.ts";
import { mspValue } from "./msp-value.ts";
import { implicitMetaPolicy, rolePolicy } from "./config-policies.ts";
import type { NodeRole } from "./organizational-units.ts";
import { ordererGroup } from "./orderer-group.ts";

/**
 * The root of a channel's config tree, as `configtxgen` makes it for a channel without a system channel
 * (internal/configtxgen/encoder): Application with the organisations, Orderer with the ordering organisation, and
 * Fabric's usual policies.
 */
export function channelGroup(spec: ChannelSpec): configPb.ConfigGroup {
  const hashing = new configurationPb.HashingAlgorithm();
  hashing.setName("SHA256");
  const structure = new configurationPb.BlockDataHashingStructure();
  // The width of Fabric's Merkle tree over the transactions; this largest one stands for "no tree".
  structure.setWidth(0xffffffff);
  return configGroup({
    policies: metaPolicies(),
    values: {
      HashingAlgorithm: hashing,
      BlockDataHashingStructure: structure,
      // Only V3_0 lets orderers sign by consenter id.
      Capabilities: capabilities(spec.ordering.consensus === "bft" ? "V3_0" : "V2_0"),
    },
    groups: { Application: applicationGroup(spec.organisations), Orderer: ordererGroup(spec.ordering) },
  });
}

function applicationGroup(organisations: readonly OrganisationSpec[]): configPb.ConfigGroup {
  return configGroup({
    policies: {
      ...metaPolicies(),
      Endorsement: implicitMetaPolicy("MAJORITY", "Endorsement"),
      LifecycleEndorsement: implicitMetaPolicy("MAJORITY", "Endorsement"),
    },
    values: { Capabilities: capabilities("V2_0") },
    groups: Object.fromEntries(
      organisations.map((each) => [
        each.name,
        applicationOrganisation(mspValue(each).serializeBinary(), each),
      ]),
    ),
  });
}

/**
 * The group of an organisation whose peers hold a channel, with the policies that `configtx.yaml` of Fabric's test
 * network gives it; where the MSP does not tell roles apart, every member counts as a peer and as a client.
 *
 * @param msp the bytes of a `msp.MSPConfig` of type FABRIC.
 * @throws ChainError `MALFORMED_CONFIG`.
 */
export function applicationOrganisation(
  msp: Uint8Array,
  { anchorPeers = [], readers }: Pick<OrganisationSpec, "anchorPeers" | "readers"> = {},
): configPb.ConfigGroup {
  const value = decodeMessage(mspPb.MSPConfig, msp, "MSPConfig");
  const fabric = decodeMessage(mspPb.FabricMSPConfig, value.getConfig_asU8(), "FabricMSPConfig");
  const mspId = fabric.getName();
  const hasRoles = fabric.getFabricNodeOus()?.getEnable() === true;
  return configGroup({
    policies: {
      Readers: rolePolicy(mspId, readersOf(hasRoles, readers)),
      Writers: rolePolicy(mspId, hasRoles ? ["ADMIN", "CLIENT"] : ["MEMBER"]),
      Admins: rolePolicy(mspId, ["ADMIN"]),
      Endorsement: rolePolicy(mspId, hasRoles ? ["PEER"] : ["MEMBER"]),
    },
    values: {
      MSP: value,
      ...(anchorPeers.length > 0 ? { AnchorPeers: anchorPeersValue(anchorPeers) } : {}),
    },
  });
}

/** The value that tells other organisations where an organisation's peers are. */
export function anchorPeersValue(anchorPeers: readonly Endpoint[]): peerPb.AnchorPeers {
  const anchors = new peerPb.AnchorPeers();
  for (const { host, port } of anchorPeers) {
    const anchor = new peerPb.AnchorPeer();
    anchor.setHost(host);
    anchor.setPort(port);
    anchors.addAnchorPeers(anchor);
  }
  return anchors;
}

/** Fabric's usual ones (sampleconfig/configtx.yaml), where nothing else is said. */
function readersOf(hasRoles: boolean, readers: readonly NodeRole[] = ["admin", "peer", "client"]) {
  return hasRoles ? readers.map((role) => role.toUpperCase() as Uppercase<NodeRole>) : (["MEMBER"] as const);
}
