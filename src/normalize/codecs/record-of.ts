import type { ReadLines } from "./lines.ts";

/**
 * An object of names and values as a payload writes them, whatever the names are. One that stands
 * there twice with different values has none.
 */
export function recordOf(
  entries: readonly (readonly [name: string, value: unknown])[],
  read: ReadLines,
): Record<string, unknown> {
  const found = new Map<string, unknown>();
  for (const [name, value] of entries) {
    const earlier = found.get(name);
    if (earlier === undefined || earlier === value) found.set(name, value);
    else {
      if (earlier !== null) read.misfit(`${name.slice(0, 64)} stands more than once`);
      found.set(name, null);
    }
  }
  return Object.fromEntries(found);
}
