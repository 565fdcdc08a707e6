/**
 * Turns what a schema found into faults in the words of the house, each with a stable code and,
 * where one can be guessed, the word that was meant.
 *
 * Messages of a schema's own refinements pass unchanged; what follows the first `; ` in them, or
 * all of one that begins with `write`, becomes the hint. They may say more by `params`:
 * `{ code, hint, atKey }`.
 */

import type { Checked, Fault } from "../core/fault.ts";
import { suggest } from "../core/suggest.ts";
import { issuesIn, isWrongTypeAtRoot, type SchemaIssue, textsOf, valueAt } from "./schema-issue.ts";
import { knownKeys, type SchemaNode } from "./schema-keys.ts";
import { isOwnMessage, nameOfType, rangeMessage, shownValue } from "./schema-words.ts";
import {
  hintForUnknownField,
  hintForWrongType,
  hintOfFields,
  knownHint,
  type Whole,
} from "./what-was-meant.ts";

/** A zod 4 schema, as far as it is used here. */
export interface Schema<T> extends SchemaNode {
  safeParse(
    value: unknown,
    how?: { readonly jitless: boolean },
  ):
    | { readonly success: true; readonly data: T }
    | { readonly success: false; readonly error: { readonly issues: readonly SchemaIssue[] } };
}

/**
 * Checks a whole value against a schema; fault codes begin with `codePrefix` and a dot. An unknown
 * field is answered with the name it resembles; a missing field that such an answer names is not
 * reported a second time. With `covered` no fault shows a value: for files that may hold secrets.
 * `most`: what is looked at and told of what a stranger wrote; what else is wrong with it is not.
 */
export function checkSchema<T>(
  schema: Schema<T>,
  codePrefix: string,
  value: unknown,
  covered = false,
  most = Number.POSITIVE_INFINITY,
): Checked<T> {
  // Code that is made for a form pays where it is used often, and stays in memory.
  const parsed = schema.safeParse(value, { jitless: true });
  if (parsed.success) return { ok: true, value: parsed.data, warnings: [] };
  const { issues } = parsed.error;
  const whole = { codePrefix, root: value, schema, covered, most };
  const found = issues.slice(0, most).flatMap((issue) => findFaults(issue, [], whole));
  const meant = new Set(found.map(({ meantPath }) => JSON.stringify(meantPath)));
  const missing = `${codePrefix}.missing-field`;
  const faults = found
    .map(({ fault }) => fault)
    .filter(({ code, path }) => code !== missing || !meant.has(JSON.stringify(path)));
  return { ok: false, faults };
}

type Path = readonly (string | number)[];

interface Found {
  readonly fault: Fault;
  /** Where the field would stand that an unknown one was taken for. */
  readonly meantPath?: Path;
}

function findFaults(issue: SchemaIssue, above: Path, whole: Whole): Found[] {
  const path = [...above, ...issue.path.map((step) => (typeof step === "symbol" ? "" : step))];
  const value = valueAt(whole.root, path);
  const detail: Readonly<Record<string, unknown>> = { ...issue };
  switch (issue.code) {
    case "unrecognized_keys":
      return textsOf(detail["keys"])
        .slice(0, whole.most)
        .map((key) => unknownField(key, path, whole));
    case "invalid_type": {
      const expected = String(detail["expected"]);
      if (value === undefined) return [missingField(issue, path, whole)];
      const message = `must be ${nameOfType(expected)}, not ${shown(value, path, whole)}`;
      return [
        faultAt(whole, path, "wrong-type", message, hintForWrongType(expected, value, path, whole)),
      ];
    }
    case "invalid_value":
      return [unknownValue(issue, path, textsOf(detail["values"]), whole)];
    case "invalid_union": {
      const options = textsOf(detail["options"]);
      if (options.length > 0) return [unknownValue(issue, path, options, whole)];
      return unionFaults(issue, path, issuesPerChoice(detail["errors"]), whole);
    }
    case "invalid_key":
      return issuesIn(detail["issues"])
        .flatMap((inner) => findFaults(inner, path, whole))
        .map(({ fault }) => ({ fault: { ...fault, atKey: true } }));
    case "too_small":
    case "too_big":
      if (isOwnMessage(issue.message)) break;
      return [faultAt(whole, path, "out-of-range", rangeMessage(issue.code, detail))];
    default:
      break;
  }
  return [ownFault(issue, path, whole)];
}

/** The value for a message; never that of a file that may hold secrets. */
function shown(value: unknown, path: Path, { covered }: Whole): string {
  return covered && (typeof value === "string" || typeof value === "number")
    ? "***"
    : shownValue(value, path);
}

function faultAt(
  { codePrefix }: Whole,
  path: Path,
  kind: string,
  message: string,
  hint?: string,
): Found {
  const code = `${codePrefix}.${kind}`;
  return { fault: { code, path, message, ...(hint ? { hint } : {}) } };
}

