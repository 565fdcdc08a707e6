/**
 * Everything that the people of a site wrote, read and checked together: the configuration, the
 * device profiles, the rule files, the users files and how they name each other. All faults of all
 * files come in one list. Opens no connection and changes nothing.
 */
import { dirname, isAbsolute, join, resolve } from "node:path";
import type { LocatedFault } from "../config/located-fault.ts";
import { type SiteConfig, siteSchema } from "../config/schema.ts";
import { readSecret, type SecretReference } from "../config/secrets.ts";
import { GatewayError } from "../core/errors.ts";
import type { Checked } from "../core/fault.ts";
import { checkSchema } from "../core/schema-faults.ts";
import type { Catalog } from "../normalize/catalog.ts";
import { createCatalog } from "../normalize/create-catalog.ts";
import type { Profile } from "../normalize/profile.ts";
import type { RuleFile, RuleGroup } from "../rules/rule.ts";
import { parseRules } from "../rules/rule-schema.ts";
import { accessFault } from "../sources/mqtt/access.ts";
import { parseUsers, type Users } from "../sources/mqtt/users.ts";
import { checkRuleProfiles } from "./check-rule-profiles.ts";
import { expandGlob, isGlob } from "./expand-glob.ts";
import { placeData } from "./place-data.ts";
import { readProfiles } from "./read-profiles.ts";
import type { SiteFiles } from "./site-files.ts";
import { type SiteFile, SiteReading } from "./site-reading.ts";
import { readSections, type SiteSections } from "./site-sections.ts";

/** A site whose files are all right. */
export interface LoadedSite {
  /** Absolute folder of the configuration file: relative paths in it begin here. */
  readonly folder: string;
  readonly config: SiteConfig;
  /** The configuration as it is written, before defaults. */
  readonly written: unknown;
  readonly catalog: Catalog;
  /** Groups of all rule files, in the order of the files. */
  readonly ruleGroups: readonly RuleGroup[];
  /** The users of those of `config.sources` that have a users file, by their place there. */
  readonly users: ReadonlyMap<number, Users>;
}

export type LoadResult = {
  /** Faults, or warnings only when there is a site. */
  readonly faults: readonly LocatedFault[];
  readonly fileCount: number;
} & ({ readonly ok: true; readonly site: LoadedSite } | { readonly ok: false });

/** Reads the site of a configuration file. Never throws for what is in the files. */
export async function loadSite(path: string, files: SiteFiles): Promise<LoadResult> {
  const reading = new SiteReading(files);
  const main = await reading.read(path, parseConfig);
  if (!main) return { ok: false, faults: reading.faults, fileCount: reading.fileCount };
  const load: Load = {
    files,
    reading,
    main,
    folder: dirname(path),
    sections: readSections(main.written),
  };

  const { profiles, broken } = await loadProfiles(load);
  const catalog = loadCatalog(load, profiles, broken);
  const ruleGroups = await loadRules(load, [...profiles.map(({ name }) => name), ...broken]);
  const users = await loadUsers(load);
  await warnOfMissingSecrets(load);

  const { faults, fileCount } = reading;
  const isRight = faults.every(({ severity }) => severity === "warning");
  if (!isRight || !main.value || !catalog) return { ok: false, faults, fileCount };
  const folder = resolve(load.folder);
  const config = placeData(main.value, main.written, folder);
  const site = { folder, config, written: main.written, catalog, ruleGroups, users };
  return { ok: true, faults, fileCount, site };
}

/** A path of the configuration as the system takes it. */
export function pathIn(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}

interface Load {
  readonly files: SiteFiles;
  readonly reading: SiteReading;
  readonly main: SiteFile<SiteConfig>;
  /** Of the configuration file, as people wrote it, so that faults name files as they know them. */
  readonly folder: string;
  readonly sections: SiteSections;
}

/** An empty file is a configuration, too. */
function parseConfig(value: unknown): Checked<SiteConfig> {
  return checkSchema(siteSchema, "config", value ?? {});
}

/** The profiles that come with the package, then those of the site's own folders. */
async function loadProfiles({ files, folder, main, reading, sections }: Load) {
  const shipped = await readProfiles(files.shippedProfiles, files, reading);
  const profiles = [...shipped.profiles];
  const broken = new Set(shipped.broken);
  for (const [at, own] of sections.profileFolders.entries()) {
    try {
      const read = await readProfiles(pathIn(folder, own), files, reading);
      profiles.push(...read.profiles);
      for (const name of read.broken) broken.add(name);
    } catch {
      const message = `cannot list the folder ${pathIn(folder, own)}`;
      main.report({ code: "config.unreadable", path: ["profiles", "folders", at], message });
    }
  }
  return { profiles, broken };
}

