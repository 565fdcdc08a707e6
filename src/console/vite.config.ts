/** How the page becomes files that the web server hands out: nothing is loaded from elsewhere. */
import { defineConfig } from "vite";

const here = new URL(".", import.meta.url).pathname;

export default defineConfig({
  root: here,
  base: "/",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  // While the page is worked on, a server that runs already answers what it asks.
  server: { proxy: { "/api": process.env["SLUICEGATE_CONSOLE"] ?? "http://127.0.0.1:8080" } },
  build: {
    outDir: "../../dist/console",
    emptyOutDir: true,
    target: ["chrome100", "firefox100", "safari15.4"],
    // The policy of the page lets in files of ours only, so nothing is written into others as data.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
