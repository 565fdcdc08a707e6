/**
 * Compares the sources with the page of the house. An import of a file asks what the room may know,
 * any other asks for the doors of the package. What the page does not allow is a fault, and so is
 * what the page allows and nobody needs: it stays as narrow as the house is.
 */
import { dirname } from "node:path/posix";
import type { HousePage, Room } from "./house-page.ts";
import { fileMeant, type Import } from "./imports.ts";

/** Where a file stands: the line of its room in the page, and the folder that is meant by it. */
interface Place {
  readonly room: Room;
  readonly folder: string;
}

/** What is wrong, a sentence each. */
export function judgeHouse(
  page: HousePage,
  files: readonly string[],
  imports: readonly Import[],
): string[] {
  return [
    ...judgeRooms(page, files),
    ...imports.flatMap((one) => judgeImport(page, one) ?? []),
    ...judgeAllowed(page, imports),
  ];
}

/** The innermost room of the page that a file stands in. */
export function placeOf({ rooms }: HousePage, file: string): Place | undefined {
  const folders = file.split("/").slice(0, -1);
  for (let depth = folders.length; depth > 0; depth--) {
    const folder = folders.slice(0, depth).join("/");
    const room =
      rooms.find(({ name }) => name === folder) ?? rooms.find(({ name }) => fits(name, folder));
    if (room) return { room, folder };
  }
  return undefined;
}

function judgeRooms(page: HousePage, files: readonly string[]): string[] {
  const lost = new Set(files.filter((file) => !placeOf(page, file)).map(dirname));
  const lived = new Set(files.map((file) => placeOf(page, file)?.room));
  const empty = page.rooms.filter((room) => !lived.has(room));
  const unknown = page.rooms.flatMap(({ name, mayKnow = [], mayNotKnow }) =>
    [...mayKnow, ...mayNotKnow]
      .filter((known) => !isNamed(page, known))
      .map((known) => [name, known]),
  );
  return [
    ...Array.from(lost, (folder) => `src/${folder} is no room: give it a line in src/README.md`),
    ...empty.map(({ name }) => `src/README.md tells of a room ${name}, in which there is no file`),
    ...unknown.map(
      ([name, known]) => `src/README.md says that ${name} may know ${known}, which is no room`,
    ),
  ];
}

/** Why an import is refused. */
export function judgeImport(
  page: HousePage,
  { file, line, specifier }: Import,
): string | undefined {
  const place = placeOf(page, file);
  if (!place) return undefined;
  const at = `src/${file}:${line} imports`;
  if (specifier === undefined) return `${at} what it computes: nobody can say whether it may`;

  const target = fileMeant(file, specifier);
  const there = target === undefined ? undefined : placeOf(page, target);
  if (target !== undefined && there && mayKnow(page, place, there, target)) return undefined;
  const doors = doorsOf(page, there?.room.name ?? target ?? specifier);
  if (doors.some((door) => leadsTo(page, door, file))) return undefined;
  const { name, mayKnow: known = ["all"] } = place.room;
  return there
    ? `${at} ${specifier}: by src/README.md ${name} may know ${list(known)}`
    : `${at} ${specifier}: by src/README.md its doors are ${list(doors)}`;
}

/** The doors of a package, of a module of Node, or of a room that few may know. */
function doorsOf({ packages }: HousePage, what: string): readonly string[] {
  return packages.filter(({ name }) => fits(name, what)).flatMap(({ doors }) => doors);
}

function mayKnow(page: HousePage, here: Place, there: Place, target: string): boolean {
  if (here.folder === there.folder) return true;
  const { mayKnow, mayNotKnow } = here.room;
  if (mayNotKnow.some((known) => leadsTo(page, known, target))) return false;
  return mayKnow === undefined || mayKnow.some((known) => leadsTo(page, known, target));
}

/** What the page allows and no import needs. */
function judgeAllowed(page: HousePage, imports: readonly Import[]): string[] {
  const ways = imports.map(({ file, specifier = "" }) => {
    const target = fileMeant(file, specifier) ?? "";
    const what = placeOf(page, target)?.room.name ?? (target === "" ? specifier : target);
    return { file, room: placeOf(page, file)?.room, target, what };
  });
  const idle = page.rooms.flatMap((room) => {
    const own = ways.filter((way) => way.room === room);
    return (room.mayKnow ?? [])
      .filter((known) => !own.some(({ target }) => leadsTo(page, known, target)))
      .map((known) => `nothing in ${room.name} imports ${known}: take it out`);
  });
  const closed = page.packages.flatMap(({ name, doors }) => {
    const own = ways.filter(({ what }) => fits(name, what));
    return doors
      .filter((door) => !own.some(({ file }) => leadsTo(page, door, file)))
      .map((door) => `nothing imports ${name} by the door ${door}: close it`);
  });
  return [...idle, ...closed].map((fault) => `src/README.md: ${fault}`);
}

/** Whether a name of the page, a room or a pattern of files, means this file. */
function leadsTo(page: HousePage, name: string, file: string): boolean {
  return isFile(name) ? fits(name, file) : placeOf(page, file)?.room.name === name;
}

function isNamed(page: HousePage, name: string): boolean {
  return isFile(name) || page.rooms.some((room) => room.name === name);
}

/** Whether a name of the page means files, and no room. */
function isFile(name: string): boolean {
  return /\.tsx?$/.test(name);
}

/** Whether a pattern means this text; `*` is anything up to the next `/`. */
function fits(pattern: string, text: string): boolean {
  if (!pattern.includes("*")) return pattern === text;
  const source = pattern.replace(/[^\w/]/g, (sign) => (sign === "*" ? "[^/]*" : `\\${sign}`));
  return new RegExp(`^${source}$`).test(text);
}

function list(names: readonly string[]): string {
  return names.length === 0 ? "nothing" : names.join(", ");
}
