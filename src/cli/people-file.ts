/**
 * The files of the people and programs that may use the console, changed line by line: what else
 * stands in them stays. The process that runs sees a change within seconds.
 */
import { readFile, realpath, stat } from "node:fs/promises";
import { replaceFile } from "../app/replace-file.ts";
import { pathIn } from "../config/path-in.ts";
import { GatewayError } from "../core/errors.ts";
import { systemCode, systemReason } from "../core/system-reason.ts";
import { placeOf } from "./site.ts";

/** One line of such a file, by the name at its beginning. */
export interface PeopleFile {
  readonly path: string;
  readonly text: string;
  /** As whose file a new one is made, and who else may read it. */
  readonly config: string;
}

export async function readPeopleFile(
  config: string,
  which: "users" | "tokens",
): Promise<PeopleFile> {
  const place = await placeOf(config);
  return readTextFile(pathIn(place.folder, place.config.console[which]), config);
}

/** A file whose lines people and commands change; one that is not there is empty. */
export async function readTextFile(path: string, config: string): Promise<PeopleFile> {
  try {
    return { path, config, text: await readFile(path, "utf8") };
  } catch (thrown) {
    if (systemCode(thrown) === "ENOENT") return { path, config, text: "" };
    const why = `cannot read ${path}: ${systemReason(thrown)}`;
    throw new GatewayError("config.unreadable", why, { cause: thrown });
  }
}

/** The text with another line for a name, or none; a new one goes to the end. */
export function withLineOf(text: string, name: string, line: string | undefined): string {
  const lines = text === "" ? [] : text.trimEnd().split("\n");
  const at = lines.findIndex((one) => one.trim().startsWith(`${name}:`));
  if (at < 0 && line !== undefined) lines.push(line);
  else if (at >= 0) lines.splice(at, 1, ...(line === undefined ? [] : [line]));
  return lines.map((one) => `${one}\n`).join("");
}

/** Replaces the file; a new one may be read by those who may read the configuration, but not by all. */
export async function writePeopleFile({ config, path }: PeopleFile, text: string): Promise<void> {
  const like = await stat(config).catch(() => undefined);
  const file = await realpath(path).catch(() => path);
  const newMode = (like?.mode ?? 0o600) & 0o640;
  await replaceFile(file, text, { newMode, ...(like && { newOwner: like }) });
}
