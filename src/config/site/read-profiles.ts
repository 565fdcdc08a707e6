import { basename, join } from "node:path";
import { checkExamples } from "../../normalize/check-examples.ts";
import { parseProfile } from "../../normalize/parse-profile.ts";
import type { Profile } from "../../normalize/profile.ts";
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

/** Reads `<folder>/<maker>/<model>.yaml` and runs the examples of each profile. */
export async function readProfiles(
  folder: string,
  files: SiteFiles,
  reading: SiteReading,
): Promise<ReadProfiles> {
  const profiles: Profile[] = [];
  const places = new Map<Profile, string>();
  const broken = new Set<string>();
  for (const maker of (await files.listFolder(folder)).toSorted()) {
    const models = await files.listFolder(join(folder, maker)).catch(() => []);
    for (const model of models.filter((name) => name.endsWith(".yaml")).toSorted()) {
      const name = `${maker}/${basename(model, ".yaml")}`;
      const file = join(folder, maker, model);
      const profile = await readProfile(file, name, reading);
      if (!profile) broken.add(name);
      else {
        profiles.push(profile);
        places.set(profile, file);
      }
    }
  }
  return { profiles, files: places, broken };
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