function unknownField(key: string, path: Path, whole: Whole): Found {
  const { hint, meant } = hintForUnknownField(key, path, whole);
  const isPlain = !whole.covered || /^[a-z_]{1,16}$/.test(key);
  const message = isPlain ? `unknown field "${key}"` : "unknown field";
  const { fault } = faultAt(whole, [...path, key], "unknown-field", message, hint);
  const atKey = { ...fault, atKey: true };
  return meant ? { fault: atKey, meantPath: [...path, meant] } : { fault: atKey };
}

function missingField(issue: SchemaIssue, path: Path, whole: Whole, hint?: string): Found {
  if (isOwnMessage(issue.message)) return ownFault(issue, path, whole, "missing-field");
  const name = path.at(-1);
  const message = name === undefined ? "is empty" : `missing field "${name}"`;
  const fields = hintOfFields(knownKeys(whole.schema, path, whole.root));
  return faultAt(whole, path, "missing-field", message, hint ?? fields);
}

function unknownValue(
  issue: SchemaIssue,
  path: Path,
  options: readonly string[],
  whole: Whole,
): Found {
  const value = valueAt(whole.root, path);
  const listed = options.join(", ");
  if (value === undefined) return missingField(issue, path, whole, `one of ${listed}`);
  const meant = typeof value === "string" ? suggest(value, options) : undefined;
  const message = `${shown(value, path, whole)} is not ${options.length > 1 ? "one of " : ""}${listed}`;
  const only = options.length === 1 ? `write ${options[0]}` : undefined;
  return faultAt(whole, path, "unknown-value", message, meant ? `did you mean ${meant}?` : only);
}

/**
 * Of a union that no field tells apart, speaks of the one choice that comes nearest; of fields that
 * no choice knows when several are equally near.
 */
function unionFaults(
  issue: SchemaIssue,
  path: Path,
  choices: readonly SchemaIssue[][],
  whole: Whole,
): Found[] {
  const value = valueAt(whole.root, path);
  if (value === undefined) return [missingField(issue, path, whole)];
  const fitting = fewestBy(
    choices.filter((issues) => !issues.some(isWrongTypeAtRoot)),
    unknownKeyCount,
  );
  if (fitting.length === 0) {
    const expected = choices
      .flat()
      .flatMap((inner) => ("expected" in inner ? [String(inner.expected)] : []));
    const names = [...new Set(expected.map(nameOfType))].join(" or ") || "something else";
    const message = `must be ${names}, not ${shown(value, path, whole)}`;
    const [first = ""] = expected;
    return [
      faultAt(whole, path, "wrong-type", message, hintForWrongType(first, value, path, whole)),
    ];
  }
  const nearest = fewestBy(fitting, ({ length }) => length);
  const [first = []] = nearest;
  const telling =
    nearest.length === 1 ? first : first.filter(({ code }) => code === "unrecognized_keys");
  if (telling.length > 0) return telling.flatMap((inner) => findFaults(inner, path, whole));
  const keys = knownKeys(whole.schema, path, whole.root);
  return [faultAt(whole, path, "bad-value", "does not fit", knownHint(keys))];
}

/** A choice that knows the fields that were written is meant before one that has few faults. */
function unknownKeyCount(issues: readonly SchemaIssue[]): number {
  let count = 0;
  for (const issue of issues)
    if (issue.path.length === 0 && "keys" in issue && Array.isArray(issue.keys))
      count += issue.keys.length;
  return count;
}

function fewestBy<T>(list: readonly T[], countOf: (one: T) => number): readonly T[] {
  const fewest = Math.min(...list.map(countOf));
  return list.filter((one) => countOf(one) === fewest);
}

/** The fault of a message that the schema's author wrote. */
function ownFault(issue: SchemaIssue, path: Path, whole: Whole, kind = "bad-value"): Found {
  const own = isOwnMessage(issue.message) ? issue.message : "does not fit the expected form";
  const params: unknown = "params" in issue ? issue.params : undefined;
  const { code, hint, atKey }: { code?: unknown; hint?: unknown; atKey?: unknown } =
    typeof params === "object" && params !== null ? params : {};
  const [message = own, advice] = own.startsWith("write ")
    ? [`${shown(valueAt(whole.root, path), path, whole)} does not fit`, own]
    : own.split(/; (.*)/s, 2);
  const { fault } = faultAt(
    whole,
    path,
    typeof code === "string" ? code : kind,
    message,
    typeof hint === "string" ? hint : advice,
  );
  return { fault: atKey === true ? { ...fault, atKey } : fault };
}

function issuesPerChoice(errors: unknown): SchemaIssue[][] {
  return Array.isArray(errors) ? errors.map(issuesIn) : [];
}
