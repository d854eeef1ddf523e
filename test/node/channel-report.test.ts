import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Block } from "../../chain/block.ts";
import { reportChannel } from "../../node/channel/channel-report.ts";
import { createNetwork } from "../../node/network/network.ts";
import { fabricBlockBytes, HAS_FABRIC_BLOCKS } from "../fabric-blocks.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

test("a BFT network's configuration, as it was made", async () => {
  using directory = temporaryDirectory();
  const { genesis } = await createNetwork({
    out: directory.path,
    channel: "trade",
    organisations: [
      { name: "Org2", peers: 1 },
      { name: "Org1", peers: 1 },
    ],
    consensus: "bft",
  });
  const report = reportChannel(Block.parse(new Uint8Array(readFileSync(genesis))));
  expect(report).toMatchObject({ channel: "trade", sequence: 0, block: 0 });
  expect(report.organisations).toEqual([
    {
      name: "Org1",
      mspId: "Org1MSP",
      authorities: [
        {
          subject: "O=Org1, CN=ca.Org1",
          isRoot: true,
          notAfter: expect.stringMatching(/^20\d\d-/),
          revocationLists: 0,
          revoked: 0,
        },
      ],
      anchorPeers: ["127.0.0.1:9701"],
    },
    expect.objectContaining({ name: "Org2", anchorPeers: ["127.0.0.1:9700"] }),
  ]);
  expect(report.ordererOrganisations).toMatchObject([{ name: "Orderer", mspId: "OrdererMSP" }]);
  expect(report.consenters.map(({ id, address }) => `${id} ${address}`)).toEqual([
    "1 127.0.0.1:7050",
    "2 127.0.0.1:7051",
    "3 127.0.0.1:7052",
    "4 127.0.0.1:7053",
  ]);
  const rules = new Map(report.policies.map(({ path, rule }) => [path, rule]));
  expect(rules.get("/Channel/Application/Admins")).toBe("MAJORITY Admins");
  expect(rules.get("/Channel/Application/Org1/Writers")).toBe("OR('Org1MSP.admin', 'Org1MSP.client')");
  expect(rules.get("/Channel/Orderer/BlockValidation")).toMatch(
    /^OutOf\(3(, 'OrdererMSP O=Orderer, OU=orderer, CN=orderer[0-3]'){4}\)$/,
  );
});

test.skipIf(!HAS_FABRIC_BLOCKS)("a real configuration has a rule in words for each policy", () => {
  const report = reportChannel(Block.parse(fabricBlockBytes("v20_sample_ledgers-testchannel/0004.block")));
  expect(report.block).toBe(4);
  expect(report.organisations.length).toBeGreaterThan(0);
  expect(report.policies.length).toBeGreaterThan(10);
  for (const { rule } of report.policies) expect(rule).toMatch(/^(ANY|ALL|MAJORITY) \w+$|'/);
});
