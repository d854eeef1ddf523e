import type configPb from "@hyperledger/fabric-protos/lib/common/configtx_pb.js";
import configurationPb from "@hyperledger/fabric-protos/lib/common/configuration_pb.js";
import peerPb from "@hyperledger/fabric-protos/lib/peer/configuration_pb.js";
import type { ChannelSpec, OrganisationSpec } from "./channel-spec.ts";
import { capabilities, configGroup, metaPolicies } from "./config-group.ts";
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
    groups: Object.fromEntries(organisations.map((each) => [each.name, applicationOrganisation(each)])),
  });
}

/** Fabric's usual ones (sampleconfig/configtx.yaml). */
const READERS: readonly NodeRole[] = ["admin", "peer", "client"];

function applicationOrganisation(organisation: OrganisationSpec): configPb.ConfigGroup {
  const { mspId, anchorPeers = [], readers = READERS } = organisation;
  const anchors = new peerPb.AnchorPeers();
  for (const { host, port } of anchorPeers) {
    const anchor = new peerPb.AnchorPeer();
    anchor.setHost(host);
    anchor.setPort(port);
    anchors.addAnchorPeers(anchor);
  }
  return configGroup({
    policies: {
      Readers: rolePolicy(
        mspId,
        readers.map((role) => role.toUpperCase() as Uppercase<NodeRole>),
      ),
      Writers: rolePolicy(mspId, ["ADMIN", "CLIENT"]),
      Admins: rolePolicy(mspId, ["ADMIN"]),
      Endorsement: rolePolicy(mspId, ["PEER"]),
    },
    values: {
      MSP: mspValue(organisation),
      ...(anchorPeers.length > 0 ? { AnchorPeers: anchors } : {}),
    },
  });
}
