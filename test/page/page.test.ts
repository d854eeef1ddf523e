import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addToken } from "../../node/http/token-file.ts";
import { DemoChannel } from "../end-to-end/demo-channel.ts";
import { PATIENCE_MS } from "../end-to-end/processes.ts";
import { runningPeer } from "../node/running-peer.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { barriers, NO_CHROMIUM, openPage, startChromium, type WatchedPage } from "./open-page.ts";
import { PageNetwork } from "./page-network.ts";

const BUILT = fileURLToPath(new URL("../../dist/page/", import.meta.url));
const PICTURES = fileURLToPath(new URL("../../docs/pictures/", import.meta.url));
const SOURCES = fileURLToPath(new URL("../../node/page/", import.meta.url));

/** For a machine that does much else. */
const START_MS_MAX = 90_000;
const waiting = { timeout: PATIENCE_MS };

test("what is served is built from these sources, and is less than 100 KB, packed", () => {
  expect(existsSync(BUILT), "the page is not built: npm run build:page").toBe(true);
  const files = readdirSync(BUILT, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map(({ parentPath, name }) => join(parentPath, name));
  const sources = [...readdirSync(SOURCES), "../client.ts"].map((name) => join(SOURCES, name));
  const newest = Math.max(...sources.map((path) => statSync(path).mtimeMs));
  const built = statSync(join(BUILT, "index.html")).mtimeMs;
  expect(built, "the page is older than its sources: npm run build:page").toBeGreaterThan(newest);
  const bytes = paths.reduce((sum, path) => sum + gzipSync(readFileSync(path)).length, 0);
  expect(bytes).toBeLessThan(100_000);
});

if (NO_CHROMIUM !== undefined) console.warn(`the page is not tried in a browser: ${NO_CHROMIUM}`);

// Each test goes on with the network as the one before has left it.
describe.skipIf(NO_CHROMIUM !== undefined)("in Chromium", () => {
  let browser: Browser;
  let network: PageNetwork;
  let shown: WatchedPage;
  let page: Page;

  beforeAll(async () => {
    [browser, network] = await Promise.all([startChromium(), PageNetwork.start()]);
    shown = await openPage(browser, network.url);
    page = shown.page;
  }, START_MS_MAX);

  afterAll(async () => {
    await Promise.all([browser?.close(), network?.[Symbol.asyncDispose]()]);
  });

  const row = (name: string) => page.locator(`.peers tr[data-peer=${name}]`);
  const names = () => network.peers.map(({ name }) => name);

  /** Keeps pictures for the documentation where `UPDATE_PICTURES` is set. */
  async function pictures(): Promise<void> {
    if (process.env["UPDATE_PICTURES"] === undefined) return;
    const keep = { animations: "disabled", fullPage: true } as const;
    await page.locator(".way select").selectOption("newest");
    for (let count = 1; count <= 12; count++) {
      const number = await network.submit(network.peers[count % 2]!, count % 4 === 0 ? 400_000 : 20_000);
      await page.locator(".steps caption b", { hasText: new RegExp(`^${number}$`) }).waitFor(waiting);
      await page.locator(".steps tr[data-origin]").nth(2).waitFor(waiting);
    }
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    for (const theme of ["dark", "light"]) {
      await page.screenshot({ path: join(PICTURES, `page-${theme}.png`), ...keep });
      await page.locator("header button").click();
    }
    await page.locator("header button").click();
    await page.locator(".way").screenshot({ path: join(PICTURES, "waterfall.png"), animations: "disabled" });
    const { page: narrow } = await openPage(browser, network.url, { width: 390, height: 844 });
    await narrow.locator(".steps tr[data-origin]").nth(2).waitFor(waiting);
    await narrow.screenshot({ path: join(PICTURES, "page-narrow.png"), animations: "disabled" });
    await narrow.close();
  }

  test("the page shows every peer in its state, from the peer's own address alone", async () => {
    for (const name of names()) await row(name).getByText("alive").waitFor(waiting);
    await page.locator(".pill.live").waitFor(waiting);
    expect(await page.locator(".graph .peer[data-state=alive]").count()).toBe(4);
    expect(await page.locator(".graph .cluster-name").allTextContents()).toEqual(["Org1", "Org2"]);
    expect(shown.faults).toEqual([]);
    const { headers } = await fetch(network.url);
    expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'; script-src 'self';/);
  });

  test.each([
    ["small", 5_000, "push"],
    ["large", 400_000, "chunks"],
  ])("a %s block is seen to travel to every peer", async (_, bytes, way) => {
    const [first, second] = network.peers;
    const entry = bytes > 100_000 ? second! : first!;
    const number = await network.submit(entry, bytes);
    await page.locator(".steps caption b", { hasText: new RegExp(`^${number}$`) }).waitFor(waiting);
    const steps = page.locator(".steps tr[data-origin]");
    await steps.nth(3).waitFor(waiting);
    expect(
      (await steps.evaluateAll((rows) => rows.map((each) => each.getAttribute("data-peer")))).toSorted(),
    ).toEqual(names());
    expect(await steps.first().innerText()).toMatch(new RegExp(`${entry.name}[^]*handed in`));
    const came = await steps.evaluateAll((rows) =>
      rows.slice(1).map((each) => each.getAttribute("data-origin")),
    );
    expect(came).toContain(way);
    for (const text of (await steps.locator(".how").allInnerTexts()).slice(1))
      expect(text).toMatch(/^(push|chunks|digest|pull) from org\d-peer\d/);
    await row("org2-peer1")
      .getByText(`${number + 1}`, { exact: true })
      .waitFor(waiting);
  });

  test("a user event is shown", async () => {
    await network.peers[3]!.api.sendEvent("deploy", new TextEncoder().encode("v2"));
    await page.getByText("org2-peer1: deploy v2").waitFor(waiting);
  });

  test("who sees badly, or has no mouse, is not kept out, in light and in dark", async () => {
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press("Tab");
    const reached: string[] = [];
    for (let count = 0; count < 12; count++) {
      reached.push(
        await page.evaluate(() => {
          const { activeElement } = document;
          return activeElement?.getAttribute("aria-label") ?? activeElement?.textContent ?? "";
        }),
      );
      if (reached.at(-1)?.includes("dark")) {
        await page.keyboard.press("Enter");
        await page.locator("html[data-theme=dark]").waitFor(waiting);
      }
      if (reached.at(-1)?.includes("the newest")) await page.keyboard.press("1");
      await page.keyboard.press("Tab");
    }
    expect(reached[0]).toBe("Skip to the content");
    expect(reached).toEqual(
      expect.arrayContaining([
        expect.stringContaining("the newest"),
        "How the block travelled",
        "Table of peers",
      ]),
    );
    await page.locator(".steps caption b", { hasText: /^1$/ }).waitFor(waiting);
    expect(await barriers(page)).toEqual([]);
    const { page: narrow } = await openPage(browser, network.url, { width: 390, height: 844 });
    await narrow.locator(".pill.live").waitFor(waiting);
    expect(await narrow.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await narrow.close();
  });

  test("a peer that is killed is seen to die, and it is said aloud", async () => {
    await network.peers[3]!.kill();
    await row("org2-peer1").getByText("dead").waitFor(waiting);
    await page.locator(".graph .peer[data-state=dead]").waitFor(waiting);
    const said = await page.locator("[aria-live=polite]").textContent();
    expect(said).toMatch(/^org2-peer1 is dead: /);
    expect(shown.faults).toEqual([]);
    await pictures();
  });

  test("where the API asks for a token the page asks for it, and shows nothing before", async () => {
    using directory = temporaryDirectory();
    const channel = await DemoChannel.create(directory.path);
    const apiTokens = join(directory.path, "api.tokens");
    const token = addToken(apiTokens, { right: "read", name: "viewer" });
    await using peer = await runningPeer(directory.path, [channel.genesis], { name: "guarded", apiTokens });
    expect((await fetch(`${peer.api}/v1/status`)).status).toBe(401);
    const { page: locked, faults } = await openPage(browser, peer.api);
    const input = locked.getByLabel("Token");
    await input.fill("wrong");
    await input.press("Enter");
    await locked.locator(".pill.locked").waitFor(waiting);
    expect(await locked.getByText("guarded").count()).toBe(0);
    await input.fill(token);
    await input.press("Enter");
    await locked.locator(".peers tr[data-peer=guarded]").waitFor(waiting);
    await locked.reload();
    await locked.locator(".peers tr[data-peer=guarded]").waitFor(waiting);
    expect(faults.filter((fault) => !fault.includes("401"))).toEqual([]);
  });
});
