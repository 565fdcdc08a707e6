/** The files that a section of the configuration names, as paths or globs. */
import type { Checked } from "../../core/fault.ts";
import { pathIn } from "../path-in.ts";
import { expandGlob, isGlob } from "./expand-glob.ts";
import type { Load } from "./load.ts";
import type { SiteFile } from "./site-reading.ts";
import { type SaidOfFile, unlistable } from "./unreadable.ts";

/** What a section says of its files. */
export interface FileNames {
  /** The section; its field `files` names them. */
  readonly section: "rules" | "plans";
  readonly patterns: readonly string[];
  /** False when they are where they are by default: then there need not be any. */
  readonly isNamed: boolean;
}

/** A file that there is. */
export interface NamedFile {
  readonly path: string;
  /** Takes why it cannot be read to where it is named; undefined where a glob found it. */
  readonly unreadable: ((said: SaidOfFile) => void) | undefined;
}

/** Each file once, in the order of the patterns; a pattern without any is reported. */
export async function findNamedFiles(
  { files, folder, main }: Load,
  { isNamed, patterns, section }: FileNames,
): Promise<readonly NamedFile[]> {
  const all = new Map<string, NamedFile>();
  for (const [at, pattern] of patterns.entries()) {
    const place = [section, "files", at];
    const unreadable = (said: SaidOfFile): void =>
      main.report({ code: "config.unreadable", path: place, ...said });
    const found = await expandGlob(pathIn(folder, pattern), files, (unlisted, thrown) =>
      unreadable(unlistable(unlisted, thrown)),
    );
    if (found.length === 0 && isNamed) {
      const message = `no file is ${pathIn(folder, pattern)}`;
      const code = section === "rules" ? "config.no-rule-files" : "config.no-plan-files";
      main.report({ code, path: place, message, severity: "warning" });
    }
    for (const path of found)
      if (!all.has(path))
        all.set(path, { path, unreadable: isGlob(pattern) ? undefined : unreadable });
  }
  return [...all.values()];
}

/** Reads them one behind the other, without those that are broken; what is wrong with any is reported. */
export async function* readNamedFiles<T>(
  { reading }: Load,
  named: readonly NamedFile[],
  parse: (value: unknown) => Checked<T>,
): AsyncGenerator<SiteFile<T>, void> {
  for (const { path, unreadable } of named) {
    const file = await reading.read(path, { parse, ...(unreadable && { unreadable }) });
    if (file && !file.broken) yield file;
  }
}
