import { randomInt } from "node:crypto";
import { type RunId, toRunId } from "../core/ids.ts";

/** A run's name: 8 random characters of base 36. */
export function newRun(): RunId {
  let name = "";
  while (name.length < 8) name += randomInt(36).toString(36);
  return toRunId(name);
}
