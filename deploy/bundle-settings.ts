import { fileURLToPath } from "node:url";
import type { BuildOptions } from "esbuild";

/** How the program becomes a bundle that needs no other package but for serial ports. */
export const bundleSettings = {
  absWorkingDir: fileURLToPath(new URL("..", import.meta.url)),
  entryPoints: { sluicegate: "src/cli/main.ts" },
  bundle: true,
  // Names of files hang on where packages lie: beside the sources, also where that is a link.
  preserveSymlinks: true,
  platform: "node",
  target: "node20",
  format: "esm",
  // The text of what was loaded stays in memory; names stay as they are, for stack traces.
  minifyWhitespace: true,
  // It comes with code of the machine, and is loaded where a serial port is opened.
  external: ["@serialport/bindings-cpp"],
  // What the second was taken from is in Node itself.
  alias: { debug: "./deploy/no-debug.cjs", "readable-stream": "node:stream" },
  // Packages in the older module format ask for `require`.
  banner: {
    js: "import { createRequire as bundledRequire } from 'node:module'; const require = bundledRequire(import.meta.url);",
  },
  logLevel: "warning",
  metafile: true,
} as const satisfies BuildOptions;
