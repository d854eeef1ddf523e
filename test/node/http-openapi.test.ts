import { expect, test } from "vitest";
import * as z from "zod";
import { Client } from "../../node/client.ts";
import { HttpApi } from "../../node/http/http-api.ts";
import { DemoChannel } from "../end-to-end/demo-channel.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { addToken } from "../../node/http/token-file.ts";
import { guardedApi } from "./guarded-api.ts";
import { runningPeer } from "./running-peer.ts";

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly summary?: string;
  readonly requestBody?: { readonly content: object };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >;
  readonly "x-right": string;
}

const NAME = "demo";
const TIP = "newest";

/** How each GET route is asked, other than with the channel's name, and how it is answered. */
const QUESTIONS: Readonly<Record<string, { readonly accept: string; readonly query?: string }>> = {
  "/v1/channels/{name}/blocks": { accept: "application/x-ndjson", query: "?from=0" },
  "/metrics": { accept: "text/plain" },
};

test("all that is served is described, and what is answered is what the description says", async () => {
  using directory = temporaryDirectory();
  const channel = await DemoChannel.create(directory.path);
  await using peer = await runningPeer(directory.path, [channel.genesis], { name: "described" });
  await using api = await HttpApi.start(peer.state);
  const client = new Client(api.url);
  await client.submit(NAME, channel.next().bytes);
  await client.sendEvent("hello", new Uint8Array([1, 2]));
  const document = (await (await fetch(`${api.url}/openapi.json`)).json()) as Document;
  expect(document.openapi).toMatch(/^3\.1\./);
  const described = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const served = api.routes
    .filter((route) => !route.startsWith("HEAD ") && !isPage(route))
    .map((route) => route.replaceAll(/:(\w+)/g, "{$1}"));
  expect(described.toSorted()).toEqual(served.toSorted());
  for (const [path, operations] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(operations)) {
      const what = `${method} ${path}`;
      expect(operation["x-right"], what).toMatch(/^(none|read|submit|operate)$/);
      expect(operation.responses["default"]?.content, what).toHaveProperty(["application/problem+json"]);
      if (method === "get") await expectDescribed(api.url, path, operation);
      else await expectProblem(api.url, { method, path, operation });
    }
});

/** The web page's files are no part of what programs use. */
function isPage(route: string): boolean {
  return /^(?:HEAD,)?GET \/($|index\.html|favicon\.svg|assets\/)/.test(route);
}

async function expectDescribed(url: string, path: string, operation: Operation): Promise<void> {
  const { accept, query = "" } = QUESTIONS[path] ?? { accept: "application/json" };
  const controller = new AbortController();
  const full = `${url}${path.replace("{name}", NAME).replace("{which}", TIP)}${query}`;
  const response = await fetch(full, { headers: { accept }, signal: controller.signal });
  expect(response.status, path).toBe(200);
  const type = response.headers.get("content-type")?.split(";")[0] ?? "";
  const schema = operation.responses["200"]?.content?.[type]?.schema;
  expect(schema, `${path} ${type}`).toBeDefined();
  const answer = await answerOf(response, type);
  controller.abort();
  const parsed = z.fromJSONSchema(schema as never).safeParse(answer);
  expect(parsed.error, path).toBeUndefined();
}

async function answerOf(response: Response, type: string): Promise<unknown> {
  if (type === "text/plain") return await response.text();
  return type === "application/x-ndjson" ? await firstLine(response) : await response.json();
}

async function firstLine({ body }: Response): Promise<unknown> {
  let text = "";
  for await (const chunk of body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text.trim() !== "" && text.endsWith("\n")) break;
  }
  return JSON.parse(text.trim().split("\n")[0]!);
}

/** With nothing of what it takes, of a channel that is not there; those that would do something then are left out. */
async function expectProblem(
  url: string,
  {
    method,
    path,
    operation,
  }: { readonly method: string; readonly path: string; readonly operation: Operation },
): Promise<void> {
  if (!path.includes("{name}") && operation.requestBody === undefined) return;
  const response = await fetch(`${url}${path.replace("{name}", "nowhere")}`, { method });
  expect(response.status, path).toBeGreaterThanOrEqual(400);
  const schema = operation.responses["default"]?.content?.["application/problem+json"]?.schema;
  const parsed = z.fromJSONSchema(schema as never).safeParse(await response.json());
  expect(parsed.error, path).toBeUndefined();
}

test("the settings are seen, log levels set, and the peer is sent away, with the right to operate only", async () => {
  await using guarded = await guardedApi();
  const operator = addToken(guarded.tokens, { right: "operate", name: "operator" });
  for (const token of [guarded.read, guarded.submit]) {
    const client = guarded.client({ token });
    await expect(client.config()).rejects.toMatchObject({ problem: { code: "RIGHT_MISSING" } });
    await expect(client.setLogSpec("silent")).rejects.toMatchObject({ problem: { code: "RIGHT_MISSING" } });
    await expect(client.leave()).rejects.toMatchObject({ problem: { code: "RIGHT_MISSING" } });
  }
  const client = guarded.client({ token: operator });
  expect(JSON.stringify(await client.config())).not.toContain(guarded.submit);
  await client.setLogSpec("warn");
  await client.submit("demo", guarded.channel.next().bytes);
  await client.leave();
  await guarded.peer.left;
});
