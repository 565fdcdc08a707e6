/**
 * The shipped profiles as the build read them, since reading their YAML was half of a start: the outline
 * of each, by which the catalog lists it, and the text of its value, for when a message asks for more. A
 * file that is another than the one that was read then is read again.
 */
import { crc32 } from "node:zlib";
import { bug } from "../../core/errors.ts";
import { isObject } from "../../core/is-object.ts";
import { parseProfile } from "../../normalize/language/parse-profile.ts";
import {
  type ListedProfile,
  listOutline,
  outlineOf,
  type ProfileOutline,
} from "../../normalize/listed-profile.ts";
import type { Profile } from "../../normalize/profile.ts";
import { parsedProfilesName } from "./package-folder.ts";

/** What was read of a file. */
export interface ParsedProfile {
  readonly bytes: number;
  readonly crc: number;
  readonly outline: ProfileOutline;
  /** JSON of what `parseProfile` takes. */
  readonly value: string;
}

/** By path below the folder of profiles: `tasmota/sensor.yaml`. */
export type ParsedProfiles = Readonly<Record<string, ParsedProfile>>;

/** `profile` is what `parseProfile` makes of `value`. */
export function toParsedProfile(file: Uint8Array, value: unknown, profile: Profile): ParsedProfile {
  return {
    ...{ bytes: file.byteLength, crc: crc32(file) },
    outline: outlineOf(profile),
    value: JSON.stringify(value),
  };
}

/** What is in the file that the build wrote; nothing where there is none. Never throws. */
export function readParsedProfiles(file: Uint8Array | undefined): ParsedProfiles {
  try {
    const value: unknown = JSON.parse(Buffer.from(file ?? []).toString());
    if (!isObject(value)) return {};
    const entries = Object.entries(value).filter((entry): entry is [string, ParsedProfile] =>
      isParsed(entry[1]),
    );
    return Object.fromEntries(entries);
  } catch {
    return {};
  }
}

/** The profile of a file that holds what it held then; undefined for any other. */
export function parsedProfile(
  entry: ParsedProfile | undefined,
  file: Uint8Array,
): ListedProfile | undefined {
  if (entry?.bytes !== file.byteLength || entry.crc !== crc32(file)) return undefined;
  const { outline, value } = entry;
  return listOutline(outline, () => {
    const checked = parseProfile(JSON.parse(value));
    return checked.ok ? checked.value : bug(`${parsedProfilesName} is of another build`);
  });
}

function isParsed(value: unknown): value is ParsedProfile {
  if (!isObject(value) || !isObject(value["outline"])) return false;
  const { bytes, crc, value: text } = value;
  return typeof bytes === "number" && typeof crc === "number" && typeof text === "string";
}
