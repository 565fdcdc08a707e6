import type { Checked } from "../../core/fault.ts";
import { checkSchema } from "../../schema/schema-faults.ts";
import type { Profile } from "../profile.ts";
import { buildProfile } from "./build-profile.ts";
import { profileFile } from "./profile-file.ts";

/**
 * The profile in the value of a file, or everything that is wrong with it but the examples
 * (`checkExamples` runs those). Fault paths start at the root of the file.
 */
export function parseProfile(value: unknown): Checked<Profile> {
  const checked = checkSchema(profileFile, "profile", value);
  return checked.ok ? buildProfile(checked.value) : checked;
}
