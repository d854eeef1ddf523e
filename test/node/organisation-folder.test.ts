import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import mspPb from "@hyperledger/fabric-protos/lib/msp/msp_config_pb.js";
import { expect, test } from "vitest";
import { mspValue } from "../../chain/msp-value.ts";
import { AuthorityFolder } from "../../node/msp/authority-folder.ts";
import { readOrganisationMsp } from "../../node/msp/organisation-folder.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

function fabricConfig(bytes: Uint8Array): mspPb.FabricMSPConfig {
  const config = mspPb.MSPConfig.deserializeBinary(bytes);
  return mspPb.FabricMSPConfig.deserializeBinary(config.getConfig_asU8());
}

test("an authority's folder and its MSP folder give what a genesis block has of the organisation", async () => {
  using directory = temporaryDirectory();
  const folder = join(directory.path, "Org1");
  const { authority } = await AuthorityFolder.create(folder, "Org1");
  const rootCertificates = [authority.credential.certificate];
  const made = mspValue({ name: "Org1", mspId: "Org1MSP", rootCertificates });
  for (const path of [folder, join(folder, "msp")])
    expect(Buffer.from(readOrganisationMsp(path, "Org1MSP"))).toEqual(Buffer.from(made.serializeBinary()));
});

test("all parts of an MSP folder come along: lists, administrators, TLS authorities, units of its own", async () => {
  using directory = temporaryDirectory();
  const folder = await AuthorityFolder.create(directory.path, "Org1");
  await folder.issue({ commonName: "peer0", role: "peer" });
  await folder.revoke({ commonName: "peer0" }, 9);
  const msp = join(directory.path, "msp");
  const root = folder.authority.credential.certificate;
  for (const part of ["admincerts", "tlscacerts"]) {
    mkdirSync(join(msp, part));
    writeFileSync(join(msp, part, "cert.pem"), root);
  }
  writeFileSync(
    join(msp, "config.yaml"),
    "NodeOUs: { Enable: true, PeerOUIdentifier: { OrganizationalUnitIdentifier: knot, Certificate: cacerts/ca-cert.pem } }",
  );
  const config = fabricConfig(readOrganisationMsp(msp, "OneMSP"));
  expect(config.getName()).toBe("OneMSP");
  const list = readFileSync(join(msp, "crls", "crl.pem"), "utf8");
  const texts = (bytes: readonly Uint8Array[]) => bytes.map((each) => Buffer.from(each).toString());
  expect(texts(config.getRevocationListList_asU8())).toEqual([list]);
  expect(texts(config.getAdminsList_asU8())).toEqual([root]);
  expect(texts(config.getTlsRootCertsList_asU8())).toEqual([root]);
  const unit = config.getFabricNodeOus()?.getPeerOuIdentifier();
  expect(unit?.getOrganizationalUnitIdentifier()).toBe("knot");
  expect(texts([unit!.getCertificate_asU8()])).toEqual([root]);
  expect(config.getFabricNodeOus()?.getAdminOuIdentifier()).toBeUndefined();
});

test("a folder without MSP folder is refused by name", () => {
  using directory = temporaryDirectory();
  expect(existsSync(directory.path)).toBe(true);
  expect(() => readOrganisationMsp(directory.path, "Org1MSP")).toThrow(
    expect.objectContaining({
      code: "MSP_INVALID",
      message: `${directory.path} is no usable MSP folder: neither it nor a folder msp in it has cacerts`,
    }),
  );
});
