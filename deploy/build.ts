/**
 * Builds `dist/` anew: the program as a bundle that needs no other package, `profiles.json` with the
 * shipped profiles as values, `console/` with the files of the page, `THIRD-PARTY-NOTICES.txt` with the
 * licenses of everything that went into them, `answers/` with JSON Schemas of what commands print, and `sbom.cdx.json` with the same for machines. The same
 * sources give the same bytes.
 *
 *   npm run build
 */
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { build } from "esbuild";
import { build as buildPage } from "vite";
import { openApiOf } from "../src/api/openapi.ts";
import { version } from "../src/app/version.ts";
import { formFile, formSchemas } from "../src/cli/form-schemas.ts";
import { manPages } from "../src/cli/man-page.ts";
import { buildProgram } from "../src/cli/program.ts";
import { readYaml } from "../src/config/read-yaml.ts";
import { parsedProfilesName } from "../src/config/site/package-folder.ts";
import {
  type ParsedProfile,
  type ParsedProfiles,
  toParsedProfile,
} from "../src/config/site/parsed-profiles.ts";
import { checkExamples } from "../src/normalize/check-examples.ts";
import { parseProfile } from "../src/normalize/language/parse-profile.ts";
import { allRoutes } from "./all-routes.ts";
import { asciiOnly } from "./ascii-only.ts";
import { bundleSettings } from "./bundle-settings.ts";
import { filesOfBundle, filesOfPage, optionalPackages, packagesOf } from "./bundled-packages.ts";
import { sbomOf } from "./sbom.ts";
import { thirdPartyNotices } from "./third-party-notices.ts";

const home = bundleSettings.absWorkingDir;
const dist = join(home, "dist");

// Whoever builds it, anybody may read it; and modes are part of what is packed.
process.umask(0o022);
// The page is the one for users, whatever whoever builds it has in his environment.
process.env["NODE_ENV"] = "production";
await rm(dist, { recursive: true, force: true });
const { metafile } = await build({ ...bundleSettings, outdir: dist, splitting: true });
for (const name of Object.keys(metafile.outputs))
  await rewrite(join(home, name), (text) => asciiOnly(withoutBanner(text)));
const page = await buildPage({
  configFile: join(home, "src/console/vite.config.ts"),
  logLevel: "warn",
});
const files = [...filesOfBundle(metafile), ...filesOfPage(home, page)];
const packages = await packagesOf(home, files);
await writeFile(join(dist, "THIRD-PARTY-NOTICES.txt"), thirdPartyNotices(packages));
const sbom = sbomOf(version, packages, await optionalPackages(home));
await writeFile(join(dist, "sbom.cdx.json"), `${JSON.stringify(sbom, null, 2)}\n`);
const document = openApiOf(await allRoutes(home), version);
await writeFile(join(dist, "openapi.json"), `${JSON.stringify(document, null, 2)}\n`);
await mkdir(join(dist, "answers"));
for (const [name, text] of formSchemas()) await writeFile(join(dist, formFile(name)), text);
await mkdir(join(dist, "man"));
for (const [name, text] of manPages(buildProgram(), version))
  await writeFile(join(dist, "man", name), text);
await writeFile(join(dist, parsedProfilesName), JSON.stringify(await parsedProfiles()));

/** Most files of the bundle ask for nothing by `require`, and what makes one costs each start. */
function withoutBanner(text: string): string {
  const { js: banner } = bundleSettings.banner;
  const rest = text.replace(`${banner}\n`, "");
  return /\brequire\b/.test(rest) ? text : rest;
}

async function rewrite(path: string, change: (text: string) => string): Promise<void> {
  await writeFile(path, change(await readFile(path, "utf8")));
}

/** The values of the profiles that come along, which are right: a start reads no YAML of them. */
async function parsedProfiles(): Promise<ParsedProfiles> {
  const parsed: Record<string, ParsedProfile> = {};
  const devices = join(home, "devices");
  for (const path of (await readdir(devices, { recursive: true })).sort()) {
    if (!path.endsWith(".yaml")) continue;
    const file = await readFile(join(devices, path));
    const yaml = readYaml(file.toString());
    const profile = yaml.ok ? parseProfile(yaml.value) : undefined;
    if (!yaml.ok || !profile?.ok || checkExamples(profile.value).length > 0)
      throw new Error(
        `devices/${path} is no profile that does what it says; run: sluicegate profile test devices/${path}`,
      );
    const entry = toParsedProfile(file, yaml.value, profile.value);
    if (!isDeepStrictEqual(JSON.parse(JSON.stringify(entry.outline)), entry.outline))
      throw new Error(`the outline of devices/${path} is no plain JSON`);
    parsed[path] = entry;
  }
  return parsed;
}
