import { basename, join } from "node:path";
import { checkExamples } from "../../normalize/check-examples.ts";
import { parseProfile } from "../../normalize/language/parse-profile.ts";
import type { Profile } from "../../normalize/profile.ts";
import { type ParsedProfile, type ParsedProfiles, parsedValue } from "./parsed-profiles.ts";
import type { SiteFiles } from "./site-files.ts";
import type { SiteReading } from "./site-reading.ts";

/** The profiles of some folders, later folders behind earlier ones. */
export interface ReadProfiles {
  readonly profiles: readonly Profile[];
  /** Where each stands. */
  readonly files: ReadonlyMap<Profile, string>;
  /** Names of profiles that are there and have faults: saying that they are missing would mislead. */
  readonly broken: ReadonlySet<string>;
}

/**
 * Reads `<folder>/<maker>/<model>.yaml` and runs the examples of each profile, unless they were run when
 * the program was built: `parsed`.
 */
export async function readProfiles(
  folder: string,
  files: SiteFiles,
  reading: SiteReading,
  parsed: ParsedProfiles = {},
): Promise<ReadProfiles> {
  const profiles: Profile[] = [];
  const places = new Map<Profile, string>();
  const broken = new Set<string>();
  for (const maker of (await files.listFolder(folder)).toSorted()) {
    const models = await files.listFolder(join(folder, maker)).catch(() => []);
    for (const model of models.filter((name) => name.endsWith(".yaml")).toSorted()) {
      const name = `${maker}/${basename(model, ".yaml")}`;
      const file = join(folder, maker, model);
      const known = parsed[`${maker}/${model}`];
      const profile =
        (known && (await readKnown(file, known, files, reading))) ??
        (await readProfile(file, name, reading));
      if (!profile) broken.add(name);
      else {
        profiles.push(profile);
        places.set(profile, file);
      }
    }
  }
  return { profiles, files: places, broken };
}

async function readKnown(
  file: string,
  known: ParsedProfile,
  files: SiteFiles,
  reading: SiteReading,
): Promise<Profile | undefined> {
  const value = parsedValue(known, await files.readFile(file).catch(() => new Uint8Array()));
  const checked = value === undefined ? undefined : parseProfile(value);
  if (!checked?.ok) return undefined;
  reading.opened();
  return checked.value;
}

async function readProfile(
  file: string,
  name: string,
  reading: SiteReading,
): Promise<Profile | undefined> {
  const read = await reading.read(file, { parse: parseProfile });
  const profile = read?.value;
  if (!read || !profile) return undefined;
  for (const fault of checkExamples(profile)) read.report(fault);
  if (profile.name !== name) {
    read.report({
      code: "profile.misplaced",
      path: ["profile"],
      message: `"${profile.name}" stands in the file of ${name}`,
      hint: `move it to ${profile.name}.yaml`,
    });
  }
  return profile;
}
