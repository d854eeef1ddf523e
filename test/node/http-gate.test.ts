import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { connect as tlsConnect } from "node:tls";
import { afterEach, describe, expect, test, vi } from "vitest";
import { ApiClient } from "../../node/http/api-client.ts";
import { CertificateAuthority, type Role } from "../../node/msp/certificate-authority.ts";
import { addToken } from "../../node/http/token-file.ts";
import { guardedApi, rawRequest, type GuardedApi } from "./guarded-api.ts";
import { tlsCredential } from "./tls-credential.ts";

const UNAUTHENTICATED = {
  type: "urn:blockgossip:problem:UNAUTHENTICATED",
  title: "Unauthenticated",
  status: 401,
  detail: "this takes a token or a client certificate that the peer knows",
  code: "UNAUTHENTICATED",
  hint: expect.stringContaining("blockgossip token create"),
};

/** Withdraws a token as an operator does. */
function withdraw({ tokens }: GuardedApi, name: string): void {
  const lines = readFileSync(tokens, "utf8").split("\n");
  writeFileSync(tokens, lines.filter((line) => !line.endsWith(` ${name}`)).join("\n"));
}

async function expectRights(api: GuardedApi, client: ApiClient, right: "read" | "submit"): Promise<void> {
  expect(await client.channel("demo")).toMatchObject({ height: 1 });
  expect((await client.block("demo", 0)).length).toBeGreaterThan(0);
  const block = api.channel.sibling().bytes;
  expect(await client.submit("demo", block)).toMatchObject(
    right === "submit"
      ? { kind: "accepted", number: 1 }
      : { status: 403, code: "RIGHT_MISSING", message: "this takes the right to submit" },
  );
}

async function expectShut(client: ApiClient): Promise<void> {
  await expect(client.status()).rejects.toThrow(expect.objectContaining({ code: "REJECTED" }));
  await expect(client.status()).rejects.toThrow(/\(UNAUTHENTICATED\)/);
}

afterEach(() => {
  vi.useRealTimers();
});

describe("tokens", () => {
  test.each(["read", "submit"] as const)("one with the right %s allows that", async (right) => {
    await using api = await guardedApi();
    await expectRights(api, api.client({ token: api[right] }), right);
  });

  test("without one, with an unknown one or another scheme, nothing is told but that", async () => {
    await using api = await guardedApi();
    const record = readFileSync(api.tokens, "utf8").split(/\s/)[1]!;
    for (const headers of [
      {},
      { authorization: `Bearer ${api.read}x` },
      { authorization: `Bearer ${record}` },
      { authorization: "Bearer " },
      { authorization: api.read },
      { authorization: `Basic ${Buffer.from(`reader:${api.read}`).toString("base64")}` },
    ]) {
      for (const path of ["/v1/status", "/v1/channels/demo", "/v1/channels/other", "/nothing"]) {
        const answer = await rawRequest(api, path, headers);
        expect(answer).toEqual({ status: 401, challenge: "Bearer", body: UNAUTHENTICATED });
      }
    }
  });

  test("a block without credentials is refused with an answer, whatever its size", async () => {
    await using api = await guardedApi();
    const refused = await api.client().submit("demo", randomBytes(20_000_000));
    expect(refused).toMatchObject({ status: 401, code: "UNAUTHENTICATED" });
  });

  test("one that is withdrawn opens nothing from the next request on, and a new one opens", async () => {
    await using api = await guardedApi();
    const reader = api.client({ token: api.read });
    await reader.status();
    withdraw(api, "reader");
    await expectShut(reader);
    const token = addToken(api.tokens, { right: "read", name: "another" });
    expect(await api.client({ token }).status()).toMatchObject({ peer: api.peer.state.id });
    await api.client({ token: api.submit }).status();
  });

  test("a file that is gone opens to nobody until it is back; a line that is none costs that token only", async () => {
    await using api = await guardedApi();
    const before = readFileSync(api.tokens, "utf8");
    const reader = api.client({ token: api.read });
    rmSync(api.tokens);
    await expectShut(reader);
    writeFileSync(api.tokens, before.replace("submit ", "all "));
    await reader.status();
    await expectShut(api.client({ token: api.submit }));
    expect(api.log.filter(({ level }) => level === 50).map(({ msg }) => msg)).toEqual([
      expect.stringMatching(/api\.tokens cannot be read: .*; no token opens the API until it can/),
      expect.stringMatching(/api\.tokens: line 2 is not of the form .*, and is ignored/),
    ]);
  });

  test("on loopback they are asked for without TLS too, once there are some", async () => {
    await using api = await guardedApi(({ apiTokens }) => ({ apiTokens }));
    expect(api.peer.api).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await rawRequest(api, "/v1/status")).toMatchObject({ status: 401, challenge: "Bearer" });
    await expectRights(api, api.client({ token: api.submit }), "submit");
  });

  test("the file has no token, and is its owner's only", async () => {
    await using api = await guardedApi();
    expect(statSync(api.tokens).mode & 0o777).toBe(0o600);
    const file = readFileSync(api.tokens, "utf8");
    expect(file).toMatch(/^read [0-9a-f]{64} reader\nsubmit [0-9a-f]{64} gateway\n$/);
    expect(file).not.toContain(api.read.slice(4));
    expect(() => addToken(api.tokens, { right: "read", name: "reader" })).toThrow(
      /of the name reader already/,
    );
  });
});

