import { defineConfig } from "vitest/config";

/**
 * Two projects: `quick` needs no server and no process of its own; `all` is everything under 15
 * minutes. Files named `*.nightly.ts` belong to the fault campaign and run by its own script.
 */
export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
  },
});
