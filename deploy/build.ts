/**
 * Builds `dist/` anew: the program as a bundle that needs no other package, and `LICENSES.txt` with
 * the licenses of everything that went into it.
 *
 *   npm run build
 */
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { build, type Metafile } from "esbuild";
import { bundleSettings } from "./bundle-settings.ts";

const home = bundleSettings.absWorkingDir;
const dist = join(home, "dist");

await rm(dist, { recursive: true, force: true });
const { metafile } = await build({ ...bundleSettings, outdir: dist, splitting: true });
await writeFile(join(dist, "LICENSES.txt"), await licensesOf(bundledPackages(metafile)));

/** Folders of the packages that files were taken from, sorted. */
function bundledPackages({ inputs }: Metafile): string[] {
  const folders = Object.keys(inputs).map(
    (path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0],
  );
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
}

async function licensesOf(folders: readonly string[]): Promise<string> {
  const parts = await Promise.all(
    folders.map(async (folder) => {
      const manifest = JSON.parse(await readFile(join(home, folder, "package.json"), "utf8"));
      const name = (await readdir(join(home, folder))).find((file) => /^licen[cs]e/i.test(file));
      const text = name
        ? await readFile(join(home, dirname(join(folder, name)), name), "utf8")
        : "";
      const title = `${manifest.name} ${manifest.version} (${manifest.license ?? "see below"})`;
      return `${title}\n${"-".repeat(title.length)}\n\n${text.trim()}\n`;
    }),
  );
  return `What the bundle of sluicegate is made of, besides its own code.\n\n${parts.join("\n\n")}`;
}
