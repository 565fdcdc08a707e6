/**
 * Turns what a schema found into faults in the words of the house, each with a stable code and,
 * where one can be guessed, the word that was meant.
 *
 * Messages of a schema's own refinements pass unchanged; what follows the first `; ` in them
 * becomes the hint. They may say more by `params`: `{ code, hint, atKey }`.
 */

import { editDistance } from "./edit-distance.ts";
import type { Checked, Fault } from "./fault.ts";
import { knownKeys, type SchemaNode } from "./schema-keys.ts";
import { hintForType, isOwnMessage, nameOfType, rangeMessage, shownValue } from "./schema-words.ts";

/** One issue of zod 4, as far as it is read here. */
export interface SchemaIssue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** A zod 4 schema, as far as it is used here. */
export interface Schema<T> extends SchemaNode {
  safeParse(
    value: unknown,
  ):
    | { readonly success: true; readonly data: T }
    | { readonly success: false; readonly error: { readonly issues: readonly SchemaIssue[] } };
}

/** Checks a whole value against a schema; fault codes begin with `codePrefix` and a dot. */
export function checkSchema<T>(schema: Schema<T>, codePrefix: string, value: unknown): Checked<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data, warnings: [] };
  return { ok: false, faults: faultsOfIssues(parsed.error.issues, codePrefix, value, schema) };
}

/**
 * The faults behind the issues of a schema. `value` is what was checked, from its root. With
 * `schema`, an unknown field is answered with the name it resembles; a missing field that such an
 * answer names is not reported a second time.
 */
export function faultsOfIssues(
  issues: readonly SchemaIssue[],
  codePrefix: string,
  value: unknown,
  schema?: SchemaNode,
): Fault[] {
  const place = { codePrefix, root: value, schema };
  const faults = issues.flatMap((issue) => faultsOf(issue, [], place));
  const meant = new Set(
    faults.flatMap(({ meantPath }) => (meantPath ? [JSON.stringify(meantPath)] : [])),
  );
  return faults
    .filter(
      ({ fault }) =>
        fault.code !== `${codePrefix}.missing-field` || !meant.has(JSON.stringify(fault.path)),
    )
    .map(({ fault }) => fault);
}

/**
 * The candidate that a person most likely meant by `word`: the nearest one by letters changed,
 * added, left out or swapped; undefined when none is near.
 */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 0.5;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < Math.min(bestDistance, word.length, candidate.length)) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

interface Place {
  readonly codePrefix: string;
  readonly root: unknown;
  readonly schema: SchemaNode | undefined;
}

interface Found {
  readonly fault: Fault;
  /** Where the field would stand that an unknown one was taken for. */
  readonly meantPath?: readonly (string | number)[];
}

function faultsOf(issue: SchemaIssue, above: readonly (string | number)[], place: Place): Found[] {
  const path = [...above, ...issue.path.map((step) => (typeof step === "symbol" ? "" : step))];
  const found = valueAt(place.root, path);
  const detail: Readonly<Record<string, unknown>> = { ...issue };
  const fault = (kind: string, message: string, hint?: string): Found => ({
    fault: { code: `${place.codePrefix}.${kind}`, path, message, ...(hint ? { hint } : {}) },
  });
  switch (issue.code) {
    case "unrecognized_keys":
      return textsOf(detail["keys"]).map((key) => unknownField(key, path, place));
    case "invalid_type": {
      const expected = String(detail["expected"]);
      if (found === undefined) return [missingField(path, place.codePrefix)];
      return [
        fault(
          "wrong-type",
          `must be ${nameOfType(expected)}, not ${shownValue(found)}`,
          hintForType(expected, found),
        ),
      ];
    }
    case "invalid_value": {
      if (found === undefined) return [missingField(path, place.codePrefix)];
      return [oneOf(found, textsOf(detail["values"]), fault)];
    }
    case "invalid_union": {
      const options = textsOf(detail["options"]);
      if (typeof detail["discriminator"] === "string" && options.length > 0) {
        return found === undefined
          ? [missingField(path, place.codePrefix, `one of ${options.join(", ")}`)]
          : [oneOf(found, options, fault)];
      }
      return unionFaults(issue, path, place, fault);
    }
    case "invalid_key":
    case "invalid_element":
      return issuesIn(detail["issues"]).flatMap((inner) =>
        faultsOf(inner, path, place).map((one) => ({
          fault: { ...one.fault, atKey: issue.code === "invalid_key" },
        })),
      );
    case "too_small":
    case "too_big":
      if (isOwnMessage(issue.message)) break;
      return [fault("out-of-range", rangeMessage(issue.code, detail))];
    default:
      break;
  }
  return [customFault(issue, path, place.codePrefix)];
}

