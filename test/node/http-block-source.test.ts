import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import { join } from "node:path";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { loadConfig } from "../../node/config/config.ts";
import { HttpBlockSource, sourceApis } from "../../node/http/http-block-source.ts";
import { ApiClient } from "../../node/http/api-client.ts";
import { DemoChannel } from "../end-to-end/demo-channel.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { guardedApi } from "./guarded-api.ts";
import { tlsCredential } from "./tls-credential.ts";
import { runningPeer } from "./running-peer.ts";

const SIGNAL = new AbortController().signal;

test("a peer's API is a source of its channels, and of no other", async () => {
  using directory = temporaryDirectory();
  const channel = await DemoChannel.create(directory.path);
  await using peer = await runningPeer(directory.path, [channel.genesis]);
  const api = new ApiClient(peer.api);
  const source = new HttpBlockSource(api, channel.name);
  expect(source.name).toBe(peer.api);
  expect(await source.height(0, SIGNAL)).toBe(1);
  const blocks = [channel.next(), channel.next(), channel.next()];
  for (const block of blocks) await api.submit(channel.name, block.bytes);
  expect(await source.height(100, SIGNAL)).toBe(4);
  const got: Uint8Array[] = [];
  await source.fetch({ first: 1, end: 4 }, (block) => got.push(block), SIGNAL);
  expect(got.map((bytes) => Buffer.from(bytes).toString("hex"))).toEqual(
    blocks.map(({ bytes }) => Buffer.from(bytes).toString("hex")),
  );
  const onBlock = () => {
    throw new Error("enough");
  };
  await expect(source.fetch({ first: 1, end: 4 }, onBlock, SIGNAL)).rejects.toThrow("enough");
  await expect(source.fetch({ first: 4, end: 5 }, () => undefined, SIGNAL)).rejects.toThrow("NOT_HELD");
  await expect(new HttpBlockSource(api, "other").height(0, SIGNAL)).rejects.toThrow("not joined");
});

test("a source that answers without end is given up", { timeout: 60_000 }, async () => {
  const server = createServer((_request, response) => {
    const chunk = Buffer.alloc(1 << 20);
    const more = () => {
      while (response.write(chunk));
    };
    response.on("drain", more);
    more();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const source = new HttpBlockSource(new ApiClient(`127.0.0.1:${port}`), "demo");
  const fetching = source.fetch({ first: 1, end: 2 }, () => undefined, SIGNAL);
  await expect(fetching).rejects.toThrow("more than");
  server.closeAllConnections();
  server.close();
});

test("a source's URL is a URL, and its token goes nowhere readable", () => {
  const load = (flags: Record<string, unknown>) => loadConfig({ flags: { admission: "open", ...flags } });
  expect(() => load({ sources: ["orderer0:9800"] })).toThrow('sources[0] is "orderer0:9800"');
  const config = load({ sources: ["http://192.0.2.1:9800"], sourceTokenFile: import.meta.filename });
  expect(() => sourceApis(config)).toThrow("readable by all on the way");
});

test("a source behind TLS is opened by a token or a client certificate, and by nothing less", async () => {
  await using guarded = await guardedApi();
  const { channel, directory, peer, serverCa, clientCa } = guarded;
  const write = (name: string, text: string) => {
    writeFileSync(join(directory, name), text, { mode: 0o600 });
    return join(directory, name);
  };
  const sourceCa = write("source-ca.pem", serverCa.credential.certificate);
  const client = await tlsCredential(clientCa, {});
  const heightBy = async (flags: Record<string, unknown>) => {
    const config = loadConfig({ flags: { admission: "open", sources: [peer.api], ...flags } });
    const [api] = sourceApis(config);
    return await new HttpBlockSource(api!, channel.name).height(0, SIGNAL);
  };
  expect(await heightBy({ sourceCa, sourceTokenFile: write("token", `${guarded.read}\n`) })).toBe(1);
  const sourceCert = write("source.pem", client.certificate);
  const sourceKey = write("source.key", client.privateKey);
  expect(await heightBy({ sourceCa, sourceCert, sourceKey })).toBe(1);
  await expect(heightBy({ sourceCa })).rejects.toMatchObject({ code: "REJECTED" });
  await expect(heightBy({ sourceTokenFile: join(directory, "token") })).rejects.toMatchObject({
    code: "API_UNREACHABLE",
  });
});
