import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Fastify from "fastify";
import { expect, test } from "vitest";
import { addPageRoutes } from "../../node/http/http-page-routes.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

test("where the page has not been built it is said how to", async () => {
  using directory = temporaryDirectory();
  await using server = Fastify();
  addPageRoutes(server, [directory.path]);
  const { statusCode, body } = await server.inject("/");
  expect(statusCode).toBe(404);
  expect(body).toContain("npm run build:page");
});

test("the page's own files are served, under a policy that lets nothing else run, and no others", async () => {
  using directory = temporaryDirectory();
  const root = join(directory.path, "page");
  mkdirSync(join(root, "assets"), { recursive: true });
  writeFileSync(join(root, "index.html"), "<p>the page</p>");
  writeFileSync(join(root, "assets", "main.js"), "1");
  writeFileSync(join(directory.path, "key.pem"), "a secret");
  await using server = Fastify();
  addPageRoutes(server, [join(directory.path, "elsewhere"), root]);
  const page = await server.inject("/");
  expect([page.statusCode, page.body]).toEqual([200, "<p>the page</p>"]);
  expect(page.headers).toMatchObject({
    "content-security-policy": expect.stringMatching(/^default-src 'none'; script-src 'self'; /),
    "x-content-type-options": "nosniff",
    "cache-control": "no-cache",
  });
  const asset = await server.inject("/assets/main.js");
  expect(asset.headers["cache-control"]).toContain("immutable");
  for (const path of ["/../key.pem", "/assets/../../key.pem", "/%2e%2e/key.pem", "/assets", "/assets/"])
    expect((await server.inject(path)).statusCode, path).toBe(404);
});