describe("client certificates", () => {
  test.each<[Role, "read" | "submit"]>([
    ["admin", "submit"],
    ["client", "submit"],
    ["peer", "read"],
    ["orderer", "read"],
  ])("one with the role %s gives the right %s", async (role, right) => {
    await using api = await guardedApi();
    const credential = await api.clientCa.issue({ commonName: "somebody", role });
    await expectRights(api, api.clientWith(credential), right);
  });

  test("one without a role may read", async () => {
    await using api = await guardedApi(({ apiTlsCert, apiTlsKey, apiClientCa }) => ({
      apiTlsCert,
      apiTlsKey,
      apiClientCa,
    }));
    await expectRights(api, api.clientWith(await tlsCredential(api.clientCa, {})), "read");
  });

  test("one of another authority, one of the server's and one that is not in force open nothing", async () => {
    await using api = await guardedApi();
    const impostor = await CertificateAuthority.create("Clients");
    const units = ["admin"];
    for (const credential of [
      await impostor.issue({ commonName: "somebody", role: "admin" }),
      impostor.credential,
      await api.serverCa.issue({ commonName: "somebody", role: "admin" }),
      await tlsCredential(api.clientCa, { units, fromDays: -2, toDays: -1 }),
      await tlsCredential(api.clientCa, { units, fromDays: 1, toDays: 2 }),
    ]) {
      await expectShut(api.clientWith(credential));
    }
    // A token opens all the same, and decides alone where there are both.
    const { certificate: cert, privateKey: key } = impostor.credential;
    await api.client({ cert, key, token: api.read }).status();
    const good = await api.clientCa.issue({ commonName: "somebody", role: "admin" });
    await expectShut(api.client({ cert: good.certificate, key: good.privateKey, token: `${api.read}x` }));
  });

  test("in a TLS session that is taken up again it is worth what it was", async () => {
    await using api = await guardedApi();
    const impostor = await CertificateAuthority.create("Clients");
    const port = Number(new URL(api.peer.api).port);
    const ca = api.serverCa.credential.certificate;
    for (const [authority, status] of [
      [api.clientCa, 200],
      [impostor, 401],
    ] as const) {
      const { certificate: cert, privateKey: key } = await authority.issue({
        commonName: "a",
        role: "admin",
      });
      let session: Buffer | undefined;
      for (const isReused of [false, true]) {
        const socket = tlsConnect({ port, host: "127.0.0.1", ca, cert, key, ...(session && { session }) });
        socket.on("session", (ticket) => (session = ticket));
        await once(socket, "secureConnect");
        expect(socket.isSessionReused()).toBe(isReused);
        socket.write("GET /v1/status HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        expect(await text(socket)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      }
    }
  });

  test("one that expires while the connection is open opens nothing more", async () => {
    await using api = await guardedApi();
    const client = api.clientWith(await tlsCredential(api.clientCa, { units: ["admin"] }));
    await client.status();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 2 * 24 * 60 * 60 * 1000 });
    await expectShut(client);
  });

  test("where no authority is set, none opens", async () => {
    await using api = await guardedApi(({ apiTlsCert, apiTlsKey, apiTokens }) => ({
      apiTlsCert,
      apiTlsKey,
      apiTokens,
    }));
    await expectShut(api.clientWith(await api.clientCa.issue({ commonName: "somebody", role: "admin" })));
  });
});

describe("hosts and origins", () => {
  test("a foreign host is refused even with a token, and for the health check; further ones can be named", async () => {
    await using api = await guardedApi((files) => ({ ...files, apiHosts: ["other.example"] }));
    const ask = (path: string, host: string) =>
      rawRequest(api, path, { host, authorization: `Bearer ${api.submit}` });
    for (const host of ["localhost", "127.0.0.1:1", "peer0.example:99", "other.example"])
      expect(await ask("/v1/status", host), host).toMatchObject({ status: 200 });
    for (const path of ["/v1/status", "/healthz", "/nothing"]) {
      expect(await ask(path, "evil.example")).toMatchObject({
        status: 403,
        body: { code: "FORBIDDEN", detail: expect.stringContaining('"evil.example"') },
      });
    }
  });

  test("a page is the API's own if scheme, name and port are", async () => {
    await using api = await guardedApi();
    const { host, port } = new URL(api.peer.api);
    const ask = (origin: string) =>
      rawRequest(api, "/v1/status", { host, origin, authorization: `Bearer ${api.submit}` });
    expect(await ask(`https://${host}`)).toMatchObject({ status: 200 });
    for (const origin of [`http://${host}`, "https://127.0.0.1", `https://localhost:${port}`, "null"])
      expect(await ask(origin), origin).toMatchObject({
        status: 403,
        body: { code: "FORBIDDEN" },
      });
  });
});

