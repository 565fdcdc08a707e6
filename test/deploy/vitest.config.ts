import { defineConfig } from "vitest/config";

/** Installations as they are: whole machines, which take minutes and need root. One after the other. */
export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    include: ["test/deploy/**/*.deploy.ts"],
    testTimeout: 900_000,
    hookTimeout: 1_800_000,
    pool: "forks",
    maxWorkers: 1,
    bail: 0,
  },
});
