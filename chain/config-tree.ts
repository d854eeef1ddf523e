import type configPb from "@hyperledger/fabric-protos/lib/common/configtx_pb.js";
import type policiesPb from "@hyperledger/fabric-protos/lib/common/policies_pb.js";
import { ChainError } from "./errors.ts";

/** A group of a channel's configuration as it was read: what stands in it under which name. */
export interface ConfigTree {
  readonly groups: ReadonlyMap<string, ConfigTree>;
  /** Serialized messages, whose types the names imply. */
  readonly values: ReadonlyMap<string, Uint8Array>;
  readonly policies: ReadonlyMap<string, policiesPb.Policy>;
}

/** Channel, Consortiums, consortium, organisation are four. */
const DEPTH_MAX = 16;

/**
 * Copies a group into maps that hold nothing but the group's own names; google-protobuf looks names up in a plain
 * object, which has names of its own.
 *
 * @throws ChainError `MALFORMED_CONFIG` where groups are nested more than 16 deep.
 */
export function configTree(group: configPb.ConfigGroup, depth = 1): ConfigTree {
  if (depth > DEPTH_MAX)
    throw new ChainError("MALFORMED_CONFIG", `configuration groups nested more than ${DEPTH_MAX} deep`);
  const groups = new Map<string, ConfigTree>();
  const values = new Map<string, Uint8Array>();
  const policies = new Map<string, policiesPb.Policy>();
  group.getGroupsMap().forEach((child, name) => groups.set(name, configTree(child, depth + 1)));
  group.getValuesMap().forEach((value, name) => values.set(name, value.getValue_asU8()));
  group.getPoliciesMap().forEach((entry, name) => {
    const policy = entry.getPolicy();
    if (policy !== undefined) policies.set(name, policy);
  });
  return { groups, values, policies };
}
