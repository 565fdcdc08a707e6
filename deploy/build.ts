/**
 * Builds `dist/` anew: the program as a bundle that needs no other package, `LICENSES.txt` with the
 * licenses of everything that went into it, `profiles.json` with the shipped profiles as values, and
 * `console/` with the files of the page.
 *
 *   npm run build
 */
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { build, type Metafile } from "esbuild";
import { build as buildPage } from "vite";
import { openApiOf } from "../src/api/openapi.ts";
import { version } from "../src/app/version.ts";
import { readYaml } from "../src/config/read-yaml.ts";
import {
  type ParsedProfile,
  type ParsedProfiles,
  parsedProfilesName,
  toParsedProfile,
} from "../src/config/site/parsed-profiles.ts";
import { checkExamples } from "../src/normalize/check-examples.ts";
import { parseProfile } from "../src/normalize/language/parse-profile.ts";
import { allRoutes } from "./all-routes.ts";
import { bundleSettings } from "./bundle-settings.ts";

const home = bundleSettings.absWorkingDir;
const dist = join(home, "dist");

await rm(dist, { recursive: true, force: true });
const { metafile } = await build({ ...bundleSettings, outdir: dist, splitting: true });
const page = await buildPage({
  configFile: join(home, "src/console/vite.config.ts"),
  logLevel: "warn",
});
const packages = [...bundledPackages(metafile), ...packagesOfPage(page)].sort();
await writeFile(join(dist, "LICENSES.txt"), await licensesOf(packages));
const document = openApiOf(await allRoutes(home), version);
await writeFile(join(dist, "openapi.json"), `${JSON.stringify(document, null, 2)}\n`);
await writeFile(join(dist, parsedProfilesName), JSON.stringify(await parsedProfiles()));

/** The values of the profiles that come along, which are right: a start reads no YAML of them. */
async function parsedProfiles(): Promise<ParsedProfiles> {
  const parsed: Record<string, ParsedProfile> = {};
  const devices = join(home, "devices");
  for (const path of await readdir(devices, { recursive: true })) {
    if (!path.endsWith(".yaml")) continue;
    const file = await readFile(join(devices, path));
    const yaml = readYaml(file.toString());
    const profile = yaml.ok ? parseProfile(yaml.value) : undefined;
    if (!yaml.ok || !profile?.ok || checkExamples(profile.value).length > 0)
      throw new Error(
        `devices/${path} is no profile that does what it says; run: sluicegate profile test devices/${path}`,
      );
    parsed[path] = toParsedProfile(file, yaml.value);
  }
  return parsed;
}

/** Folders of the packages that the program is made of. */
function bundledPackages({ inputs }: Metafile): string[] {
  return packageFolders(Object.keys(inputs));
}

function packageFolders(files: readonly string[]): string[] {
  const folders = files.map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))];
}

/** Folders of the packages that the page is made of. */
function packagesOfPage(built: Awaited<ReturnType<typeof buildPage>>): string[] {
  const bundles = Array.isArray(built) ? built : "output" in built ? [built] : [];
  const files = bundles.flatMap(({ output }) =>
    output.flatMap((part) => (part.type === "chunk" ? part.moduleIds : [])),
  );
  return packageFolders(files.map((file) => relative(home, file)));
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
