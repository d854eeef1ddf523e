import { Buffer } from "node:buffer";
import mspPb from "@hyperledger/fabric-protos/lib/msp/msp_config_pb.js";
import { parseCertificate } from "./certificate.ts";
import { CertificationTree } from "./certification-tree.ts";
import { decodeMessage } from "./decode-message.ts";
import { ChainError } from "./errors.ts";
import { sha256 } from "./hash.ts";
import { Identity, identityId, type Role } from "./identity.ts";
import { OrganizationalUnits, organizationalUnits } from "./organizational-units.ts";
import { RevocationList } from "./revocation-list.ts";
import { RevokedCertificateError } from "./revoked-certificate-error.ts";
import { parseSerializedIdentity } from "./parse-serialized-identity.ts";
import { isVerifyingKey } from "./verify-signature.ts";

/** `MSPConfig.type` of an MSP of X.509 certificates. */
const FABRIC = 0;
/** Far more than a channel has orderers and administrators. */
const REMEMBERED_IDENTITIES_MAX = 1024;

/**
 * One organisation's membership service provider, as the `MSP` value of a channel's configuration describes it: which
 * certificates are the organisation's, and what their owners may be (Fabric, msp/mspimpl.go). Expiry is not checked, as
 * Fabric does not check it for signatures on blocks: see {@link CertificationTree}.
 */
export class Msp {
  readonly mspId: string;
  readonly #tree: CertificationTree;
  readonly #units: OrganizationalUnits;
  readonly #admins: ReadonlySet<string>;
  /** Identities that were found valid, by the hash of their serialized form; the least recently used one first. */
  readonly #remembered = new Map<string, Identity>();

  private constructor(config: mspPb.FabricMSPConfig) {
    this.mspId = config.getName();
    if (this.mspId === "") throw new RangeError("it has no name");
    this.#tree = new CertificationTree({
      roots: config.getRootCertsList_asU8().map(parseCertificate),
      intermediates: config.getIntermediateCertsList_asU8().map(parseCertificate),
      revocationLists: config.getRevocationListList_asU8().map((bytes) => RevocationList.parse(bytes)),
    });
    this.#units = new OrganizationalUnits(config, this.#tree);
    const admins = config.getAdminsList_asU8().map(parseCertificate);
    this.#admins = new Set(admins.map((certificate) => identityId(this.mspId, certificate)));
  }

  /** Whether a serialized `msp.MSPConfig` is of type FABRIC. @throws ChainError `MALFORMED_CONFIG`. */
  static isOfCertificates(bytes: Uint8Array): boolean {
    return decodeMessage(mspPb.MSPConfig, bytes, "MSPConfig").getType() === FABRIC;
  }

  /**
   * Reads a serialized `msp.MSPConfig` of type FABRIC.
   *
   * @throws ChainError `MALFORMED_CONFIG`.
   */
  static parse(bytes: Uint8Array): Msp {
    const config = decodeMessage(mspPb.MSPConfig, bytes, "MSPConfig");
    if (config.getType() !== FABRIC)
      throw new ChainError(
        "MALFORMED_CONFIG",
        `an MSP of type ${config.getType()}, not of X.509 certificates`,
      );
    const fabricConfig = decodeMessage(mspPb.FabricMSPConfig, config.getConfig_asU8(), "FabricMSPConfig");
    try {
      return new Msp(fabricConfig);
    } catch (cause) {
      throw new ChainError(
        "MALFORMED_CONFIG",
        `MSP ${fabricConfig.getName()} is not usable: ${reason(cause)}`,
        { cause },
      );
    }
  }

  /**
   * The identity that these bytes of an `msp.SerializedIdentity` name, with all that this MSP says of it.
   *
   * @throws ChainError `INVALID_IDENTITY` where it is not one of the organisation's; `REVOKED_IDENTITY` where the CA
   * that issued it has revoked it.
   */
  identity(serialized: Uint8Array): Identity {
    const key = Buffer.from(sha256(serialized)).toString("base64");
    const remembered = this.#remembered.get(key);
    if (remembered !== undefined) this.#remembered.delete(key);
    const identity = remembered ?? this.#validate(serialized);
    this.#remembered.set(key, identity);
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > REMEMBERED_IDENTITIES_MAX && oldest !== undefined)
      this.#remembered.delete(oldest);
    return identity;
  }

  #validate(serialized: Uint8Array): Identity {
    try {
      const { mspId, certificatePem } = parseSerializedIdentity(serialized);
      if (mspId !== this.mspId) throw new RangeError(`it is of ${JSON.stringify(mspId.slice(0, 100))}`);
      const certificate = parseCertificate(certificatePem);
      if (!isVerifyingKey(certificate.publicKey))
        throw new RangeError("its key is neither ECDSA on P-256 or P-384 nor Ed25519");
      const issuer = this.#tree.issuerOf(certificate);
      const units = organizationalUnits(certificate, issuer);
      const role = this.#units.roleOf(units);
      const roles = new Set<Role>(["member"]);
      if (role !== undefined) roles.add(role);
      if (this.#admins.has(identityId(mspId, certificate))) roles.add("admin");
      return new Identity({ mspId, certificate, units, roles });
    } catch (cause) {
      throw new ChainError(
        cause instanceof RevokedCertificateError ? "REVOKED_IDENTITY" : "INVALID_IDENTITY",
        `an identity that is none of ${this.mspId}: ${reason(cause)}`,
        { cause },
      );
    }
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
