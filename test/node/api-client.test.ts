import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { ApiClient } from "../../node/http/api-client.ts";

test("a client does not send a token where others could read it", () => {
  for (const url of ["http://peer0.example:9800", "10.0.0.1:9800"])
    expect(() => new ApiClient(url, { token: "t" })).toThrow(/readable by all on the way; use https/);
  for (const url of ["http://127.0.0.1:1", "http://[::1]:1", "localhost:1", "https://peer0.example"])
    expect(new ApiClient(url, { token: "t" }).url).toContain(url);
  expect(() => new ApiClient("http://127.0.0.1:1", { ca: "x" })).toThrow(/without TLS/);
  expect(() => new ApiClient("https://a", { cert: "x", key: "x" })).toThrow(/cannot be used/);
  expect(() => new ApiClient("https://a", { token: "a\nb" })).toThrow(/no token has/);
});

test("a connection that the server has closed meanwhile is replaced by another one", async () => {
  const sockets = new Set<object>();
  await using server = createServer((request, response) => {
    // As one whose time for idle connections was just over.
    if (sockets.has(request.socket)) return void request.socket.destroy();
    sockets.add(request.socket);
    response.end("metrics");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const client = new ApiClient(`http://127.0.0.1:${port}`);
  for (let asked = 0; asked < 3; asked++) expect(await client.metrics()).toBe("metrics");
  expect(sockets.size).toBe(3);
});
