import { isObject } from "../../core/is-object.ts";

/**
 * One value over another: mappings are merged field by field, at every depth; anything else (a list, a
 * text, a number) replaces what was there as a whole; null takes the field away.
 */
export function mergeOver(base: unknown, over: unknown): unknown {
  if (over === undefined) return base;
  if (!isObject(base) || !isObject(over)) return isObject(over) ? withoutNulls(over) : over;
  const merged: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(over)) {
    if (value === null) delete merged[name];
    else merged[name] = mergeOver(merged[name], value);
  }
  return merged;
}

function withoutNulls(value: Readonly<Record<string, unknown>>): unknown {
  return mergeOver({}, value);
}
