/** A configuration as lines for people: what is in force, from where, and no secret in it. */
import type { TextFault } from "../../../api/routes/system-routes.ts";
import type { ConfigLine } from "../../../api/shapes/system.ts";
import { effectiveConfig } from "../../../config/effective.ts";
import { readYaml, type YamlText } from "../../../config/read-yaml.ts";
import { siteSchema } from "../../../config/schema.ts";
import { isObject } from "../../../core/is-object.ts";
import { isSecretName, maskSecrets } from "../../../core/mask-secrets.ts";
import { checkSchema } from "../../../schema/schema-faults.ts";

type Path = readonly (string | number)[];

const mostLines = 5_000;
const masked = "***";

/** `text` is that of the file that `written` was read from, as far as it can be read. */
export function configLines(
  written: unknown,
  file: string,
  text: string | undefined,
): ConfigLine[] {
  const yaml = text === undefined ? undefined : readYaml(text);
  const places = yaml?.ok ? yaml : undefined;
  const lines: ConfigLine[] = [];
  for (const [path, value] of leavesOf(effectiveConfig(written), [])) {
    if (lines.length === mostLines) break;
    const origin = isWritten(written, path) ? originOf(file, places, path) : "default";
    lines.push({ path: pathText(path), value: shownValue(path, value), origin });
  }
  return lines;
}

/** What is wrong with a text that is to be a configuration; no fault shows a value. */
export function checkConfigText(text: string): readonly TextFault[] {
  const tooMuch = tooMuchOf(text);
  if (tooMuch !== undefined) return [{ place: "line 1", text: tooMuch }];
  const yaml = readYaml(text);
  if (!yaml.ok)
    return yaml.faults.map(({ message, place }) => ({
      place: `line ${place.line}`,
      text: maskSecrets(message),
    }));
  const checked = checkSchema(siteSchema, "config", yaml.value ?? {});
  if (checked.ok) return [];
  return checked.faults.map(({ atKey, hint, message, path }) => ({
    place: `line ${yaml.locate(path, atKey === true).line}`,
    text: maskSecrets(`${pathText(path)}: ${hint === undefined ? message : `${message}; ${hint}`}`),
  }));
}

/** It is read in the process that devices wait for, and what nests deeply takes for ever to read. */
const mostCharacters = 65_536;
const mostTextLines = 2_000;
const mostLevels = 32;
const mostAnchors = 100;

function tooMuchOf(text: string): string | undefined {
  if (text.length > mostCharacters) return `at most ${mostCharacters} characters are checked here`;
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
  if (count(/\n/g) > mostTextLines) return `at most ${mostTextLines} lines are checked here`;
  if (count(/[&*]/g) > mostAnchors) return `at most ${mostAnchors} anchors are checked here`;
  let depth = 0;
  for (const sign of text) {
    if (sign === "{" || sign === "[") depth += 1;
    if ((sign === "}" || sign === "]") && depth > 0) depth -= 1;
    if (depth > mostLevels) break;
  }
  const isDeep =
    depth > mostLevels ||
    count(/\?(?=\s)/g) > mostLevels ||
    text
      .split("\n")
      .some((line) => (/^(?:[ -](?=[ -]|\S))*/.exec(line)?.[0].length ?? 0) > 2 * mostLevels);
  return isDeep ? `at most ${mostLevels} levels are checked here` : undefined;
}

function* leavesOf(value: unknown, path: Path): Iterable<readonly [Path, unknown]> {
  const entries: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? value.map((one: unknown, at) => [at, one] as const)
    : isObject(value)
      ? Object.entries(value)
      : [];
  if (entries.length === 0) yield [path, value];
  for (const [name, one] of entries) yield* leavesOf(one, [...path, name]);
}

function isWritten(written: unknown, path: Path): boolean {
  let value = written;
  for (const part of path) {
    if (Array.isArray(value)) value = value[Number(part)];
    else if (isObject(value)) value = value[part];
    else return false;
  }
  return value !== undefined;
}

function originOf(file: string, places: YamlText | undefined, path: Path): string {
  return places ? `${file}:${places.locate(path).line}` : file;
}

/** Where a secret is found is no secret. */
const references = new Set(["env", "file"]);

/** Rather too much is covered than too little. */
function shownValue(path: Path, value: unknown): string {
  const last = path.at(-1);
  const names = path.filter((part) => typeof part === "string");
  const isReference = typeof last === "string" && references.has(last);
  const isSecret = names.some((name) => isSecretName(name) || name === "headers");
  if (isSecret && !isReference && isText(value)) return masked;
  if (typeof value !== "string") return JSON.stringify(value) ?? "";
  const isOfReceiver = names[0] === "notify" && names.includes("receivers");
  return maskSecrets(isOfReceiver ? withoutPath(value) : value);
}

function isText(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number";
}

/** Addresses of chat services are secrets by what stands behind the host. */
function withoutPath(text: string): string {
  const [, host, path] = /^(https?:\/\/[^/?#]+)(.*)$/i.exec(text) ?? [];
  return host === undefined || (path ?? "").length <= 1 ? text : `${host}/${masked}`;
}

function pathText(path: Path): string {
  return path
    .map((part, at) => (typeof part === "number" ? `[${part}]` : at === 0 ? part : `.${part}`))
    .join("");
}
