/**
 * Changes of a users file that people keep by hand: entries are added, changed and taken out where that
 * is sure to say nothing else than before. Comments and order stay.
 */
import { isDeepStrictEqual } from "node:util";
import { readYaml } from "../config/read-yaml.ts";
import { isObject } from "../core/is-object.ts";
import { plainYaml } from "../normalize/suggest/plain-yaml.ts";

/** An entry as it is written. */
export interface UserEntry {
  readonly user: string;
  readonly password_hash?: string | undefined;
  readonly device?: string | undefined;
  readonly publish?: readonly string[] | undefined;
  readonly subscribe?: readonly string[] | undefined;
}

/** An empty file is no list. */
const noUsers = "[]";

/** What the file lists; undefined where it is no list. */
export function listedUsers(
  text: string,
): readonly Readonly<Record<string, unknown>>[] | undefined {
  const yaml = readYaml(text);
  if (!yaml.ok) return undefined;
  if (yaml.value === null) return [];
  return Array.isArray(yaml.value) && yaml.value.every(isObject) ? yaml.value : undefined;
}

/** The text with more entries at its end; undefined where people have to add them themselves. */
export function withUsers(text: string, entries: readonly UserEntry[]): string | undefined {
  const before = listedUsers(text);
  if (!before) return undefined;
  const said = entries.map((entry) => JSON.parse(JSON.stringify(entry)));
  const lines =
    text === ""
      ? []
      : text
          .trimEnd()
          .split("\n")
          .filter((line) => line !== noUsers);
  const indent = itemsOf(lines)[0]?.indent ?? "";
  const added = entries.map((entry) => entryText(entry, indent));
  return checked([...lines, ...added].join("\n"), [...before, ...said]);
}

/** The text without the entries of these names; undefined as above. */
export function withoutUsers(text: string, names: ReadonlySet<unknown>): string | undefined {
  const before = listedUsers(text);
  const lines = text.split("\n");
  const items = itemsOf(lines);
  if (!before || items.length !== before.length) return undefined;
  const gone = new Set(
    items.flatMap(({ end, start }, at) =>
      names.has(before[at]?.["user"])
        ? Array.from({ length: end - start }, (_, n) => start + n)
        : [],
    ),
  );
  const rest = lines.filter((_, at) => !gone.has(at));
  const left = before.filter(({ user }) => !names.has(user));
  const kept = rest.join("\n");
  const isNone = left.length === 0;
  return checked(isNone ? `${kept.trimEnd()}\n${noUsers}`.trimStart() : kept, left);
}

/** The text with another password for a user; undefined as above. */
export function withPassword(text: string, name: string, hash: string): string | undefined {
  const before = listedUsers(text);
  const lines = text.split("\n");
  const items = itemsOf(lines);
  if (!before || items.length !== before.length) return undefined;
  const at = before.findIndex(({ user }) => user === name);
  const item = items[at];
  if (!item) return undefined;
  const own = lines.slice(item.start, item.end).join("\n");
  const known = /(password_hash["']?:\s*)("[^"]*"|'[^']*'|[^\s,}#]+)/;
  const changed = known.test(own)
    ? own.replace(known, (_, head: string) => `${head}${plainYaml(hash)}`)
    : own.replace(/(-\s+)(\{\s*)?/, (_, dash: string, brace?: string) =>
        brace === undefined
          ? `${dash}password_hash: ${plainYaml(hash)}\n${item.indent}  `
          : `${dash}{ password_hash: ${plainYaml(hash)}, `,
      );
  lines.splice(item.start, item.end - item.start, changed);
  return checked(
    lines.join("\n"),
    before.map((one) => (one["user"] === name ? { ...one, password_hash: hash } : one)),
  );
}

interface Item {
  readonly indent: string;
  /** Index of its first line, and of the first behind it. */
  readonly start: number;
  readonly end: number;
}

/** Entries of a list in block style; comments and empty lines between two are of neither. */
function itemsOf(lines: readonly string[]): readonly Item[] {
  const indent = lines.map((line) => /^(\s*)-\s/.exec(line)?.[1]).find((one) => one !== undefined);
  if (indent === undefined) return [];
  const starts = lines.flatMap((line, at) => (line.startsWith(`${indent}- `) ? [at] : []));
  return starts.map((start, at) => {
    let end = starts[at + 1] ?? lines.length;
    while (end > start + 1 && isBetween(lines[end - 1] ?? "", indent)) end -= 1;
    return { indent, start, end };
  });
}

function isBetween(line: string, indent: string): boolean {
  const depth = line.length - line.trimStart().length;
  return line.trim() === "" || (line.trimStart().startsWith("#") && depth <= indent.length);
}

function entryText({ user, ...rest }: UserEntry, indent: string): string {
  const fields = Object.entries(rest).flatMap(([name, value]) =>
    value === undefined ? [] : [`${indent}  ${name}: ${plainYaml(value)}`],
  );
  return [`${indent}- user: ${plainYaml(user)}`, ...fields].join("\n");
}

function checked(text: string, wanted: readonly unknown[]): string | undefined {
  const whole = text.endsWith("\n") || text === "" ? text : `${text}\n`;
  return isDeepStrictEqual(listedUsers(whole), wanted) ? whole : undefined;
}
