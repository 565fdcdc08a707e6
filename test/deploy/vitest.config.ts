import { defineConfig } from "vitest/config";

/**
 * Installations as they are: whole machines, which take minutes and need root. One after the other. The
 * limits only end what hangs: where others work, too, they take hours.
 */
export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    include: ["test/deploy/**/*.deploy.ts"],
    testTimeout: 3_600_000,
    hookTimeout: 7_200_000,
    pool: "forks",
    maxWorkers: 1,
    bail: 0,
  },
});
