/** What the builders of a profile share: how they tell what is wrong, and where. */
import { type Path, parsePath } from "../paths/path.ts";

/** From the root of the profile file. */
export type FaultPath = readonly (string | number)[];

/** Takes down a fault; building goes on, so that all are found at once. */
export type Report = (path: FaultPath, message: string, hint?: string) => void;

/** A path that may have a wildcard. After a report, what comes back is of no use. */
export function anyPath(text: string, place: FaultPath, report: Report): Path {
  const path = parsePath(text);
  if (!("problem" in path)) return path;
  report(place, path.problem);
  return { text, outer: false, keys: [], wildcard: "none", behind: [] };
}

/** A path to one value. */
export function plainPath(text: string, place: FaultPath, report: Report): Path {
  const path = anyPath(text, place, report);
  if (path.wildcard !== "none") report(place, `"${text}": only metrics have wildcards`);
  return path;
}

/** A field that may be written as a single text, as a list. */
export function listOf(value: string | readonly string[]): readonly string[] {
  return typeof value === "string" ? [value] : value;
}

/** The place of one element of such a field. */
export function placeOf(field: FaultPath, value: unknown, at: number): FaultPath {
  return Array.isArray(value) ? [...field, at] : field;
}
