import { X509Certificate } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CertificateAuthority } from "../../node/msp/certificate-authority.ts";
import { HttpHosts, isSameOrigin } from "../../node/http/http-hosts.ts";
import { tlsCredential } from "./tls-credential.ts";

describe("names of the API", async () => {
  const authority = await CertificateAuthority.create("Server");
  const names = ["peer0.example", "*.pods.example", "192.0.2.1"];
  const { certificate } = await tlsCredential(authority, { names });
  const hosts = new HttpHosts(["0.0.0.0", "Other.Example", "2001:db8::7"], new X509Certificate(certificate));

  test.each([
    "localhost",
    "localhost:9800",
    "127.0.0.1:1",
    "127.1.2.3",
    "[::1]",
    "[::1]:9800",
    "LOCALHOST",
    "peer0.example",
    "PEER0.example:99",
    "a.pods.example",
    "192.0.2.1:80",
    "other.example:80",
    "[2001:db8:0::7]:80",
    "198.51.100.1:9800",
  ])("%j is one", (host) => {
    expect(hosts.isOwn(host, "198.51.100.1")).toBe(true);
  });

  test.each([
    "",
    "evil.example",
    "peer0.example.evil.example",
    "xpeer0.example",
    "pods.example",
    "a.b.pods.example",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "localhost.",
    "198.51.100.2",
    "[2001:db8::8]",
    "evil.example@localhost",
    "localhost@evil.example",
    "localhost/",
    "localhost?",
    "localhost#",
    "localhost:x",
    "localhost:99999",
    "localhost evil.example",
    "[localhost]",
    "peer0.example,evil.example",
    "evil.example\\localhost",
  ])("%j is none", (host) => {
    expect(hosts.isOwn(host, "198.51.100.1")).toBe(false);
  });

  test("an IPv4 address counts when it comes in on a socket of IPv6", () => {
    expect(hosts.isOwn("198.51.100.2:80", "::ffff:198.51.100.2")).toBe(true);
    expect(hosts.isOwn("[2001:db8::9]", "2001:db8::9")).toBe(true);
    expect(hosts.isOwn("198.51.100.2", undefined)).toBe(false);
  });

  test("any name under another domain is none", () => {
    fc.assert(
      fc.property(fc.domain(), (domain) => {
        fc.pre(!domain.endsWith(".example"));
        expect(hosts.isOwn(domain, "127.0.0.1")).toBe(false);
      }),
    );
  });
});

test.each([
  ["https://a.example", "https", "a.example", true],
  ["https://a.example", "https", "a.example:443", true],
  ["https://A.example:9800", "https", "a.example:9800", true],
  ["http://[::1]:9800", "http", "[0::1]:9800", true],
  ["http://a.example", "https", "a.example", false],
  ["https://a.example:9801", "https", "a.example:9800", false],
  ["https://b.example", "https", "a.example", false],
  ["null", "https", "a.example", false],
  ["", "https", "a.example", false],
  ["file:///a.example", "http", "a.example", false],
] as const)("whether a page of %j is the API's own at %s://%s", (origin, scheme, host, expected) => {
  expect(isSameOrigin(origin, scheme, host)).toBe(expected);
});
