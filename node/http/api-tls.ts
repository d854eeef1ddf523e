import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import { statSync } from "node:fs";
import type { PeerConfig } from "../config/config.ts";
import { NodeError } from "../errors.ts";
import { readText, reason } from "../files.ts";

/** What the API's TLS needs, read and checked. */
export interface ApiTls {
  /** PEM, intermediate certificates behind it. */
  readonly chain: string;
  /** The first of the chain: the API's own. */
  readonly certificate: X509Certificate;
  /** PEM. */
  readonly privateKey: string;
  /** PEM of the authorities whose client certificates open the API; undefined: none do. */
  readonly clientCa: string | undefined;
  /** Sentences on what an operator should put right although it works. */
  readonly warnings: readonly string[];
}

/**
 * Reads the files of the API's TLS; undefined where it has none.
 *
 * @throws NodeError `FILE_UNREADABLE`; `CONFIG_INVALID` where a file is not what it should be, or key and certificate
 * do not fit.
 */
export function readApiTls(
  { apiTlsCert, apiTlsKey, apiClientCa }: PeerConfig,
  nowMs: number,
): ApiTls | undefined {
  if (apiTlsCert === undefined || apiTlsKey === undefined) return undefined;
  const chain = readText(apiTlsCert, "the API's certificate");
  const [certificate] = parseCertificates("apiTlsCert", apiTlsCert, chain);
  const privateKey = readText(apiTlsKey, "the API's private key");
  if (!certificate.checkPrivateKey(parsePrivateKey(apiTlsKey, privateKey)))
    throw invalid(`apiTlsKey ${apiTlsKey} is not the key of the certificate apiTlsCert ${apiTlsCert}`);
  const clientCa = apiClientCa === undefined ? undefined : readText(apiClientCa, "the API's client CA");
  if (apiClientCa !== undefined && clientCa !== undefined) requireAuthorities(apiClientCa, clientCa);
  return {
    chain,
    certificate,
    privateKey,
    clientCa,
    warnings: [...exposure(apiTlsKey), ...expiry(apiTlsCert, certificate, nowMs)],
  };
}

/** Whether the certificate's time has begun and is not over. */
export function isInForce(certificate: X509Certificate, nowMs: number): boolean {
  return certificate.validFromDate.getTime() <= nowMs && nowMs <= certificate.validToDate.getTime();
}

function requireAuthorities(path: string, text: string): void {
  for (const certificate of parseCertificates("apiClientCa", path, text)) {
    if (!certificate.ca)
      throw invalid(`apiClientCa ${path} has a certificate that is no authority's: ${certificate.subject}`);
  }
}

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

function parseCertificates(
  key: string,
  path: string,
  text: string,
): readonly [X509Certificate, ...X509Certificate[]] {
  try {
    const [first, ...more] = (text.match(PEM_CERTIFICATE) ?? []).map((pem) => new X509Certificate(pem));
    if (first === undefined) throw new Error("there is none in PEM");
    return [first, ...more];
  } catch (cause) {
    throw invalid(`${key} ${path} holds no X.509 certificate: ${reason(cause)}`, cause);
  }
}

function parsePrivateKey(path: string, text: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch (cause) {
    throw invalid(`apiTlsKey ${path} holds no unencrypted private key in PEM: ${reason(cause)}`, cause);
  }
}

function exposure(path: string): readonly string[] {
  const mode = statSync(path).mode & 0o777;
  if ((mode & 0o077) === 0) return [];
  return [
    `the API's private key ${path} has mode ${mode.toString(8).padStart(4, "0")}, so others on this machine can use it; chmod 600 it`,
  ];
}

function expiry(path: string, certificate: X509Certificate, nowMs: number): readonly string[] {
  if (isInForce(certificate, nowMs)) return [];
  return [
    `the API's certificate ${path} is good from ${certificate.validFrom} to ${certificate.validTo} only, so clients refuse it`,
  ];
}

function invalid(message: string, cause?: unknown): NodeError {
  return new NodeError("CONFIG_INVALID", message, cause === undefined ? {} : { cause });
}
