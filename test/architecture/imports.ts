/**
 * Every import of the sources, in whatever form: static, of types, exported on, dynamic, in a type,
 * by `require`. Read from the text, so that what a compiler would strip is seen as well.
 */
import { readdir, readFile } from "node:fs/promises";
import { join, posix } from "node:path";

export interface Import {
  /** The file that imports, below the folder of sources. */
  readonly file: string;
  readonly line: number;
  /** As it is written; `undefined` where it is computed. */
  readonly specifier: string | undefined;
}

const gap = String.raw`(?:\s|/\*[^]*?\*/|//.*)*`;
const call = String.raw`\b(?:import|import\.meta\.resolve|require|getBuiltinModule)${gap}\(`;
const word = String.raw`(?<![.\w"'\`])(?:from|import|module|<reference\s+\w+\s*=)`;
const text = String.raw`(["'\`])(?<specifier>.*?)\2(?<end>${gap}[,)])?`;
const anyImport = new RegExp(`(?:(?<call>${call})|${word})${gap}(?:${text})?`, "g");

/** Lines that hold nothing but a comment; a reference to another file is not one. */
const commentLine = /^[ \t]*(?:\*(?: .*)?|\/\/(?!\/).*|\/\*\*?|\/\*\*? [^*]*\*\/)$/gm;

export function importsIn(file: string, source: string): Import[] {
  const code = source.replace(commentLine, "");
  return [...code.matchAll(anyImport)].flatMap(({ groups = {}, index }) => {
    const { call, specifier, end } = groups;
    if (call === undefined && specifier === undefined) return [];
    const computed = specifier?.includes("${") || (call !== undefined && end === undefined);
    const line = code.slice(0, index).split("\n").length;
    return [{ file, line, specifier: computed ? undefined : specifier }];
  });
}

/** Files of code below a folder, sorted. */
export async function filesOfCode(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true });
  return files.filter((file) => /\.[cm]?[jt]sx?$/.test(file)).sort();
}

/** The imports of all these files of a folder. */
export async function readImports(folder: string, files: readonly string[]): Promise<Import[]> {
  const found = files.map(async (file) =>
    importsIn(file, await readFile(join(folder, file), "utf8")),
  );
  return (await Promise.all(found)).flat();
}

/** The file that is imported, as a path from the folder of sources; nothing for a package. */
export function fileMeant(file: string, specifier: string): string | undefined {
  const isPath = /^\.\.?(?:\/|$)/.test(specifier);
  return isPath ? posix.join(posix.dirname(file), specifier) : undefined;
}
