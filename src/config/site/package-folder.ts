import { existsSync } from "node:fs";

/**
 * The folder of the installed package, with a slash at its end: where `package.json`, `devices/`
 * and `config/` lie, whether this runs as a bundle or from the sources.
 */
export function packageFolder(): URL {
  for (const up of ["../", "../../", "../../../"]) {
    const folder = new URL(up, import.meta.url);
    if (existsSync(new URL("package.json", folder))) return folder;
  }
  return new URL("../", import.meta.url);
}

/** What the build wrote of the profiles that come with the package: its name in `dist`. */
export const parsedProfilesName = "profiles.json";
