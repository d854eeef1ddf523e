import { Buffer } from "node:buffer";
import { lengthDelimited } from "./protobuf-fields.ts";

/**
 * A certificate as Fabric passes it around: the bytes of `msp.SerializedIdentity { mspid = 1, id_bytes = 2 }`, where
 * the id bytes are the certificate's PEM text exactly as it stands in the file.
 */
export function serializedIdentity(mspId: string, certificatePem: string): Uint8Array {
  return Buffer.concat([
    lengthDelimited(1, Buffer.from(mspId, "utf8")),
    lengthDelimited(2, Buffer.from(certificatePem, "utf8")),
  ]);
}
