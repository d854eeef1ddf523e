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
