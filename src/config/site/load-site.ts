/**
 * Everything that the people of a site wrote, read and checked together: the configuration, the
 * device profiles, the rule files, the plan files, the users files and how they name each other. All faults of all
 * files come in one list. Opens no connection and changes nothing.
 */
import { dirname, resolve } from "node:path";
import { bug, GatewayError } from "../../core/errors.ts";
import type { Checked } from "../../core/fault.ts";
import { systemReason } from "../../core/system-reason.ts";
import type { Catalog } from "../../normalize/catalog.ts";
import { createCatalog } from "../../normalize/create-catalog.ts";
import type { ListedProfile } from "../../normalize/listed-profile.ts";
import type { Profile } from "../../normalize/profile.ts";
import type { Plan } from "../../plans/plan.ts";
import { checkSchema } from "../../schema/schema-faults.ts";
import type { OpenSource } from "../../sources/source-kind.ts";
import type { LocatedFault } from "../located-fault.ts";
import { pathIn } from "../path-in.ts";
import { type SiteConfig, siteSchema } from "../schema.ts";
import { type HalfChanged, tellHalfChanged } from "./half-changed.ts";
import type { Load } from "./load.ts";
import { loadConsole } from "./load-console.ts";
import { loadPlans } from "./load-plans.ts";
import { type LoadedRules, loadRules } from "./load-rules.ts";
import { loadSources } from "./load-sources.ts";
import { readParsedProfiles } from "./parsed-profiles.ts";
import { placeData } from "./place-data.ts";
import { type ReadProfiles, readProfiles } from "./read-profiles.ts";
import type { SiteFiles } from "./site-files.ts";
import { SiteReading } from "./site-reading.ts";
import { readSections } from "./site-sections.ts";
import { unlistable } from "./unreadable.ts";
import { warnOfBackboneFiles } from "./warn-of-backbone-files.ts";
import { warnOfMissingSecrets } from "./warn-of-missing-secrets.ts";
import { warnOfRoutes } from "./warn-of-routes.ts";
import { warnOfUnaskedDevices } from "./warn-of-unasked-devices.ts";

/** A site whose files are all right. */
export interface LoadedSite {
  /** Absolute folder of the configuration file: relative paths in it begin here. */
  readonly folder: string;
  readonly config: SiteConfig;
  /** The configuration as it is written, before defaults. */
  readonly written: unknown;
  readonly catalog: Catalog;
  /** Every profile that is in force, with its file; those that no device has are made when it is asked for. */
  readonly profiles: ReadonlyMap<Profile, string>;
  /** Its rule files. Where one has faults, the others only. */
  readonly rules: LoadedRules;
  /** The plans of all plan files, by name. */
  readonly plans: ReadonlyMap<string, Plan>;
  /** Its files were of two versions when they were read; undefined where they belong together. */
  readonly halfChanged: HalfChanged | undefined;
  /** What opens each of `config.sources`. */
  readonly sources: readonly OpenSource[];
}

export type LoadResult = {
  /** Faults, or warnings only when there is a site. */
  readonly faults: readonly LocatedFault[];
  readonly fileCount: number;
} & (
  | { readonly ok: true; readonly site: LoadedSite }
  /** The site is there where nothing but rule files is wrong. */
  | { readonly ok: false; readonly site?: LoadedSite }
);

/**
 * Reads the site of a configuration file. Never throws for what is in the files; `config.unreadable`
 * when the package itself is not whole.
 */
