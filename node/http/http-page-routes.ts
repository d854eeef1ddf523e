import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fastifyStatic, { type FastifyStaticOptions } from "@fastify/static";
import type { ApiServer } from "./api-server.ts";

/** Where `npm run build:page` puts the page, as seen from the sources, and from what they are compiled to. */
const FOLDERS = ["../../dist/page/", "../../page/"].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

/** The page loads nothing from elsewhere, runs nothing that is not a file of its own, and stands in no other page. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const HEADERS = {
  "content-security-policy": POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
} as const;

const NOT_BUILT =
  "The page has not been built here. In the project's folder: npm run build:page, then start the peer again.\n" +
  "The API is there without it: GET /v1/status\n";

/** `GET /`: the web page, from the first of the folders in which it has been built. */
export function addPageRoutes(server: ApiServer, folders = FOLDERS): void {
  const root = folders.find((folder) => existsSync(join(folder, "index.html")));
  if (root === undefined) {
    server.get("/", { config: { right: "none" }, schema: { hide: true } }, async (_request, reply) =>
      reply.code(404).type("text/plain; charset=utf-8").send(NOT_BUILT),
    );
    return;
  }
  void server.register(async (files) => {
    // They hold nothing of the peer's: what the page shows it asks for.
    files.addHook("onRoute", (route) => {
      route.config = { ...route.config, right: "none" };
      route.schema = { ...route.schema, hide: true };
    });
    await files.register(fastifyStatic, { ...FILES, root });
  });
}

const FILES = {
  // A route for each file that there is, and no way to any other.
  wildcard: false,
  decorateReply: false,
  cacheControl: false,
  setHeaders: (reply, path) => {
    reply.headers(HEADERS);
    // The names of assets change with what is in them.
    reply.header("cache-control", path.includes("/assets/") ? "max-age=31536000, immutable" : "no-cache");
  },
} satisfies Omit<FastifyStaticOptions, "root">;
