import { Buffer } from "node:buffer";
import type configPb from "@hyperledger/fabric-protos/lib/common/configtx_pb.js";
import configurationPb from "@hyperledger/fabric-protos/lib/common/configuration_pb.js";
import type policiesPb from "@hyperledger/fabric-protos/lib/common/policies_pb.js";
import ordererPb from "@hyperledger/fabric-protos/lib/orderer/configuration_pb.js";
import raftPb from "@hyperledger/fabric-protos/lib/orderer/etcdraft/configuration_pb.js";
import bftPb from "@hyperledger/fabric-protos/lib/orderer/smartbft/configuration_pb.js";
import type { ConsenterSpec, OrderingSpec, OrganisationSpec } from "./channel-spec.ts";
import { capabilities, configGroup, metaPolicies } from "./config-group.ts";
import { mspValue } from "./msp-value.ts";
import { implicitMetaPolicy, quorumPolicy, rolePolicy } from "./config-policies.ts";

/**
 * The Orderer group: how blocks are cut and who signs them. Batch limits and consensus options are the ones of
 * Fabric's sampleconfig/configtx.yaml. Each orderer's own certificate stands in for its TLS certificate.
 */
export function ordererGroup(ordering: OrderingSpec): configPb.ConfigGroup {
  const { organisation, consensus, consenters } = ordering;
  const batchSize = new ordererPb.BatchSize();
  batchSize.setMaxMessageCount(500);
  batchSize.setAbsoluteMaxBytes(10 << 20);
  batchSize.setPreferredMaxBytes(2 << 20);
  const batchTimeout = new ordererPb.BatchTimeout();
  batchTimeout.setTimeout("2s");
  return configGroup({
    policies: { ...metaPolicies(), BlockValidation: blockValidation(ordering) },
    values: {
      BatchSize: batchSize,
      BatchTimeout: batchTimeout,
      Capabilities: capabilities("V2_0"),
      ChannelRestrictions: new ordererPb.ChannelRestrictions(),
      ConsensusType: consensusType(ordering),
      ...(consensus === "bft" ? { Orderers: consenterMapping(consenters) } : {}),
    },
    groups: { [organisation.name]: orderingOrganisation(organisation, consenters) },
  });
}

function blockValidation({ consensus, consenters }: OrderingSpec): policiesPb.Policy {
  switch (consensus) {
    case "raft":
      return implicitMetaPolicy("ANY", "Writers");
    case "bft":
      return quorumPolicy(consenters);
    default:
      return consensus satisfies never;
  }
}

function consensusType({ consensus, consenters }: OrderingSpec): ordererPb.ConsensusType {
  const message = new ordererPb.ConsensusType();
  message.setType(consensus === "bft" ? "BFT" : "etcdraft");
  message.setMetadata(consensus === "bft" ? bftOptions() : raftMetadata(consenters));
  return message;
}

function raftMetadata(consenters: readonly ConsenterSpec[]): Uint8Array {
  const options = new raftPb.Options();
  options.setTickInterval("500ms");
  options.setElectionTick(10);
  options.setHeartbeatTick(1);
  options.setMaxInflightBlocks(5);
  options.setSnapshotIntervalSize(16 << 20);
  const metadata = new raftPb.ConfigMetadata();
  metadata.setOptions(options);
  for (const { host, port, certificate } of consenters) {
    const consenter = new raftPb.Consenter();
    consenter.setHost(host);
    consenter.setPort(port);
    consenter.setClientTlsCert(Buffer.from(certificate, "utf8"));
    consenter.setServerTlsCert(Buffer.from(certificate, "utf8"));
    metadata.addConsenters(consenter);
  }
  return metadata.serializeBinary();
}

function bftOptions(): Uint8Array {
  const options = new bftPb.Options();
  options.setRequestBatchMaxCount(100);
  options.setRequestBatchMaxBytes(10 << 20);
  options.setRequestBatchMaxInterval("50ms");
  options.setIncomingMessageBufferSize(200);
  options.setRequestPoolSize(400);
  options.setRequestForwardTimeout("2s");
  options.setRequestComplainTimeout("20s");
  options.setRequestAutoRemoveTimeout("3m0s");
  options.setViewChangeResendInterval("5s");
  options.setViewChangeTimeout("20s");
  options.setLeaderHeartbeatTimeout("1m0s");
  options.setLeaderHeartbeatCount(10);
  options.setCollectTimeout("1s");
  return options.serializeBinary();
}

function consenterMapping(consenters: readonly ConsenterSpec[]): configurationPb.Orderers {
  const orderers = new configurationPb.Orderers();
  for (const { id, host, port, mspId, certificate } of consenters) {
    const consenter = new configurationPb.Consenter();
    consenter.setId(id);
    consenter.setHost(host);
    consenter.setPort(port);
    consenter.setMspId(mspId);
    consenter.setIdentity(Buffer.from(certificate, "utf8"));
    consenter.setClientTlsCert(Buffer.from(certificate, "utf8"));
    consenter.setServerTlsCert(Buffer.from(certificate, "utf8"));
    orderers.addConsenterMapping(consenter);
  }
  return orderers;
}

function orderingOrganisation(organisation: OrganisationSpec, consenters: readonly ConsenterSpec[]) {
  const { mspId } = organisation;
  const endpoints = new configurationPb.OrdererAddresses();
  endpoints.setAddressesList(consenters.map(({ host, port }) => `${host}:${port}`));
  return configGroup({
    policies: {
      Readers: rolePolicy(mspId, ["MEMBER"]),
      Writers: rolePolicy(mspId, ["MEMBER"]),
      Admins: rolePolicy(mspId, ["ADMIN"]),
    },
    values: { MSP: mspValue(organisation), Endpoints: endpoints },
  });
}
