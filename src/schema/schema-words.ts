/** The words in which faults speak of types, values and ranges. */
import { isSecretName, maskSecrets } from "../core/mask-secrets.ts";
import { numberInText } from "./number-in-text.ts";

const typeNames: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a group of fields",
  record: "a group of fields",
};

/** `text` for `string`, `a list` for `array`. */
export function nameOfType(expected: string): string {
  return typeNames[expected] ?? expected;
}

/** A value as a message shows it: cut when it is long, covered when its field's name is a secret's. */
export function shownValue(value: unknown, path: readonly PropertyKey[]): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a group of fields";
  if (isSecretName(String(path.at(-1)))) return "***";
  const text = typeof value === "string" ? JSON.stringify(maskSecrets(value)) : String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** What to write where a scalar of another type was found; undefined when that cannot be said. */
export function hintForType(
  expected: string,
  found: unknown,
  path: readonly PropertyKey[],
): string | undefined {
  if (isSecretName(String(path.at(-1)))) return undefined;
  if (expected === "string" && (typeof found === "number" || typeof found === "boolean")) {
    return `put it in quotes: "${found}"`;
  }
  if (typeof found !== "string") return undefined;
  const isNumber = found.trim() !== "" && Number.isFinite(Number(found));
  if ((expected === "number" || expected === "int") && isNumber)
    return `write ${found}, without quotes`;
  if (expected === "number" || expected === "int") {
    const meant = numberInText(found);
    return meant === undefined ? undefined : `write ${meant}, a number alone`;
  }
  if (expected === "boolean") return "write true or false, without quotes";
  if (expected === "array") return `write [${found}]`;
  return undefined;
}

/** What is wrong with a value that is too small or too big, by the fields of the issue. */
export function rangeMessage(
  code: "too_small" | "too_big",
  issue: Readonly<Record<string, unknown>>,
): string {
  const limit = String(code === "too_small" ? issue["minimum"] : issue["maximum"]);
  const most = code === "too_small" ? "least" : "most";
  const things = limit === "1" ? "entry" : "entries";
  switch (issue["origin"]) {
    case "string":
      return limit === "1" && code === "too_small"
        ? "must not be empty"
        : `must have at ${most} ${limit} characters`;
    case "array":
    case "set":
    case "map":
    case "object":
      return `must have at ${most} ${limit} ${things}`;
    default:
      if (issue["inclusive"] === true) return `must be at ${most} ${limit}`;
      return `must be ${code === "too_small" ? "above" : "below"} ${limit}`;
  }
}

/** True when a schema's author wrote the message, false for what zod says by itself. */
export function isOwnMessage(message: string): boolean {
  return !/^(?:Invalid|Too (?:small|big)|Unrecognized)/.test(message);
}