function unknownField(key: string, path: readonly (string | number)[], place: Place): Found {
  const keys = place.schema ? knownKeys(place.schema, path, place.root) : [];
  const meant = suggest(key, keys);
  const hint = meant
    ? `did you mean ${meant}?`
    : keys.length > 0
      ? `known: ${keys.join(", ")}`
      : "";
  return {
    fault: {
      code: `${place.codePrefix}.unknown-field`,
      path: [...path, key],
      atKey: true,
      message: `unknown field "${key}"`,
      ...(hint ? { hint } : {}),
    },
    ...(meant ? { meantPath: [...path, meant] } : {}),
  };
}

function missingField(
  path: readonly (string | number)[],
  codePrefix: string,
  hint?: string,
): Found {
  const name = path.at(-1);
  const message = name === undefined ? "is empty" : `missing field "${name}"`;
  return {
    fault: { code: `${codePrefix}.missing-field`, path, message, ...(hint ? { hint } : {}) },
  };
}

type MakeFault = (kind: string, message: string, hint?: string) => Found;

function oneOf(found: unknown, options: readonly string[], fault: MakeFault): Found {
  const meant = typeof found === "string" ? suggest(found, options) : undefined;
  return fault(
    "unknown-value",
    `${shownValue(found)} is not one of ${options.join(", ")}`,
    meant ? `did you mean ${meant}?` : undefined,
  );
}

/** Of a union without a discriminator, speaks of the one option whose type the value has. */
function unionFaults(
  issue: SchemaIssue,
  path: readonly (string | number)[],
  place: Place,
  fault: MakeFault,
): Found[] {
  const branches =
    "errors" in issue && Array.isArray(issue.errors) ? issue.errors.map(issuesIn) : [];
  const near = branches.filter((issues) => !issues.some(isWrongTypeAtRoot));
  const [first] = near;
  if (first && near.length === 1) return first.flatMap((inner) => faultsOf(inner, path, place));
  const found = valueAt(place.root, path);
  if (found === undefined) return [missingField(path, place.codePrefix)];
  const expected = branches
    .flat()
    .filter(isWrongTypeAtRoot)
    .map((inner) => nameOfType("expected" in inner ? String(inner.expected) : ""));
  if (near.length > 0 || expected.length === 0) {
    return [fault("bad-value", `${shownValue(found)} does not fit`)];
  }
  const names = [...new Set(expected)].join(" or ");
  return [fault("wrong-type", `must be ${names}, not ${shownValue(found)}`)];
}

function customFault(
  issue: SchemaIssue,
  path: readonly (string | number)[],
  codePrefix: string,
): Found {
  const own = isOwnMessage(issue.message) ? issue.message : "does not fit the expected form";
  const params: unknown = "params" in issue ? issue.params : undefined;
  const { code, hint, atKey }: { code?: unknown; hint?: unknown; atKey?: unknown } =
    typeof params === "object" && params !== null ? params : {};
  const cut = own.indexOf("; ");
  const advice = typeof hint === "string" ? hint : cut < 0 ? "" : own.slice(cut + 2);
  return {
    fault: {
      code: `${codePrefix}.${typeof code === "string" ? code : "bad-value"}`,
      path,
      ...(atKey === true ? { atKey } : {}),
      message: cut < 0 || typeof hint === "string" ? own : own.slice(0, cut),
      ...(advice ? { hint: advice } : {}),
    },
  };
}

function valueAt(root: unknown, path: readonly (string | number)[]): unknown {
  let here = root;
  for (const step of path) {
    if (typeof here !== "object" || here === null) return undefined;
    here = Object.getOwnPropertyDescriptor(here, step)?.value;
  }
  return here;
}

function textsOf(list: unknown): string[] {
  return Array.isArray(list) ? list.map(String) : [];
}

function issuesIn(list: unknown): SchemaIssue[] {
  return Array.isArray(list) ? list.filter(isIssue) : [];
}

function isIssue(value: unknown): value is SchemaIssue {
  return typeof value === "object" && value !== null && "path" in value && "message" in value;
}

function isWrongTypeAtRoot(issue: SchemaIssue): boolean {
  return issue.code === "invalid_type" && issue.path.length === 0;
}
