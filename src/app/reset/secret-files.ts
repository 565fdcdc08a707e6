import { isObject } from "../../core/is-object.ts";

/**
 * The files of a configuration that hold secrets: what `{ file: path }` names, the private keys beside
 * certificates, who may sign in. As they are written, each once.
 */
export function secretFilesIn(config: unknown): readonly string[] {
  const found = new Set<string>();
  collect(config, found);
  return [...found];
}

function collect(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) for (const each of value) collect(each, found);
  if (!isObject(value)) return;
  const names = Object.keys(value);
  const { cert, file, key, tokens, users } = value;
  if (names.length === 1 && typeof file === "string") found.add(file);
  if (typeof cert === "string" && typeof key === "string") found.add(key);
  for (const people of [users, tokens]) if (typeof people === "string") found.add(people);
  for (const each of Object.values(value)) collect(each, found);
}
