import { Buffer } from "node:buffer";
import { ChainError } from "../../chain/errors.ts";
import type { Identity } from "../../chain/identity.ts";
import type { Msp } from "../../chain/msp.ts";
import { parseSerializedIdentity } from "../../chain/parse-serialized-identity.ts";
import { lengthDelimited, protobufFields, type ProtobufField } from "../../chain/protobuf-fields.ts";
import type { Signer } from "../../chain/block-signing.ts";
import { serializedIdentity } from "../../chain/serialized-identity.ts";
import { GossipError, type AdmissionCode } from "../../gossip/errors.ts";
import { IDENTITY_BYTES_MAX } from "../../gossip/door/identity-id.ts";
import { NodeError } from "../errors.ts";
import { reason } from "../files.ts";
import type { MspFolder } from "./msp-folder.ts";

/**
 * What a peer shows to be admitted: its certificate, and the certificate key's signature on its libp2p peer id. Fabric
 * ties the two together by the hash of the TLS certificate; here the peer id stands for the key that secures the
 * connection.
 *
 * The bytes are a protobuf message `{ bytes serialized_identity = 1; bytes signature = 2 }`: an `msp.SerializedIdentity`,
 * and the signature (ECDSA over SHA-256, DER, lower s) over the text `blockgossip identity v1\nMSPID\nPEERID`. They
 * hold no secret; nobody but the owner of the libp2p key can use them.
 */
export function createIdentity(signer: Signer, peerId: string): Uint8Array {
  const { mspId } = parseSerializedIdentity(signer.identity);
  const signature = signer.sign(statement(mspId, peerId));
  return Buffer.concat([lengthDelimited(1, signer.identity), lengthDelimited(2, signature)]);
}

/** A certificate that was shown and is good. */
export interface VerifiedIdentity {
  readonly mspId: string;
  /** The `msp.SerializedIdentity`, as it was shown. */
  readonly serialized: Uint8Array;
  /** What the organisation says of the certificate. */
  readonly member: Identity;
  /** When the certificate expires, in milliseconds since 1970. */
  readonly expiresMs: number;
}

/**
 * What an identity made by {@link createIdentity} proves this peer to be. Unlike for blocks, the certificate must not
 * have expired.
 *
 * @param organisations in which the peer may be; where two have the same MSP id, the first counts.
 * @param nowMs milliseconds since 1970.
 * @throws GossipError with an `AdmissionCode` and the reason.
 */
export function verifyIdentity(
  identity: Uint8Array,
  peerId: string,
  organisations: Iterable<Msp>,
  nowMs: number,
): VerifiedIdentity {
  const { serialized, signature } = parse(identity, peerId);
  const { mspId } = malformedAsRefusal(peerId, () => parseSerializedIdentity(serialized));
  const organisation = Array.from(organisations).find((msp) => msp.mspId === mspId);
  if (organisation === undefined)
    throw refused("UNKNOWN_ORGANISATION", peerId, `${quote(mspId)} is no organisation of a joined channel`);
  const member = validate(organisation, serialized, peerId);
  const expiry = member.certificate.validToDate;
  const expiresMs = expiry.getTime();
  if (expiresMs <= nowMs)
    throw refused("EXPIRED_CERTIFICATE", peerId, `its certificate expired on ${expiry.toISOString()}`);
  if (!member.verify(statement(mspId, peerId), signature)) {
    const why = `the certificate of ${mspId} that it shows does not vouch for this peer id`;
    throw refused("WRONG_PEER", peerId, why);
  }
  return { mspId, serialized, member, expiresMs };
}

/**
 * The MSP id of the organisation that issued the folder's certificate, for a peer that was not told.
 *
 * @throws NodeError `MSP_INVALID` where none of the organisations did, or several did.
 */
export function findMspId(folder: MspFolder, organisations: Iterable<Msp>): string {
  const candidates = Array.from(organisations);
  const found = candidates.filter((msp) => isMember(msp, serializedIdentity(msp.mspId, folder.certificate)));
  const ids = [...new Set(found.map(({ mspId }) => mspId))];
  const [mspId] = ids;
  if (mspId !== undefined && ids.length === 1) return mspId;
  const names = (ids.length > 1 ? ids : candidates.map((msp) => msp.mspId)).join(", ") || "none";
  throw new NodeError(
    "MSP_INVALID",
    ids.length > 1
      ? `the certificate in ${folder.directory} is one of several organisations: ${names}; set mspId to one of them`
      : `the certificate in ${folder.directory} is of no organisation of the joined channels: ${names}`,
  );
}

function statement(mspId: string, peerId: string): Uint8Array {
  return Buffer.from(`blockgossip identity v1\n${mspId}\n${peerId}`, "utf8");
}

interface IdentityParts {
  readonly serialized: Uint8Array;
  readonly signature: Uint8Array;
}

function parse(identity: Uint8Array, peerId: string): IdentityParts {
  if (identity.length > IDENTITY_BYTES_MAX) {
    throw refused(
      "MALFORMED_IDENTITY",
      peerId,
      `its identity has ${identity.length} bytes, more than ${IDENTITY_BYTES_MAX}`,
    );
  }
  return malformedAsRefusal(peerId, () => {
    const [serialized, signature, ...more] = protobufFields(identity);
    if (!isBytes(serialized, 1) || !isBytes(signature, 2) || more.length > 0) {
      throw new RangeError("it does not consist of a certificate and a signature");
    }
    return { serialized: serialized.bytes, signature: signature.bytes };
  });
}

function isBytes(field: ProtobufField | undefined, number: number): field is ProtobufField {
  return field?.number === number && field.wireType === 2;
}

function malformedAsRefusal<Result>(peerId: string, read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw refused("MALFORMED_IDENTITY", peerId, `its identity is malformed: ${reason(cause)}`, cause);
  }
}

function validate(organisation: Msp, serialized: Uint8Array, peerId: string): Identity {
  try {
    return organisation.identity(serialized);
  } catch (cause) {
    if (!(cause instanceof ChainError)) throw cause;
    const code = cause.code === "REVOKED_IDENTITY" ? "REVOKED_CERTIFICATE" : "INVALID_CERTIFICATE";
    throw refused(code, peerId, reason(cause), cause);
  }
}

function isMember(organisation: Msp, serialized: Uint8Array): boolean {
  try {
    return organisation.identity(serialized).roles.has("member");
  } catch (error) {
    if (error instanceof ChainError) return false;
    throw error;
  }
}

const QUOTED_LENGTH_MAX = 100;

function quote(text: string): string {
  return JSON.stringify(text.length > QUOTED_LENGTH_MAX ? `${text.slice(0, QUOTED_LENGTH_MAX)}…` : text);
}

function refused(code: AdmissionCode, peerId: string, why: string, cause?: unknown): GossipError {
  return new GossipError(code, `${peerId} is not admitted: ${why}`, { cause });
}
