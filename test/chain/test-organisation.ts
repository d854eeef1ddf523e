// oxlint-disable-next-line import/no-unassigned-import -- @peculiar/x509 needs it loaded before itself
import "reflect-metadata";
import { KeyObject, sign } from "node:crypto";
import mspPb from "@hyperledger/fabric-protos/lib/msp/msp_config_pb.js";
import * as x509 from "@peculiar/x509";
import type { OrdererSigner } from "../../chain/block-signing.ts";
import { derSequence } from "../../chain/der-values.ts";
import { ChainError } from "../../chain/errors.ts";
import { Msp } from "../../chain/msp.ts";
import { serializedIdentity } from "../../chain/serialized-identity.ts";

export type KeyType = "P-256" | "P-384" | "P-521" | "Ed25519";

/** What differs between test certificates; valid in the year 2020 unless said otherwise. */
export interface CertificateOptions {
  readonly name?: string;
  /** Organizational units of the subject. */
  readonly units?: readonly string[];
  readonly keyType?: KeyType;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly isCa?: boolean;
  /** Of a CA: how many others may be below it in a row. */
  readonly pathLength?: number;
  /** Object identifiers. */
  readonly extendedKeyUsage?: readonly string[];
  /** Hexadecimal. */
  readonly serialNumber?: string;
}

const YEAR_2020 = { notBefore: new Date("2020-01-01T00:00:00Z"), notAfter: new Date("2020-12-31T00:00:00Z") };
const SIGNING = { name: "ECDSA", hash: "SHA-256" };

/** A key pair with a certificate: a CA if it was asked for, or an end entity. */
export class TestCertificate {
  readonly certificate: x509.X509Certificate;
  readonly #keys: CryptoKeyPair;
  readonly #privateKey: KeyObject;

  private constructor(certificate: x509.X509Certificate, keys: CryptoKeyPair) {
    this.certificate = certificate;
    this.#keys = keys;
    this.#privateKey = KeyObject.from(keys.privateKey);
  }

  /** A self-signed CA. */
  static async root(options: CertificateOptions = {}): Promise<TestCertificate> {
    const keys = await generateKeys(options.keyType);
    const parts = certificateParts({ name: "root", isCa: true, ...options });
    const certificate = await x509.X509CertificateGenerator.create({
      ...parts,
      issuer: parts.subject,
      publicKey: keys.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: SIGNING,
    });
    return new TestCertificate(certificate, keys);
  }

