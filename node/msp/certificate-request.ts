import { Buffer } from "node:buffer";
import { createPublicKey, type KeyObject } from "node:crypto";
import { checkedName } from "./certificate-names.ts";
import { NodeError } from "../errors.ts";
import { reason } from "../files.ts";
import { importKeys, keyType, SIGNING_ALGORITHM } from "./signing-keys.ts";
import { Pkcs10CertificateRequest, Pkcs10CertificateRequestGenerator } from "./x509.ts";

/** What a request asks an authority to certify. */
export interface CertificateRequest {
  readonly commonName: string;
  /** undefined where the request does not say. */
  readonly organisation: string | undefined;
  readonly publicKey: KeyObject;
}

/**
 * A PKCS#10 request in PEM, signed by the key that it is for.
 *
 * @throws NodeError `CONFIG_INVALID` for a name that cannot stand in a certificate.
 */
export async function createCertificateRequest(
  privateKey: KeyObject,
  { commonName, organisation }: Omit<CertificateRequest, "publicKey">,
): Promise<string> {
  checkedName(commonName, "the common name");
  if (organisation !== undefined) checkedName(organisation, "the organisation's name");
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: [...(organisation === undefined ? [] : [{ O: [organisation] }]), { CN: [commonName] }],
    keys: await importKeys(privateKey),
    signingAlgorithm: SIGNING_ALGORITHM,
  });
  return `${request.toString("pem")}\n`;
}

/**
 * Reads a request in PEM whose sender has the key that it is for. Nothing else that a request may ask for is looked at.
 *
 * @param path where it is from, for errors.
 * @throws NodeError `CERTIFICATE_INVALID`.
 */
export async function readCertificateRequest(path: string, pem: string): Promise<CertificateRequest> {
  try {
    const request = new Pkcs10CertificateRequest(pem);
    const publicKey = createPublicKey({
      key: Buffer.from(request.publicKey.rawData),
      format: "der",
      type: "spki",
    });
    // Peers sign on P-256 only, as Fabric's do.
    if (publicKey.asymmetricKeyDetails?.namedCurve !== "prime256v1")
      throw new RangeError(`its key is ${keyType(publicKey)}, where ECDSA P-256 is needed`);
    if (!(await request.verify())) throw new RangeError("its signature is not that of the key in it");
    const [commonName] = request.subjectName.getField("CN");
    if (commonName === undefined) throw new RangeError("it names nobody: its subject has no common name");
    const [organisation] = request.subjectName.getField("O");
    return { commonName, organisation, publicKey };
  } catch (cause) {
    throw new NodeError(
      "CERTIFICATE_INVALID",
      `${path} is no usable certificate request: ${reason(cause)}; make one with: blockgossip cert csr`,
      { cause },
    );
  }
}
