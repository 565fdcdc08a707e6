/**
 * Values inside a template, by Python's rules: what is true, what is equal, how it is printed.
 * `undefined` is what nobody named; `Failed` is what went wrong.
 */

/** A value that could not be computed, with what it was to be computed from. */
export class Failed {
  readonly found: unknown;

  constructor(found: unknown) {
    this.found = found;
  }
}

/** What `{key: value}` in a template is: its keys may be anything, such as `none`. */
export class Pairs {
  readonly keys: readonly unknown[];
  readonly #values: readonly unknown[];

  constructor(keys: readonly unknown[], values: readonly unknown[]) {
    this.keys = keys;
    this.#values = values;
  }

  get(key: unknown): unknown {
    const at = this.keys.findLastIndex((one) => isEqual(one, key));
    return at < 0 ? undefined : this.#values[at];
  }
}

export type Mapping = Readonly<Record<string, unknown>>;

export function isMapping(value: unknown): value is Mapping {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Failed) &&
    !(value instanceof Pairs)
  );
}

export function isTrue(value: unknown): boolean {
  if (value === undefined || value === null || value instanceof Failed) return false;
  if (typeof value === "number") return value !== 0;
  if (typeof value === "string" || Array.isArray(value)) return value.length > 0;
  if (typeof value === "boolean") return value;
  return sizeOf(value) > 0;
}

/** Keys of mappings, counted once: a template may ask for them a thousand times. */
const keyCounts = new WeakMap<object, number>();

/** How much a value holds: characters, elements or keys. */
export function sizeOf(value: unknown): number {
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  if (value instanceof Pairs) return value.keys.length;
  if (!isMapping(value)) return 0;
  const known = keyCounts.get(value);
  if (known !== undefined) return known;
  const count = Object.keys(value).length;
  keyCounts.set(value, count);
  return count;
}

/** A number, or a truth value as one; undefined for anything else: text is no number. */
export function toNumber(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "boolean" ? Number(value) : undefined;
}

/** The number that a text writes, as Python's `float` reads it; undefined where it writes none. */
export function parseNumber(text: string): number | undefined {
  const trimmed = text.trim();
  if (!/^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/.test(trimmed)) return undefined;
  const number = Number(trimmed);
  return Number.isFinite(number) ? number : undefined;
}

/** Lists and mappings are equal only where they are one. */
export function isEqual(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  const left = toNumber(one);
  return left !== undefined && left === toNumber(other);
}

/** As Python prints it; undefined for lists, mappings and what failed. */
export function toText(value: unknown): string | undefined {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
      return String(value);
    case "boolean":
      return value ? "True" : "False";
    case "undefined":
      return "";
    default:
      return value === null ? "None" : undefined;
  }
}

/** What a key or an index leads to; what an object inherits is nobody's. */
export function member(value: unknown, key: unknown): unknown {
  if (value instanceof Failed) return value;
  if (value === undefined || value === null) return new Failed(value);
  if (typeof value === "string" || Array.isArray(value)) {
    if (typeof key !== "number" || !Number.isInteger(key)) return undefined;
    return value.at(key);
  }
  if (value instanceof Pairs) return value.get(key);
  if (!isMapping(value)) return undefined;
  const name = typeof key === "number" ? String(key) : key;
  return typeof name === "string" && Object.hasOwn(value, name) ? value[name] : undefined;
}
