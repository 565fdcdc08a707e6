import { basename, join } from "node:path";
import { checkExamples } from "../../normalize/check-examples.ts";
import { parseProfile } from "../../normalize/language/parse-profile.ts";
import { type ListedProfile, listProfile } from "../../normalize/listed-profile.ts";
import { type ParsedProfile, type ParsedProfiles, parsedProfile } from "./parsed-profiles.ts";
import type { SiteFiles } from "./site-files.ts";
import type { SiteReading } from "./site-reading.ts";

/** A profile of a file. */
export interface FiledProfile {
  readonly file: string;
  readonly listed: ListedProfile;
}

/** The profiles of some folders, later folders behind earlier ones. */
export interface ReadProfiles {
  readonly profiles: readonly FiledProfile[];
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
  const profiles: FiledProfile[] = [];
  const broken = new Set<string>();
  for (const maker of (await files.listFolder(folder)).toSorted()) {
    const names = await files.listFolder(join(folder, maker)).catch(() => []);
    const models = names.filter((name) => name.endsWith(".yaml")).toSorted();
    for (const model of models) {
      const name = `${maker}/${basename(model, ".yaml")}`;
      const file = join(folder, maker, model);
      const known = parsed[`${maker}/${model}`];
      const listed =
        (known && (await readKnown(file, known, files, reading))) ??
        (await readProfile(file, name, reading));
      if (listed) profiles.push({ file, listed });
      else broken.add(name);
    }
  }
  return { profiles, broken };
}

async function readKnown(
  file: string,
  known: ParsedProfile,
  files: SiteFiles,
  reading: SiteReading,
): Promise<ListedProfile | undefined> {
  const bytes = await files.readFile(file).catch(() => new Uint8Array());
  const listed = parsedProfile(known, bytes);
  if (listed) reading.opened();
  return listed;
}

async function readProfile(
  file: string,
  name: string,
  reading: SiteReading,
): Promise<ListedProfile | undefined> {
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
  return listProfile(profile);
}
