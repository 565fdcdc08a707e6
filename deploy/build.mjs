/**
 * Builds `dist/` anew: the program as a bundle that needs no other package, and `LICENSES.txt` with
 * the licenses of everything that went into it.
 *
 *   node deploy/build.mjs
 */
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const home = fileURLToPath(new URL("..", import.meta.url));
const dist = join(home, "dist");

await rm(dist, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: home,
  entryPoints: { sluicegate: "src/cli/main.ts" },
  outdir: dist,
  bundle: true,
  splitting: true,
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
});
await writeFile(join(dist, "LICENSES.txt"), await licensesOf(bundledPackages(metafile)));

/** Folders of the packages that files were taken from, sorted. */
function bundledPackages({ inputs }) {
  const folders = Object.keys(inputs).map(
    (path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0],
  );
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
}

async function licensesOf(folders) {
  const parts = await Promise.all(
    folders.map(async (folder) => {
      const manifest = JSON.parse(await readFile(join(home, folder, "package.json"), "utf8"));
      const name = (await readdir(join(home, folder))).find((file) => /^licen[cs]e/i.test(file));
      const text = name ? await readFile(join(home, dirname(join(folder, name)), name), "utf8") : "";
      const title = `${manifest.name} ${manifest.version} (${manifest.license ?? "see below"})`;
      return `${title}\n${"-".repeat(title.length)}\n\n${text.trim()}\n`;
    }),
  );
  return `What the bundle of sluicegate is made of, besides its own code.\n\n${parts.join("\n\n")}`;
}