export async function loadSite(path: string, files: SiteFiles): Promise<LoadResult> {
  const reading = new SiteReading(files);
  const main = await reading.read(path, { parse: parseConfig });
  if (!main) return { ok: false, faults: reading.faults, fileCount: reading.fileCount };
  const load: Load = {
    files,
    reading,
    main,
    folder: dirname(path),
    sections: readSections(main.written),
  };

  const { profiles: filed, broken } = await loadProfiles(load);
  const listed = filed.map((profile) => profile.listed);
  const profiles = (): Profile[] => listed.map(({ read }) => read());
  const catalog = loadCatalog(load, listed, broken);
  const rules = await loadRules(load, profiles, broken);
  const plans = await loadPlans(load, profiles);
  const sources = await loadSources(load);
  await loadConsole(load);
  await warnOfBackboneFiles(load);
  await warnOfMissingSecrets(load);
  warnOfRoutes(load);
  warnOfUnaskedDevices(load, listed);
  const halfChanged = await tellHalfChanged(load);

  const { faults, fileCount } = reading;
  const errors = faults.filter(({ severity }) => severity !== "warning").length;
  if (errors > rules.faults.length || !main.value || !catalog)
    return { ok: false, faults, fileCount };
  const folder = resolve(load.folder);
  if (sources.length < main.value.sources.length) bug("a source was left out without a word");
  const config = placeData(main.value, main.written, folder);
  const inForce = new Map(filed.map((profile) => [profile.listed.outline.name, profile]));
  let read: LoadedSite["profiles"] | undefined;
  const site = {
    ...{ folder, config, written: main.written, catalog, rules, plans, sources, halfChanged },
    get profiles() {
      read ??= new Map(Array.from(inForce.values(), ({ file, listed }) => [listed.read(), file]));
      return read;
    },
  };
  return { ok: errors === 0, faults, fileCount, site };
}

/** An empty file is a configuration, too. */
function parseConfig(value: unknown): Checked<SiteConfig> {
  return checkSchema(siteSchema, "config", value ?? {});
}

/** The profiles that come with the package; rejects with `config.unreadable` where they cannot be listed. */
export async function readShipped(files: SiteFiles, reading: SiteReading): Promise<ReadProfiles> {
  const parsed = await files.readFile(files.parsedProfiles).then(readParsedProfiles, () => ({}));
  const { shippedProfiles: place } = files;
  return readProfiles(place, files, reading, parsed).catch((thrown) => {
    const where = `the device profiles that come with sluicegate in ${place}`;
    const message = `cannot list ${where}: ${systemReason(thrown)}; install sluicegate again`;
    throw new GatewayError("config.unreadable", message, { cause: thrown });
  });
}

/** They, then those of the site's own folders. */
async function loadProfiles({
  files,
  folder,
  main,
  reading,
  sections,
}: Load): Promise<ReadProfiles> {
  const shipped = files.shipped ?? (await readShipped(files, reading));
  const profiles = [...shipped.profiles];
  const broken = new Set(shipped.broken);
  for (const [at, own] of sections.profileFolders.entries()) {
    try {
      const read = await readProfiles(pathIn(folder, own), files, reading);
      profiles.push(...read.profiles);
      for (const name of read.broken) broken.add(name);
    } catch (thrown) {
      const said = unlistable(pathIn(folder, own), thrown);
      main.report({ code: "config.unreadable", path: ["profiles", "folders", at], ...said });
    }
  }
  return { profiles, broken };
}

/** Paths of faults in `devices` are those of the list that was given: entries with faults are not in it. */
function loadCatalog(
  { main, sections }: Load,
  listed: readonly ListedProfile[],
  broken: ReadonlySet<string>,
): Catalog | undefined {
  const { devices, generic, ignore } = sections;
  const checked = createCatalog({
    ...{ listed, profiles: [] },
    devices: devices.map(({ value }) => value),
    generic,
    ignore,
  });
  if (checked.ok) return checked.value;
  for (const fault of checked.faults) {
    const [section, at, ...rest] = fault.path;
    const entry = section === "devices" ? devices[Number(at)] : undefined;
    if (entry && fault.code === "config.unknown-profile" && broken.has(entry.value.profile))
      continue;
    main.report(entry ? { ...fault, path: ["devices", entry.at, ...rest] } : fault);
  }
  return undefined;
}