describe("the health check", () => {
  test("is open to all, who learn a word; why, only callers who may read", async () => {
    await using api = await guardedApi();
    expect(await rawRequest(api, "/healthz")).toMatchObject({ status: 200, body: { status: "OK" } });
    await api.peer.state.channels[0]!.ledger.close();
    await api.client({ token: api.submit }).submit("demo", api.channel.next().bytes);
    await expect(api.peer.failed).rejects.toThrow();
    const word = { status: "Service Unavailable" };
    for (const authorization of ["", "Bearer x"])
      expect((await rawRequest(api, "/healthz", { authorization })).body).toEqual(word);
    const { status, body } = await rawRequest(api, "/healthz", { authorization: `Bearer ${api.read}` });
    expect(status).toBe(503);
    expect(body).toMatchObject({ ...word, failed_checks: [{ component: "channel demo" }] });
  });
});

test("a peer stops soon while somebody goes on sending, or says nothing at all", async () => {
  const api = await guardedApi();
  const port = Number(new URL(api.peer.api).port);
  const silent = connect(port, "127.0.0.1");
  const sending = tlsConnect({ port, host: "127.0.0.1", ca: api.serverCa.credential.certificate });
  for (const socket of [silent, sending]) socket.on("error", () => undefined);
  sending.write("POST /v1/channels/demo/blocks HTTP/1.1\r\nhost: localhost\r\ncontent-length: 99\r\n\r\nx");
  const [answer] = await once(sending, "data");
  expect(String(answer)).toMatch(/^HTTP\/1\.1 401 /);
  const startMs = performance.now();
  await api[Symbol.asyncDispose]();
  expect(performance.now() - startMs).toBeLessThan(8_000);
});

describe("TLS", () => {
  test("who speaks plain HTTP gets no answer to his question, and others are served on", async () => {
    await using api = await guardedApi();
    const socket = connect(Number(new URL(api.peer.api).port), "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write("GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n");
    expect(await text(socket).catch(() => "")).not.toContain("OK");
    const plain = new ApiClient(api.peer.api.replace("https:", "http:"));
    await expect(plain.status()).rejects.toThrow(expect.objectContaining({ code: "API_UNREACHABLE" }));
    await api.client({ token: api.read }).status();
  });

  test("a client does not speak to a server whose authority it does not know", async () => {
    await using api = await guardedApi();
    for (const ca of [undefined, api.clientCa.credential.certificate]) {
      const client = new ApiClient(api.peer.api, { token: api.read, ca });
      await expect(client.status()).rejects.toThrow(expect.objectContaining({ code: "API_UNREACHABLE" }));
    }
  });

  test("an API on all addresses is reached by this machine's, with credentials", async () => {
    await using api = await guardedApi((files) => ({ ...files, api: "0.0.0.0:0" }));
    expect(api.peer.api).toMatch(/^https:\/\/127\.0\.0\.1:[1-9]\d*$/);
    await expectShut(api.client());
    await api.client({ token: api.read }).status();
  });

  test("on loopback it may go without credentials", async () => {
    await using api = await guardedApi(({ apiTlsCert, apiTlsKey }) => ({ apiTlsCert, apiTlsKey }));
    await expectRights(api, api.client(), "submit");
  });

  test("a key that others can read is used, with a warning", async () => {
    await using api = await guardedApi((files) => {
      chmodSync(files["apiTlsKey"]!, 0o644);
      return files;
    });
    expect(api.log).toContainEqual(
      expect.objectContaining({ level: 40, msg: expect.stringContaining("api.key has mode 0644") }),
    );
  });
});

test("refusals are logged with their reason, one of a kind in a second, and with no secret", async () => {
  await using api = await guardedApi();
  vi.useFakeTimers({ toFake: ["Date"] });
  const secret = `Bearer ${api.read}x`;
  for (let count = 0; count < 5; count++) await rawRequest(api, "/v1/status", { authorization: secret });
  await rawRequest(api, "/v1/status");
  await rawRequest(api, "/v1/status", { host: "evil.example" });
  await api.client({ token: api.read }).submit("demo", api.channel.next().bytes);
  vi.advanceTimersByTime(1_000);
  await rawRequest(api, "/v1/status", { authorization: secret });
  const warnings = api.log.filter(({ level, logger }) => level === 40 && logger === "api");
  expect(warnings.map(({ msg, suppressed }) => [msg, suppressed])).toEqual([
    ["refused a request to the API: unknown token", undefined],
    ["refused a request to the API: no credentials", undefined],
    ["refused a request to the API: foreign host: evil.example", undefined],
    ["refused a request to the API: right missing: token reader", undefined],
    ["refused a request to the API: unknown token", 4],
  ]);
  expect(warnings[0]).toMatchObject({ from: "127.0.0.1", request: "GET /v1/status" });
  expect(JSON.stringify(api.log)).not.toContain(api.read);
});
