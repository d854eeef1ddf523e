import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { expect, test } from "vitest";
import { startPeer } from "../../node/index.ts";
import { DemoChannel } from "../end-to-end/demo-channel.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const PAGE = fileURLToPath(new URL("../../examples/browser/", import.meta.url));
const TYPES: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript" };

test("a page of another origin shows blocks as they come", async () => {
  using directory = temporaryDirectory();
  const channel = await DemoChannel.create(directory.path);
  await using server = createServer(({ url }, response) => {
    const { pathname } = new URL(url ?? "/", "http://page");
    const name = pathname === "/" ? "index.html" : pathname.slice(1);
    response.setHeader("content-type", TYPES[extname(name)] ?? "text/plain");
    response.end(readFileSync(join(PAGE, name)));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await using peer = await startPeer({
    data: join(directory.path, "peer"),
    genesis: [channel.genesis],
    admission: "open",
    api: "127.0.0.1:0",
    apiOrigins: [origin],
  });
  await peer.submit(channel.next());
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    await page.goto(`${origin}/?api=${peer.api}&channel=demo`);
    await page.getByText(`Following demo at ${peer.api}.`).waitFor();
    const block = channel.next();
    await peer.submit(block);
    await page.getByText(block.hash).waitFor();
    const numbers = await page.locator("tbody tr td:first-child").allTextContents();
    expect(numbers).toEqual(["2", "1", "0"]);
  } finally {
    await browser.close();
  }
}, 120_000);
