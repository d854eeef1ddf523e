// oxlint-disable-next-line import/no-unassigned-import -- @peculiar/x509 needs it loaded before itself
import "reflect-metadata";
import { createPrivateKey, KeyObject } from "node:crypto";
import { isIP } from "node:net";
import { SubjectAlternativeNameExtension, X509Certificate, X509CertificateGenerator } from "@peculiar/x509";
import type { CertificateAuthority, Credential } from "../../node/msp/certificate-authority.ts";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" };
const DAY_MS = 24 * 60 * 60 * 1000;

/** A certificate that the authority itself does not issue: with names of a server, or good for another time. */
export async function tlsCredential(
  { credential }: CertificateAuthority,
  {
    names = [],
    fromDays = -1,
    toDays = 1,
    units = [],
  }: {
    readonly names?: readonly string[];
    /** From now. */
    readonly fromDays?: number;
    readonly toDays?: number;
    readonly units?: readonly string[];
  },
): Promise<Credential> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.create({
    subject: [...units.map((unit) => ({ OU: [unit] })), { CN: ["test"] }],
    issuer: new X509Certificate(credential.certificate).subjectName,
    publicKey: keys.publicKey,
    // Node's type has names of newer algorithms' usages, which the browser's lacks.
    signingKey: createPrivateKey(credential.privateKey).toCryptoKey(ALGORITHM, true, ["sign"]) as CryptoKey,
    signingAlgorithm: { name: "ECDSA", hash: "SHA-256" },
    notBefore: new Date(Date.now() + fromDays * DAY_MS),
    notAfter: new Date(Date.now() + toDays * DAY_MS),
    extensions:
      names.length === 0
        ? []
        : [
            new SubjectAlternativeNameExtension(
              names.map((value) => ({ type: isIP(value) === 0 ? ("dns" as const) : ("ip" as const), value })),
            ),
          ],
  });
  return {
    certificate: certificate.toString("pem"),
    privateKey: KeyObject.from(keys.privateKey).export({ type: "pkcs8", format: "pem" }).toString(),
  };
}
