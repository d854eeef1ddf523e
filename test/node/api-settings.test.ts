import { resolve } from "node:path";
import { expect, test } from "vitest";
import { loadConfig, type ConfigSources, type PeerConfig } from "../../node/config/config.ts";
import { NodeError } from "../../node/errors.ts";

/** Of a peer that lets everybody in. */
function openConfig({ environment = {}, ...sources }: ConfigSources): PeerConfig {
  return loadConfig({ ...sources, environment: { BLOCKGOSSIP_ADMISSION: "open", ...environment } });
}

/** The message that the sources are refused with. */
function refusal(sources: ConfigSources): string {
  try {
    openConfig(sources);
  } catch (error) {
    expect(error).toMatchObject({ code: "CONFIG_INVALID" });
    return (error as NodeError).message;
  }
  throw new Error(`${JSON.stringify(sources)} is taken`);
}

test.each([
  ["127.0.0.1:0", { host: "127.0.0.1", port: 0 }],
  ["127.8.8.8:80", { host: "127.8.8.8", port: 80 }],
  ["[::1]:9", { host: "::1", port: 9 }],
  ["localhost:65535", { host: "localhost", port: 65_535 }],
])("the API may listen on %s", (api, address) => {
  expect(openConfig({ flags: { api } }).api).toEqual(address);
});

const tls = { apiTlsCert: "c.pem", apiTlsKey: "k.pem" };

test.each<[api: string, flags: Record<string, string>, missing: string]>([
  ["0.0.0.0:80", {}, "apiTlsCert, apiTlsKey, apiTokens or apiClientCa"],
  ["[::]:80", tls, "apiTokens or apiClientCa"],
  ["peer0.example.org:80", { apiTokens: "t" }, "apiTlsCert, apiTlsKey"],
  ["127.evil.org:80", { apiTokens: "t", apiTlsCert: "c.pem" }, "apiTlsKey"],
  ["[::ffff:127.0.0.1]:80", tls, "apiTokens or apiClientCa"],
])("an API on %s with %j is refused", (api, flags, missing) => {
  expect(refusal({ flags: { api, ...flags } })).toBe(
    `api is "${api}" (flag --api), which other machines reach, so these must be set too: ${missing}`,
  );
});

test.each<[flags: Record<string, string>, words: string]>([
  [{ apiTlsCert: "c" }, 'apiTlsCert is "c" (flag --api-tls-cert), but apiTlsKey is not set'],
  [{ apiTlsKey: "k" }, 'apiTlsKey is "k" (flag --api-tls-key), but apiTlsCert is not set'],
  [{ apiClientCa: "ca" }, 'apiClientCa is "ca" (flag --api-client-ca), but client certificates need TLS'],
])("an API on loopback with half of its TLS is refused: %j", (flags, words) => {
  expect(refusal({ flags })).toContain(words);
});

test.each(["apiTokens", "apiClientCa"])("an API with TLS and %s may listen anywhere", (key) => {
  const config = openConfig({ flags: { api: "[::]:9800", ...tls, [key]: "f" } });
  expect(config).toMatchObject({
    api: { host: "::", port: 9800 },
    apiTlsCert: resolve("c.pem"),
    [key]: resolve("f"),
  });
});

test("they come from the environment as well", () => {
  const environment = {
    BLOCKGOSSIP_API: "0.0.0.0:9800",
    BLOCKGOSSIP_API_TLS_CERT: "c",
    BLOCKGOSSIP_API_TLS_KEY: "k",
    BLOCKGOSSIP_API_TOKENS: "t",
    BLOCKGOSSIP_API_HOSTS: "a.example, ::7",
  };
  expect(openConfig({ environment })).toMatchObject({
    apiTlsKey: resolve("k"),
    apiHosts: ["a.example", "::7"],
  });
});
