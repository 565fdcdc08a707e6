import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { parseProfile } from "../../src/normalize/language/parse-profile.ts";
import type { Profile } from "../../src/normalize/profile.ts";

/** The folder of the profiles that come with sluicegate. */
export const shippedFolder = new URL("../../devices/", import.meta.url);

/** A shipped profile, by its file: `tasmota/sensor.yaml`. */
export function loadProfile(file: string): Profile {
  const checked = parseProfile(parse(readFileSync(new URL(file, shippedFolder), "utf8")));
  if (!checked.ok) throw new Error(JSON.stringify(checked.faults, null, 2));
  return checked.value;
}
