// oxlint-disable-next-line import/no-unassigned-import -- @peculiar/x509 needs it loaded before itself
import "reflect-metadata";
import { createHash, createPrivateKey, createPublicKey, sign, type KeyObject } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
  X509CrlGenerator,
  X509CrlReason,
  type X509Certificate,
} from "@peculiar/x509";
import type { Consensus, Signer } from "../../chain/block-signing.ts";
import type { OrderingSpec, OrganisationSpec } from "../../chain/channel-spec.ts";
import type { NodeRole } from "../../chain/organizational-units.ts";
import { serializedIdentity } from "../../chain/serialized-identity.ts";

/** What differs between members. */
export interface MemberOptions {
  /** "peer" unless said otherwise. */
  readonly role?: NodeRole;
  /** Milliseconds since 1970, like `validToMs`; a certificate has whole seconds, the rest is cut off. */
  readonly validFromMs?: number;
  readonly validToMs?: number;
  /** Hexadecimal, less than 20 bytes, the first bit 0. Without it, one that only this certificate has. */
  readonly serial?: string;
}

/** Somebody with a certificate of an organisation, and the key to it. */
export interface SimulatedMember {
  /** PEM. */
  readonly certificate: string;
  /** Hexadecimal. */
  readonly serial: string;
  readonly signer: Signer;
}

const ALGORITHM = { name: "Ed25519" } as const;
/** `PrivateKeyInfo` of an Ed25519 key up to its 32 bytes (RFC 8410, section 7). */
const PKCS8_START = Buffer.from("302e020100300506032b657004220420", "hex");
/** Around the beginning of the virtual clock, 2026. */
const VALID_FROM_MS = Date.UTC(2025, 0, 1);
const VALID_TO_MS = Date.UTC(2045, 0, 1);

/**
 * An organisation for simulations: an Ed25519 CA, and members with real certificates. There is no randomness and no
 * clock in it: the same calls give the same bytes in every run. Its keys are no secret.
 */
export class SimulatedOrganisation {
  readonly name: string;
  readonly mspId: string;
  /** PEM. */
  readonly rootCertificate: string;
  readonly #root: X509Certificate;
  readonly #key: CryptoKey;
  readonly #seed: string;

  private constructor(name: string, seed: string, { root, key }: { root: X509Certificate; key: CryptoKey }) {
    this.name = name;
    this.mspId = `${name}MSP`;
    this.rootCertificate = pem(root);
    this.#root = root;
    this.#key = key;
    this.#seed = seed;
  }

  /**
   * The organisation of this name, its MSP id the name and `MSP`. Another seed gives other keys: what the organisation
   * becomes when it replaces its CA, or an impostor.
   */
  static async create(name: string, seed = ""): Promise<SimulatedOrganisation> {
    const caSeed = JSON.stringify([seed, name]);
    const keys = await webKeys(privateKey(`ca ${caSeed}`));
    const subject = [{ O: [name] }, { CN: [`ca.${name}`] }];
    const root = await X509CertificateGenerator.create({
      serialNumber: serialOf(`ca ${caSeed}`),
      subject,
      issuer: subject,
      publicKey: keys.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: ALGORITHM,
      notBefore: new Date(VALID_FROM_MS),
      notAfter: new Date(VALID_TO_MS),
      extensions: [
        new BasicConstraintsExtension(true, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    return new SimulatedOrganisation(name, caSeed, { root, key: keys.privateKey });
  }

  /** Its part of a channel's configuration; with the CA of now alone, unless said otherwise. */
  spec(options: Partial<Omit<OrganisationSpec, "name" | "mspId">> = {}): OrganisationSpec {
    return { name: this.name, mspId: this.mspId, rootCertificates: [this.rootCertificate], ...options };
  }

  /** The ordering of a channel by this organisation, with these members as consenters 1, 2 and so on. */
  ordering(orderers: readonly SimulatedMember[], consensus: Consensus = "raft"): OrderingSpec {
    const consenters = orderers.map(({ certificate }, index) => ({
      id: index + 1,
      host: `orderer${index + 1}.${this.name.toLowerCase()}.example`,
      port: 7050,
      mspId: this.mspId,
      certificate,
    }));
    return { consensus, organisation: this.spec(), consenters };
  }

  /**
   * A member with a certificate of the CA. Its name alone decides its key: with other options, this is another
   * certificate for the same key.
   */
  async member(name: string, options: MemberOptions = {}): Promise<SimulatedMember> {
    const { role = "peer", validFromMs = VALID_FROM_MS, validToMs = VALID_TO_MS } = options;
    const key = privateKey(`member ${this.#seed} ${name}`);
    const { publicKey } = await webKeys(key);
    const parts = JSON.stringify([name, role, validFromMs, validToMs]);
    const serial = options.serial ?? serialOf(`member ${this.#seed} ${parts}`);
    const certificate = await X509CertificateGenerator.create({
      serialNumber: serial,
      subject: [{ O: [this.name] }, { OU: [role] }, { CN: [name] }],
      issuer: this.#root.subjectName,
      publicKey,
      signingKey: this.#key,
      signingAlgorithm: ALGORITHM,
      notBefore: new Date(validFromMs),
      notAfter: new Date(validToMs),
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        await SubjectKeyIdentifierExtension.create(publicKey),
        await AuthorityKeyIdentifierExtension.create(this.#root),
      ],
    });
    const identity = serializedIdentity(this.mspId, pem(certificate));
    const signer = { identity, sign: (bytes: Uint8Array) => sign(undefined, bytes, key) };
    return { certificate: pem(certificate), serial, signer };
  }

  /** PEM of the CA's list of these certificates, for `spec`. */
  async revocationList(serials: readonly string[]): Promise<string> {
    const revocationDate = new Date(VALID_FROM_MS);
    const list = await X509CrlGenerator.create({
      issuer: this.#root.subjectName,
      thisUpdate: revocationDate,
      nextUpdate: new Date(VALID_TO_MS),
      entries: serials.map((serialNumber) => ({
        serialNumber,
        revocationDate,
        reason: X509CrlReason.keyCompromise,
      })),
      signingKey: this.#key,
      signingAlgorithm: ALGORITHM,
    });
    // The label that OpenSSL writes and Go reads; the library has its own.
    return `${list.toString("pem").replaceAll(/(BEGIN|END) CRL/g, "$1 X509 CRL")}\n`;
  }
}

function privateKey(seed: string): KeyObject {
  const der = Buffer.concat([PKCS8_START, createHash("sha256").update(`key ${seed}`).digest()]);
  return createPrivateKey({ key: der, format: "der", type: "pkcs8" });
}

/** The key and its public half as WebCrypto has them. */
async function webKeys(key: KeyObject): Promise<CryptoKeyPair> {
  const secret = new Uint8Array(key.export({ format: "der", type: "pkcs8" }));
  const open = new Uint8Array(createPublicKey(key).export({ format: "der", type: "spki" }));
  const [signing, verifying] = await Promise.all([
    crypto.subtle.importKey("pkcs8", secret, ALGORITHM, true, ["sign"]),
    crypto.subtle.importKey("spki", open, ALGORITHM, true, ["verify"]),
  ]);
  return { privateKey: signing, publicKey: verifying };
}

/** A positive number of 16 bytes in its shortest form. */
function serialOf(seed: string): string {
  return `01${createHash("sha256").update(`serial ${seed}`).digest("hex").slice(0, 30)}`;
}

function pem(certificate: X509Certificate): string {
  return `${certificate.toString("pem")}\n`;
}
