import configPb from "@hyperledger/fabric-protos/lib/common/configtx_pb.js";
import { describe, expect, test } from "vitest";
import { Block, createBlock } from "../../chain/block.ts";
import { ChannelConfig } from "../../chain/channel-config.ts";
import { configOf } from "../../chain/config-block.ts";
import { createConfigUpdate, type ConfigChange } from "../../chain/config-update.ts";
import { raiseVersions } from "../../chain/config-versions.ts";
import { mspValue } from "../../chain/msp-value.ts";
import { fabricBlockBytes, HAS_FABRIC_BLOCKS } from "../fabric-blocks.ts";
import { TestCertificate } from "./test-organisation.ts";

const STAMP = { timestampMs: 1_600_000_000_000, nonce: Buffer.alloc(24, 1) };
const root = await TestCertificate.root({ name: "extra" });
const EXTRA: ConfigChange = {
  kind: "add-organisation",
  name: "Extra",
  msp: mspValue({ name: "Extra", mspId: "ExtraMSP", rootCertificates: [root.pem] }).serializeBinary(),
};

const CONFIG_BLOCKS = [
  "smartbft-genesis/0000",
  "etcdraft-genesis/0000",
  "ledgerutil-sample_prod/0000",
  "ledgerutil-sample_bad_ledger/0002",
  "v20_sample_ledgers-testchannel/0004",
  "generated-etcdraft-v2.4.9/0000",
];

function read(name: string): Block {
  return Block.parse(fabricBlockBytes(`${name}.block`));
}

function updated(block: Block, ...changes: readonly ConfigChange[]): Block {
  return createBlock({
    number: block.number + 1,
    previousHash: Buffer.from(block.hash, "hex"),
    transactions: [createConfigUpdate(block, changes, STAMP)],
    metadata: block.metadata,
  });
}

function tree(block: Block): configPb.ConfigGroup {
  return configPb.Config.deserializeBinary(configOf(block)).getChannelGroup()!;
}

describe.skipIf(!HAS_FABRIC_BLOCKS).each(CONFIG_BLOCKS)("the real config block %s", (name) => {
  test("takes one organisation more, and all else stays as it is", () => {
    const block = read(name);
    const next = updated(block, EXTRA);
    const [before, after] = [ChannelConfig.fromBlock(block), ChannelConfig.fromBlock(next)];
    expect([...after.organisations.keys()].sort()).toEqual(
      [...before.organisations.keys(), "ExtraMSP"].sort(),
    );
    expect([after.channel, after.sequence]).toEqual([before.channel, before.sequence + 1]);
    const undone = tree(next);
    const application = undone.getGroupsMap().get("Application")!;
    application.getGroupsMap().del("Extra");
    application.setVersion(application.getVersion() - 1);
    expect(undone.toObject()).toEqual(tree(block).toObject());
  });

  test("takes one more CA of each organisation, wherever it stands, and loses it with no other change", () => {
    const block = read(name);
    const { organisations, ordererOrganisations } = ChannelConfig.fromBlock(block);
    for (const organisation of new Set([...organisations.keys(), ...ordererOrganisations.keys()])) {
      const next = updated(block, {
        kind: "add-authority",
        organisation,
        certificate: Buffer.from(root.pem),
      });
      const changed = changedPaths(tree(block), tree(next));
      expect(changed.length).toBeGreaterThan(0);
      for (const path of changed) expect(path).toMatch(/^\/(Application|Orderer)\/[^/]+\/MSP$/);
      const after = ChannelConfig.fromBlock(next);
      expect(after.ordererAddresses).toEqual(ChannelConfig.fromBlock(block).ordererAddresses);
    }
  });
});

/** Values that are not the same in two trees of the same shape. */
function changedPaths(before: configPb.ConfigGroup, after: configPb.ConfigGroup, path = ""): string[] {
  const changed: string[] = [];
  after.getValuesMap().forEach((value, name) => {
    const was = before.getValuesMap().get(name);
    if (Buffer.compare(was!.serializeBinary(), value.serializeBinary()) !== 0)
      changed.push(`${path}/${name}`);
  });
  after.getGroupsMap().forEach((group, name) => {
    changed.push(...changedPaths(before.getGroupsMap().get(name)!, group, `${path}/${name}`));
  });
  return changed;
}

const SEQUENCES = [
  ["v20_sample_ledgers-testchannel", [0, 1, 2, 3, 4]],
  ["ledgerutil-sample_bad_ledger", [0, 1, 2]],
] as const;

/** Every path of a tree with its version. */
function versions(group: configPb.ConfigGroup, path = "/"): Record<string, number> {
  const found: Record<string, number> = { [path]: group.getVersion() };
  group.getValuesMap().forEach((value, name) => (found[`${path}value ${name}`] = value.getVersion()));
  group.getPoliciesMap().forEach((policy, name) => (found[`${path}policy ${name}`] = policy.getVersion()));
  group.getGroupsMap().forEach((child, name) => Object.assign(found, versions(child, `${path}${name}/`)));
  return found;
}

/** Gives a tree the versions of an older one, and 0 where that has nothing. */
function resetVersions(group: configPb.ConfigGroup, old: configPb.ConfigGroup | undefined): void {
  group.setVersion(old?.getVersion() ?? 0);
  group
    .getValuesMap()
    .forEach((value, name) => value.setVersion(old?.getValuesMap().get(name)?.getVersion() ?? 0));
  group
    .getPoliciesMap()
    .forEach((policy, name) => policy.setVersion(old?.getPoliciesMap().get(name)?.getVersion() ?? 0));
  group.getGroupsMap().forEach((child, name) => resetVersions(child, old?.getGroupsMap().get(name)));
}

test.skipIf(!HAS_FABRIC_BLOCKS).each(SEQUENCES)(
  "versions are raised as Fabric has raised them from one config block of %s to the next",
  (folder, numbers) => {
    const trees = numbers.map((number) => tree(read(`${folder}/000${number}`)));
    let raisings = 0;
    for (const [index, after] of trees.entries()) {
      const before = trees[index - 1];
      if (before === undefined) continue;
      const expected = versions(after);
      resetVersions(after, before);
      const raised = raiseVersions(before.serializeBinary(), after.serializeBinary());
      expect(versions(configPb.ConfigGroup.deserializeBinary(raised))).toEqual(expected);
      if (JSON.stringify(expected) !== JSON.stringify(versions(after))) raisings++;
      trees[index] = configPb.ConfigGroup.deserializeBinary(raised);
    }
    expect(raisings).toBe(numbers.length - 1);
  },
);