/** Paths of faults in `devices` are those of the list that was given: entries with faults are not in it. */
function loadCatalog(
  { main, sections }: Load,
  profiles: readonly Profile[],
  broken: ReadonlySet<string>,
): Catalog | undefined {
  const { devices, generic } = sections;
  const checked = createCatalog({ profiles, devices: devices.map(({ value }) => value), generic });
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

async function loadRules(load: Load, profileNames: readonly string[]): Promise<RuleGroup[]> {
  const { files, folder, main, reading, sections } = load;
  const groups = new Map<string, { readonly group: RuleGroup; readonly file: string }>();
  const seen = new Set<string>();
  for (const [at, pattern] of sections.ruleFiles.entries()) {
    const place = ["rules", "files", at];
    const found = await expandGlob(pathIn(folder, pattern), files);
    if (found.length === 0 && sections.namesRuleFiles) {
      const message = `no file is ${pathIn(folder, pattern)}`;
      main.report({ code: "config.no-rule-files", path: place, message, severity: "warning" });
    }
    for (const path of found.filter((one) => !seen.has(one))) {
      seen.add(path);
      const unreadable = (message: string): void =>
        main.report({ code: "config.unreadable", path: place, message });
      const file = await reading.read(path, parseRules, isGlob(pattern) ? undefined : unreadable);
      if (!file) continue;
      checkRuleProfiles(file, profileNames);
      addGroups(file, groups);
    }
  }
  return [...groups.values()].map(({ group }) => group);
}

/** A group's name is part of the identity of its alerts, so it is there once in all files. */
function addGroups(
  file: SiteFile<RuleFile>,
  groups: Map<string, { readonly group: RuleGroup; readonly file: string }>,
): void {
  for (const [at, group] of (file.value?.groups ?? []).entries()) {
    const twin = groups.get(group.name);
    if (!twin) {
      groups.set(group.name, { group, file: file.file });
      continue;
    }
    file.report({
      code: "rule.repeated-group",
      path: ["groups", at, "name"],
      message: `group "${group.name}" is also in ${twin.file}`,
      hint: "give every group a name of its own",
    });
  }
}

async function loadUsers({ folder, main, reading, sections }: Load): Promise<Map<number, Users>> {
  const users = new Map<number, Users>();
  const files = new Map<string, SiteFile<Users> | undefined>();
  for (const { at, value: source } of sections.sources) {
    const access = accessFault(source);
    if (access) main.report({ ...access, path: ["sources", at, ...access.path] });
    if (!source.users) continue;
    const path = pathIn(folder, source.users.file);
    if (!files.has(path)) {
      const named = ["sources", at, "users", "file"];
      const unreadable = (message: string): void =>
        main.report({ code: "config.unreadable", path: named, message });
      files.set(path, await reading.read(path, parseUsers, unreadable));
    }
    const file = files.get(path);
    if (file?.value) users.set(at, file.value);
  }
  return users;
}

/** Only warns: files may be checked on another machine than the one that holds the secrets. */
async function warnOfMissingSecrets({ files, folder, main }: Load): Promise<void> {
  for (const { path, reference } of secretsOf(main.value)) {
    try {
      await readSecret(reference, { ...files, folder });
    } catch (thrown) {
      const { code, message } = GatewayError.from(thrown, "config.secret-missing", "no secret");
      main.report({ code, path, message, severity: "warning" });
    }
  }
}

interface NamedSecret {
  readonly path: readonly string[];
  readonly reference: SecretReference;
}

function secretsOf(config: SiteConfig | undefined): NamedSecret[] {
  const secrets: NamedSecret[] = [];
  const credentials = config?.backbone.credentials;
  if (credentials)
    secrets.push({ path: ["backbone", "credentials", "file"], reference: credentials });
  for (const [name, receiver] of Object.entries(config?.notify.receivers ?? {})) {
    if (receiver.kind !== "webhook" || !receiver.secret) continue;
    secrets.push({ path: ["notify", "receivers", name, "secret"], reference: receiver.secret });
  }
  return secrets;
}
