import type { X509Certificate } from "node:crypto";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { organizationalUnitNames } from "../../chain/certificate.ts";
import type { ApiRight } from "./api-right.ts";
import { isInForce } from "./api-tls.ts";

/** What a connection's client certificate is worth. */
export type ClientCertificate =
  | { readonly kind: "none" }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "trusted"; readonly right: ApiRight; readonly subject: string };

/**
 * Judges the certificate that the client of a connection has shown. Which right it gives is told by its organizational
 * units, as in an MSP with node OUs: `admin` may operate the peer, `client` submit, any other read.
 */
export function clientCertificate(socket: Socket, nowMs: number): ClientCertificate {
  if (!(socket instanceof TLSSocket)) return { kind: "none" };
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return { kind: "none" };
  if (!socket.authorized) return { kind: "refused", reason: String(socket.authorizationError) };
  // A connection, and a TLS session that is taken up again, can outlive the certificate that it began with.
  if (!isInForce(certificate, nowMs)) return { kind: "refused", reason: "CERT_HAS_EXPIRED" };
  return {
    kind: "trusted",
    right: rightOf(certificate),
    subject: certificate.subject.replaceAll("\n", ", "),
  };
}

function rightOf(certificate: X509Certificate): ApiRight {
  const units = organizationalUnitNames(certificate);
  return units.includes("admin") ? "operate" : units.includes("client") ? "submit" : "read";
}
