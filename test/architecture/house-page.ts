/**
 * What `src/README.md` says: the rooms and whom each may know, the packages and the doors of each.
 * A page that cannot be understood is an error with the line; nothing is guessed.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** A line of the table of rooms. */
export interface Room {
  /** Its folder below `src`; a `*` stands for each folder of that place. */
  readonly name: string;
  /** Rooms, and patterns of files; `undefined` is all of them. */
  readonly mayKnow: readonly string[] | undefined;
  /** Rooms that are excepted from all. */
  readonly mayNotKnow: readonly string[];
}

/** A line of the table of packages. */
export interface Package {
  /** As it is imported; a `*` is anything up to the next `/`. A room that few may know, too. */
  readonly name: string;
  /** Rooms, and patterns of files. */
  readonly doors: readonly string[];
}

export interface HousePage {
  readonly rooms: readonly Room[];
  readonly packages: readonly Package[];
}

/** Reads the page of a folder of sources. */
export async function readHousePage(folder: string): Promise<HousePage> {
  return parseHousePage(await readFile(join(folder, "README.md"), "utf8"));
}

export function parseHousePage(text: string): HousePage {
  return {
    rooms: rowsOf(text, "room").map(parseRoom),
    packages: rowsOf(text, "package").map(([name = "", doors = ""]) => ({
      name: nameIn(name),
      doors: namesIn(doors),
    })),
  };
}

/** The cells of each line of the table whose first column has that head. */
function rowsOf(text: string, head: string): string[][] {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => line.startsWith(`| ${head} |`)) + 2;
  const end = lines.findIndex((line, index) => index >= start && !line.startsWith("|"));
  const rows = start < 2 ? [] : lines.slice(start, end < 0 ? undefined : end);
  if (rows.length === 0) throw new Error(`src/README.md has no table that begins with "${head}"`);
  return rows.map((row) => row.split("|").slice(1, -1));
}

function parseRoom([name = "", , known = ""]: string[]): Room {
  const [all, but] = /^ all(?: but (.+))?$/.exec(known.trimEnd()) ?? [];
  const isNothing = known.trim() === "nothing";
  return {
    name: nameIn(name),
    mayKnow: all ? undefined : isNothing ? [] : namesIn(known),
    mayNotKnow: but ? namesIn(but) : [],
  };
}

function namesIn(cell: string): string[] {
  return cell === "" ? [] : cell.split(",").map(nameIn);
}

/** A name stands between backticks, and may be a link. */
function nameIn(cell: string): string {
  const name = /^\s*\[?`([^`]+)`(?:\]\([^)]+\))?\s*$/.exec(cell)?.[1];
  if (name === undefined)
    throw new Error(`src/README.md: "${cell.trim()}" is not one name in \`\``);
  return name;
}
