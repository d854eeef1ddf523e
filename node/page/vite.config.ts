import { defineConfig } from "vite";

/** Builds the page into `dist/page`, from where the API serves it. */
export default defineConfig({
  root: import.meta.dirname,
  // The API may stand behind a path of a proxy.
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../../dist/page",
    emptyOutDir: true,
    target: ["chrome123", "firefox125", "safari17.5"],
    modulePreload: { polyfill: false },
    // As a data: URL nothing may be loaded.
    assetsInlineLimit: 0,
  },
});
