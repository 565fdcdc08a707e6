/** What to do about a fault: what was meant by a value of the wrong type, or by a field that nothing knows. */
import { suggest } from "../core/suggest.ts";
import { hintForBareNumber, takes } from "./bare-number-hint.ts";
import { knownKeys, placeBelow, type SchemaNode, schemasOf } from "./schema-keys.ts";
import { hintForType } from "./schema-words.ts";

/** Names that begin alike are meant for each other from so many letters on. */
const shortestBeginning = 4;

type Path = readonly (string | number)[];

/** What is checked, as a whole. */
export interface Whole {
  readonly codePrefix: string;
  readonly root: unknown;
  readonly schema: SchemaNode;
  /** Values are not shown: the file may hold secrets. */
  readonly covered: boolean;
  /** Of faults at one place. */
  readonly most: number;
}

export function hintForWrongType(
  expected: string,
  value: unknown,
  path: Path,
  { covered, root, schema }: Whole,
): string | undefined {
  if (covered) return undefined;
  if (expected === "object") return hintOfFields(knownKeys(schema, path, root));
  const [field] = schemasOf(schema, path, root);
  if (expected === "string" && typeof value === "object" && value !== null) {
    const isDuration = field && takes(field, "15m") && !takes(field, "text");
    return isDuration ? "write it as a text, such as 15m" : undefined;
  }
  if (expected === "array" && !(field && takes(field, [value]))) {
    const keys = knownKeys(schema, [...path, 0], root);
    return keys.length > 0 ? `each entry has fields: ${keys.join(", ")}` : undefined;
  }
  const isNumberForText = expected === "string" && typeof value === "number";
  const withUnit = isNumberForText ? hintForBareNumber(schema, path, root, value) : undefined;
  return withUnit ?? hintForType(expected, value, path);
}

/** `meant`: the field it was taken for. */
export function hintForUnknownField(
  key: string,
  path: Path,
  { root, schema }: Whole,
): { readonly hint: string | undefined; readonly meant: string | undefined } {
  if (key.startsWith("{")) return { hint: "put a text with {{ }} in quotes", meant: undefined };
  const keys = knownKeys(schema, path, root);
  const meant = suggest(key, keys) ?? beginningAs(key, keys);
  if (meant) return { hint: `did you mean ${meant}?`, meant };
  const place = placeBelow(schema, path, root, key);
  return { hint: place ? `it stands in ${place}` : knownHint(keys), meant };
}

/** The only field that the name is the beginning of, or that is the beginning of it. */
function beginningAs(name: string, keys: readonly string[]): string | undefined {
  const [found, ...others] = keys.filter((key) => {
    const [short, long] = name.length < key.length ? [name, key] : [key, name];
    return short.length >= shortestBeginning && long.startsWith(short);
  });
  return others.length === 0 ? found : undefined;
}

/** The fields of a group that is not one, or not there. */
export function hintOfFields(keys: readonly string[]): string | undefined {
  return keys.length > 0 ? `its fields: ${keys.join(", ")}` : undefined;
}

export function knownHint(keys: readonly string[]): string | undefined {
  return keys.length > 0 ? `known: ${keys.join(", ")}` : undefined;
}
