/**
 * Changes of a configuration file that people keep by hand: lines that are added where that is sure to
 * say nothing else than before. Comments and order stay.
 */
import { readFile, realpath } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { readYaml } from "../config/read-yaml.ts";
import { GatewayError } from "../core/errors.ts";
import { isObject } from "../core/is-object.ts";
import { systemReason } from "../core/system-reason.ts";
import { plainYaml } from "../normalize/suggest/plain-yaml.ts";
import { replaceFile } from "./replace-file.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The text with one more entry of `devices:`; undefined where people have to add it themselves. */
export function withDevice(text: string, entry: Fields): string | undefined {
  const before = fieldsOf(text);
  if (before === undefined) return undefined;
  const { devices = [] } = before;
  if (!Array.isArray(devices)) return undefined;
  const line = `- ${plainYaml(entry)}`;
  const changed =
    before["devices"] === undefined
      ? `${text.trimEnd()}\n\ndevices:\n  ${line}\n`
      : text.replace(
          /^(devices:[^\S\n]*(?:#.*)?\n(?:[^\S\n]*(?:#.*)?\n)*)([^\S\n]*)(?=- )/m,
          (_, head: string, indent: string) => `${head}${indent}${line}\n${indent}`,
        );
  return says(changed, before, { devices: [entry, ...devices] }) ||
    says(changed, before, { devices: [...devices, entry] })
    ? changed
    : undefined;
}

/** The text with a first folder for profiles of the site's own; undefined as above. */
export function withProfileFolder(text: string, folder: string): string | undefined {
  const before = fieldsOf(text);
  if (before === undefined || before["profiles"] !== undefined) return undefined;
  const profiles = { folders: [folder] };
  const changed = `${text.trimEnd()}\n\nprofiles: ${plainYaml(profiles)}\n`;
  return says(changed, before, { profiles }) ? changed : undefined;
}

/**
 * Replaces a file that is there, or the one behind a link, with its rights; gives the text that was there.
 * Throws `output.unwritable`.
 */
export async function replaceConfig(path: string, text: string): Promise<string> {
  const { before, file } = await present(path);
  await replaceFile(file, text, { newMode: 0o640 });
  return before;
}

async function present(path: string): Promise<{ readonly file: string; readonly before: string }> {
  try {
    const file = await realpath(path);
    return { file, before: await readFile(file, "utf8") };
  } catch (thrown) {
    const why = `cannot write ${path}: ${systemReason(thrown)}`;
    throw new GatewayError("output.unwritable", why, { cause: thrown });
  }
}

function fieldsOf(text: string): Fields | undefined {
  const yaml = readYaml(text);
  if (!yaml.ok) return undefined;
  if (yaml.value === null) return {};
  return isObject(yaml.value) ? yaml.value : undefined;
}

function says(text: string, before: Fields, change: Fields): boolean {
  return isDeepStrictEqual(fieldsOf(text), { ...before, ...change });
}
