import type { Schema } from "./schema-faults.ts";
import { valueAt } from "./schema-issue.ts";

/** More faults than these in one value are not worked around. */
const mostFaults = 200;

/**
 * What a schema makes of a value when everything that is wrong in it is left out; undefined when
 * nothing is left that fits. For looking on behind a fault, never for running with.
 */
export function parseWhatFits<T>(schema: Schema<T>, value: unknown): T | undefined {
  const rest: unknown = structuredClone(value);
  for (let tries = 0; tries < mostFaults; tries += 1) {
    const parsed = schema.safeParse(rest);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const keys: unknown = issue && "keys" in issue ? issue.keys : undefined;
    const names = Array.isArray(keys) && issue?.code === "unrecognized_keys" ? keys : [undefined];
    for (const name of names) {
      const path = (issue?.path ?? []).map((step) => (typeof step === "symbol" ? "" : step));
      if (!leaveOut(rest, name === undefined ? path : [...path, String(name)])) return undefined;
    }
  }
  return undefined;
}

/** Removes what is at the path, or what should hold it when nothing is; false at the root. */
function leaveOut(root: unknown, path: readonly (string | number)[]): boolean {
  for (let length = path.length; length > 0; length -= 1) {
    const holder = valueAt(root, path.slice(0, length - 1));
    const key = path[length - 1] ?? "";
    if (typeof holder !== "object" || holder === null || !Object.hasOwn(holder, key)) continue;
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else Reflect.deleteProperty(holder, key);
    return true;
  }
  return false;
}
