/** The files that a section of the configuration names, as paths or globs. */
import type { Checked } from "../../core/fault.ts";
import { pathIn } from "../path-in.ts";
import { expandGlob, isGlob } from "./expand-glob.ts";
import type { Load } from "./load.ts";
import type { SiteFile } from "./site-reading.ts";
import { type SaidOfFile, unlistable } from "./unreadable.ts";

export interface NamedFiles<T> {
  /** The section; its field `files` names them. */
  readonly section: "rules" | "plans";
  readonly patterns: readonly string[];
  /** False when they are where they are by default: then there need not be any. */
  readonly isNamed: boolean;
  readonly parse: (value: unknown) => Checked<T>;
}

/** Each file once, in the order of the patterns; what is wrong with any is reported. */
export async function* readNamedFiles<T>(
  { files, folder, main, reading }: Load,
  { isNamed, parse, patterns, section }: NamedFiles<T>,
): AsyncGenerator<SiteFile<T>, void> {
  const seen = new Set<string>();
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
    for (const path of found.filter((one) => !seen.has(one))) {
      seen.add(path);
      const file = await reading.read(path, { parse, ...(!isGlob(pattern) && { unreadable }) });
      if (file && !file.broken) yield file;
    }
  }
}
