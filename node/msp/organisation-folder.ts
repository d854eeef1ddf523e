import { Buffer } from "node:buffer";
import { existsSync } from "node:fs";
import { join } from "node:path";
import mspPb from "@hyperledger/fabric-protos/lib/msp/msp_config_pb.js";
import { readCertifiers } from "./msp-certifiers.ts";
import { certificateFiles, mspInvalid } from "./msp-files.ts";
import { readUnits } from "./msp-units.ts";

/**
 * The bytes of the `msp.MSPConfig` that puts an organisation into a channel's configuration, as `configtxgen` makes it
 * of an MSP folder: `cacerts`, `intermediatecerts`, `crls`, `admincerts`, `tlscacerts`, `tlsintermediatecerts` and
 * `config.yaml`. Certificates and keys of members are not looked at.
 *
 * @param directory the MSP folder, or one that has it as `msp`, such as an authority's or cryptogen's for an
 *   organisation.
 * @throws NodeError `FILE_UNREADABLE`; `MSP_INVALID` where it is no usable MSP folder.
 */
export function readOrganisationMsp(directory: string, mspId: string): Uint8Array {
  const folder = mspFolderOf(directory);
  const { rootCertificates, intermediateCertificates, revocationLists } = readCertifiers(folder);
  const fabric = readUnits(folder);
  fabric.setName(mspId);
  fabric.setRootCertsList(rootCertificates.map(bytes));
  fabric.setIntermediateCertsList(intermediateCertificates.map(bytes));
  fabric.setRevocationListList(revocationLists.map(bytes));
  fabric.setAdminsList(part(folder, "admincerts"));
  fabric.setTlsRootCertsList(part(folder, "tlscacerts"));
  fabric.setTlsIntermediateCertsList(part(folder, "tlsintermediatecerts"));
  const crypto = new mspPb.FabricCryptoConfig();
  crypto.setSignatureHashFamily("SHA2");
  crypto.setIdentityIdentifierHashFunction("SHA256");
  fabric.setCryptoConfig(crypto);
  const config = new mspPb.MSPConfig();
  config.setConfig(fabric.serializeBinary());
  return config.serializeBinary();
}

function mspFolderOf(directory: string): string {
  const folder = [directory, join(directory, "msp")].find((each) => existsSync(join(each, "cacerts")));
  if (folder !== undefined) return folder;
  throw mspInvalid(directory, "neither it nor a folder msp in it has cacerts");
}

function part(folder: string, name: string): Uint8Array[] {
  return certificateFiles(folder, name).map(({ text }) => bytes(text));
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text, "utf8");
}
