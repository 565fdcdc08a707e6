/**
 * The shipped profiles as values, written when the program is built, since reading their YAML was half of
 * a start. A file that is another than the one that was read then is read again.
 */
import { crc32 } from "node:zlib";
import { isObject } from "../../core/is-object.ts";

/** File name in `dist`. */
export const parsedProfilesName = "profiles.json";

/** What was read of a file. */
export interface ParsedProfile {
  readonly bytes: number;
  readonly crc: number;
  readonly value: unknown;
}

/** By path below the folder of profiles: `tasmota/sensor.yaml`. */
export type ParsedProfiles = Readonly<Record<string, ParsedProfile>>;

export function toParsedProfile(file: Uint8Array, value: unknown): ParsedProfile {
  return { bytes: file.byteLength, crc: crc32(file), value };
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

/** The value of a file that holds what it held then; undefined for any other. */
export function parsedValue(entry: ParsedProfile | undefined, file: Uint8Array): unknown {
  const isSame = entry?.bytes === file.byteLength && entry.crc === crc32(file);
  return isSame ? entry.value : undefined;
}

function isParsed(value: unknown): value is ParsedProfile {
  return isObject(value) && typeof value["bytes"] === "number" && typeof value["crc"] === "number";
}
