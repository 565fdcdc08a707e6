import { fileURLToPath } from "node:url";
import type { BuildOptions } from "esbuild";

/** How the program becomes a bundle that needs no other package. */
export const bundleSettings = {
  absWorkingDir: fileURLToPath(new URL("..", import.meta.url)),
  entryPoints: { sluicegate: "src/cli/main.ts" },
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  // The text of what was loaded stays in memory; names stay as they are, for stack traces.
  minifyWhitespace: true,
  alias: { debug: "./deploy/no-debug.cjs" },
  // Packages in the older module format ask for `require`.
  banner: {
    js: "import { createRequire as bundledRequire } from 'node:module'; const require = bundledRequire(import.meta.url);",
  },
  logLevel: "warning",
  metafile: true,
} as const satisfies BuildOptions;
