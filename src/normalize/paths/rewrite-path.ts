import { memberOf, type Path } from "./path.ts";

const anyKey = Symbol("any key");

/**
 * Puts what `change` makes of the values at a path in their place, and gives the root, which is
 * another one for the path `$` only. Where the path leads to nothing, nothing is changed.
 */
export function rewritePath(
  { behind, keys, wildcard }: Path,
  root: unknown,
  change: (value: unknown) => unknown,
): unknown {
  const steps = wildcard === "none" ? keys : [...keys, anyKey, ...behind];
  const rewrite = (value: unknown, at: number): unknown => {
    const step = steps[at];
    if (step === undefined) return change(value);
    if (!isRecord(value) || (typeof step === "string" && Array.isArray(value))) return value;
    if (typeof step === "object") {
      rewrite(memberOf(value, step), at + 1);
      return value;
    }
    for (const key of step === anyKey ? Object.keys(value) : [step])
      if (key !== "__proto__" && Object.hasOwn(value, key))
        value[key] = rewrite(value[key], at + 1);
    return value;
  };
  return rewrite(root, 0);
}

/** Lists and objects alike: an index is a key of a list. */
function isRecord(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === "object" && value !== null;
}