  /** A certificate that this one's key signs, whether it may or not. */
  async issue(options: CertificateOptions = {}): Promise<TestCertificate> {
    const keys = await generateKeys(options.keyType);
    return new TestCertificate(await this.#certify(keys, options), keys);
  }

  /** Another certificate for the same key. */
  async reissue(holder: TestCertificate, options: CertificateOptions = {}): Promise<TestCertificate> {
    return new TestCertificate(await this.#certify(holder.#keys, options), holder.#keys);
  }

  #certify(keys: CryptoKeyPair, options: CertificateOptions): Promise<x509.X509Certificate> {
    return x509.X509CertificateGenerator.create({
      ...certificateParts(options),
      issuer: this.certificate.subject,
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      signingAlgorithm: SIGNING,
    });
  }

  /** PEM of a revocation list of these certificates. */
  async revoke(...certificates: readonly TestCertificate[]): Promise<string> {
    const list = await x509.X509CrlGenerator.create({
      issuer: this.certificate.subject,
      thisUpdate: new Date("2020-02-01T00:00:00Z"),
      nextUpdate: new Date("2020-03-01T00:00:00Z"),
      entries: certificates.map(({ certificate }) => ({
        serialNumber: certificate.serialNumber,
        revocationDate: new Date("2020-02-01T00:00:00Z"),
        reason: x509.X509CrlReason.keyCompromise,
      })),
      signingKey: this.#keys.privateKey,
      signingAlgorithm: SIGNING,
    });
    // The label that OpenSSL writes and Go reads; the library has its own.
    return list.toString("pem").replaceAll(/(BEGIN|END) [A-Z0-9 ]*CRL/g, "$1 X509 CRL");
  }

  get pem(): string {
    return `${this.certificate.toString("pem")}\n`;
  }

  /** PEM of PKCS#8. */
  get privateKeyPem(): string {
    return this.#privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  }

  /** The bytes of its `msp.SerializedIdentity`. */
  identity(mspId: string): Uint8Array {
    return serializedIdentity(mspId, this.pem);
  }

  /** As Fabric signs. */
  sign(bytes: Uint8Array, s: "low" | "high" = "low"): Uint8Array {
    if (this.#privateKey.asymmetricKeyType === "ed25519") return sign(undefined, bytes, this.#privateKey);
    return withS(sign("sha256", bytes, this.#privateKey), s, curveOrder(this.#privateKey));
  }

  /** For `signBlock`. */
  signer(mspId: string, consenterId?: number): OrdererSigner {
    const identity = this.identity(mspId);
    const consenter = consenterId === undefined ? {} : { consenterId };
    return { identity, sign: (bytes) => this.sign(bytes), ...consenter };
  }
}

/** What an MSP of a test consists of; certificates and lists in PEM. */
export interface TestMspParts {
  readonly mspId?: string;
  readonly type?: number;
  readonly roots?: readonly string[];
  readonly intermediates?: readonly string[];
  readonly admins?: readonly string[];
  readonly revocationLists?: readonly string[];
  /** Organizational units by role, each with or without the PEM of its certifier. */
  readonly nodeUnits?: Readonly<Partial<Record<"client" | "peer" | "admin" | "orderer", UnitParts>>>;
  readonly listedUnits?: readonly UnitParts[];
}

/** An organizational unit, and its certifier in PEM. */
export type UnitParts = readonly [name: string, certifier?: string];

/** Node OUs as Fabric's tools name them. */
export const NODE_UNITS = {
  client: ["client"],
  peer: ["peer"],
  admin: ["admin"],
  orderer: ["orderer"],
} as const;

/** Serialized `msp.MSPConfig`. */
export function mspBytes(parts: TestMspParts): Uint8Array {
  const { mspId = "TestMSP", nodeUnits } = parts;
  const fabric = new mspPb.FabricMSPConfig();
  fabric.setName(mspId);
  fabric.setRootCertsList(texts(parts.roots));
  fabric.setIntermediateCertsList(texts(parts.intermediates));
  fabric.setAdminsList(texts(parts.admins));
  fabric.setRevocationListList(texts(parts.revocationLists));
  fabric.setOrganizationalUnitIdentifiersList((parts.listedUnits ?? []).map(unit));
  if (nodeUnits !== undefined) {
    const ous = new mspPb.FabricNodeOUs();
    ous.setEnable(true);
    if (nodeUnits.client) ous.setClientOuIdentifier(unit(nodeUnits.client));
    if (nodeUnits.peer) ous.setPeerOuIdentifier(unit(nodeUnits.peer));
    if (nodeUnits.admin) ous.setAdminOuIdentifier(unit(nodeUnits.admin));
    if (nodeUnits.orderer) ous.setOrdererOuIdentifier(unit(nodeUnits.orderer));
    fabric.setFabricNodeOus(ous);
  }
  const config = new mspPb.MSPConfig();
  config.setType(parts.type ?? 0);
  config.setConfig(fabric.serializeBinary());
  return config.serializeBinary();
}

export function testMsp(parts: TestMspParts): Msp {
  return Msp.parse(mspBytes(parts));
}

/** The roles of the certificate's owner in TestMSP, or why it is none of the organisation's. */
export function rolesOrReason(msp: Msp, certificate: TestCertificate): string {
  try {
    return [...msp.identity(certificate.identity("TestMSP")).roles].sort().join(" ");
  } catch (error) {
    if (error instanceof ChainError && error.code === "INVALID_IDENTITY") return error.message;
    if (error instanceof ChainError && error.code === "REVOKED_IDENTITY") return `revoked: ${error.message}`;
    throw error;
  }
}

/** The same ECDSA signature with its s in the wanted half of the group's order. */
export function withS(signature: Uint8Array, half: "low" | "high", order: bigint): Uint8Array {
  const [r, s] = derSequence(signature).map(({ content }) =>
    BigInt(`0x${Buffer.from(content).toString("hex")}`),
  );
  const isHigh = s! > order / 2n;
  const integers = [derInteger(r!), derInteger(isHigh === (half === "high") ? s! : order - s!)];
  const content = Buffer.concat(integers);
  return Buffer.concat([
    Buffer.from(content.length < 0x80 ? [0x30, content.length] : [0x30, 0x81, content.length]),
    content,
  ]);
}

export const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const P384_ORDER = BigInt(`0x${"f".repeat(48)}c7634d81f4372ddf581a0db248b0a77aecec196accc52973`);
const P521_ORDER = BigInt(
  `0x01${"f".repeat(64)}fa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409`,
);

function curveOrder(key: KeyObject): bigint {
  const orders = { prime256v1: P256_ORDER, secp384r1: P384_ORDER, secp521r1: P521_ORDER };
  return orders[key.asymmetricKeyDetails?.namedCurve as keyof typeof orders];
}

function derInteger(value: bigint): Uint8Array {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  const content = bytes[0]! >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
  return Buffer.concat([Buffer.of(0x02, content.length), content]);
}

function generateKeys(keyType: KeyType = "P-256"): Promise<CryptoKeyPair> {
  const algorithm = keyType === "Ed25519" ? { name: keyType } : { name: "ECDSA", namedCurve: keyType };
  return crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]) as Promise<CryptoKeyPair>;
}

function certificateParts(options: CertificateOptions) {
  const { name = "somebody", units = [], isCa = false, extendedKeyUsage, serialNumber } = options;
  const usage = isCa
    ? x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign
    : x509.KeyUsageFlags.digitalSignature;
  return {
    subject: new x509.Name([...units.map((each) => ({ OU: [each] })), { CN: [name] }]).toString(),
    ...YEAR_2020,
    ...(options.notBefore === undefined ? {} : { notBefore: options.notBefore }),
    ...(options.notAfter === undefined ? {} : { notAfter: options.notAfter }),
    ...(serialNumber === undefined ? {} : { serialNumber }),
    extensions: [
      new x509.BasicConstraintsExtension(isCa, options.pathLength, true),
      new x509.KeyUsagesExtension(usage, true),
      ...(extendedKeyUsage === undefined ? [] : [new x509.ExtendedKeyUsageExtension([...extendedKeyUsage])]),
    ],
  };
}

function unit([name, certifier]: UnitParts): mspPb.FabricOUIdentifier {
  const identifier = new mspPb.FabricOUIdentifier();
  identifier.setOrganizationalUnitIdentifier(name);
  if (certifier !== undefined) identifier.setCertificate(Buffer.from(certifier));
  return identifier;
}

function texts(pems: readonly string[] = []): Uint8Array[] {
  return pems.map((pem) => Buffer.from(pem));
}
