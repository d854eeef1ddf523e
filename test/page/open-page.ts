import { existsSync } from "node:fs";
import axe from "axe-core";
import { chromium, type Browser, type Page } from "playwright-core";

/** A browser of the machine's; `CHROMIUM_PATH` names another. */
const CHROMIUM = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";

/** Why nothing can be tried in a browser here; undefined: it can. */
export const NO_CHROMIUM = existsSync(CHROMIUM)
  ? undefined
  : `there is no ${CHROMIUM}: install chromium, or say in CHROMIUM_PATH where it is`;

/** Starts it, without a window. */
export async function startChromium(): Promise<Browser> {
  // Containers have no user namespaces for its sandbox; only our own page is loaded.
  return await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
}

/** A page, and what went wrong in it. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors of the console, of scripts, and requests to elsewhere. */
  readonly faults: readonly string[];
}

export async function openPage(
  browser: Browser,
  url: string,
  options: {
    readonly colorScheme?: "light" | "dark";
    readonly width?: number;
    readonly height?: number;
  } = {},
): Promise<WatchedPage> {
  const { colorScheme = "light", width = 1280, height = 800 } = options;
  const page = await browser.newPage({ colorScheme, viewport: { width, height } });
  const faults: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin) faults.push(`a request to ${request.url()}`);
  });
  await page.goto(url);
  return { page, faults };
}

/** What axe-core finds that keeps people out: serious and critical violations, with where they are. */
export async function barriers(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(async () => {
    const { axe: injected } = globalThis as unknown as { axe: typeof axe };
    return await injected.run(document);
  });
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}
