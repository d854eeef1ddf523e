import configPb from "@hyperledger/fabric-protos/lib/common/configtx_pb.js";
import configurationPb from "@hyperledger/fabric-protos/lib/common/configuration_pb.js";
import type policiesPb from "@hyperledger/fabric-protos/lib/common/policies_pb.js";
import { implicitMetaPolicy } from "./config-policies.ts";

/** Something that has a wire form: every message of fabric-protos. */
interface Serializable {
  serializeBinary(): Uint8Array;
}

/** What {@link configGroup} makes a group of. */
export interface GroupParts {
  readonly policies: Readonly<Record<string, policiesPb.Policy>>;
  readonly values: Readonly<Record<string, Serializable>>;
  readonly groups?: Readonly<Record<string, configPb.ConfigGroup>>;
}

/** A group of the config tree; everything in it is changed by its Admins. */
export function configGroup({ policies, values, groups = {} }: GroupParts): configPb.ConfigGroup {
  const group = new configPb.ConfigGroup();
  group.setModPolicy("Admins");
  for (const [name, policy] of Object.entries(policies)) {
    const configPolicy = new configPb.ConfigPolicy();
    configPolicy.setPolicy(policy);
    configPolicy.setModPolicy("Admins");
    group.getPoliciesMap().set(name, configPolicy);
  }
  for (const [name, value] of Object.entries(values)) {
    const configValue = new configPb.ConfigValue();
    configValue.setValue(value.serializeBinary());
    configValue.setModPolicy("Admins");
    group.getValuesMap().set(name, configValue);
  }
  for (const [name, subgroup] of Object.entries(groups)) group.getGroupsMap().set(name, subgroup);
  return group;
}

/** The policies of every group that has organisations below it: any reads and writes, most change. */
export function metaPolicies(): Record<string, policiesPb.Policy> {
  return {
    Readers: implicitMetaPolicy("ANY", "Readers"),
    Writers: implicitMetaPolicy("ANY", "Writers"),
    Admins: implicitMetaPolicy("MAJORITY", "Admins"),
  };
}

/** The value that says which version of Fabric's rules a group follows. */
export function capabilities(version: string): configurationPb.Capabilities {
  const message = new configurationPb.Capabilities();
  message.getCapabilitiesMap().set(version, new configurationPb.Capability());
  return message;
}
