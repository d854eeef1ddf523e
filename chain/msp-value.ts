import { Buffer } from "node:buffer";
import mspPb from "@hyperledger/fabric-protos/lib/msp/msp_config_pb.js";
import type { OrganisationSpec } from "./channel-spec.ts";

/** An organisation's `MSP` value: `MSPConfig` of type FABRIC with node OUs, as `config.yaml` in an MSP folder enables them. */
export function mspValue(organisation: OrganisationSpec): mspPb.MSPConfig {
  const fabric = new mspPb.FabricMSPConfig();
  fabric.setName(organisation.mspId);
  fabric.setRootCertsList(pems(organisation.rootCertificates));
  fabric.setIntermediateCertsList(pems(organisation.intermediateCertificates));
  fabric.setRevocationListList(pems(organisation.revocationLists));
  const crypto = new mspPb.FabricCryptoConfig();
  crypto.setSignatureHashFamily("SHA2");
  crypto.setIdentityIdentifierHashFunction("SHA256");
  fabric.setCryptoConfig(crypto);
  fabric.setFabricNodeOus(nodeOus());
  const config = new mspPb.MSPConfig();
  config.setConfig(fabric.serializeBinary());
  return config;
}

function nodeOus(): mspPb.FabricNodeOUs {
  const ous = new mspPb.FabricNodeOUs();
  ous.setEnable(true);
  ous.setClientOuIdentifier(organizationalUnit("client"));
  ous.setPeerOuIdentifier(organizationalUnit("peer"));
  ous.setAdminOuIdentifier(organizationalUnit("admin"));
  ous.setOrdererOuIdentifier(organizationalUnit("orderer"));
  return ous;
}

/** An identifier without a certificate: the unit counts whichever of the organisation's CAs issued it. */
function organizationalUnit(name: string): mspPb.FabricOUIdentifier {
  const identifier = new mspPb.FabricOUIdentifier();
  identifier.setOrganizationalUnitIdentifier(name);
  return identifier;
}

function pems(certificates: readonly string[] = []): Uint8Array[] {
  return certificates.map((pem) => Buffer.from(pem, "utf8"));
}
