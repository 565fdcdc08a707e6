/**
 * The map of the house, drawn from what the rooms really import: floors, and arrows that go down.
 *
 * A folder of `src` is one room here. Left out are `app` and `cli`, which join all; `core` and
 * `schema`, which all stand on; and imports of the `options.ts` of another room.
 */
import type { HousePage } from "./house-page.ts";
import { fileMeant, type Import } from "./imports.ts";

const frame = ["app", "cli"];
const ground = ["core", "schema"];

/** How often each room imports each other one, over all their files. */
export function countArrows(imports: readonly Import[]): Map<string, Map<string, number>> {
  const arrows = new Map<string, Map<string, number>>();
  for (const { file, specifier = "" } of imports) {
    const target = fileMeant(file, specifier);
    const [from = "", to = ""] = [file, target ?? ""].map((path) => path.split("/")[0]);
    if (target === undefined || from === to || to === "..") continue;
    const counts = arrows.get(from) ?? new Map<string, number>();
    arrows.set(from, counts.set(to, (counts.get(to) ?? 0) + 1));
  }
  return arrows;
}

/** The map as a block of Mermaid. Throws where rooms import each other in a circle. */
export function drawMap({ rooms }: HousePage, imports: readonly Import[]): string {
  const leftOut = new Set([...frame, ...ground]);
  const names = rooms
    .map(({ name }) => name)
    .filter((name) => !name.includes("/") && !leftOut.has(name));
  const arrows = countArrows(
    imports.filter(({ specifier }) => !specifier?.endsWith("/options.ts")),
  );
  const knownOf = (name: string): string[] =>
    names.filter((other) => arrows.get(name)?.has(other) === true);
  const stories = floorsOf(names, knownOf).map((floor, at) => [
    `  subgraph floor${at + 1} [floor ${at + 1}]`,
    `    ${floor.join(" & ")}`,
    "  end",
  ]);
  const ways = new Map<string, string[]>();
  for (const name of names) {
    const known = knownOf(name).join(" & ");
    if (known !== "") ways.set(known, [...(ways.get(known) ?? []), name]);
  }
  const lines = Array.from(ways, ([known, knowing]) => `  ${knowing.join(" & ")} --> ${known}`);
  return ["```mermaid", "flowchart TD", ...stories.reverse().flat(), ...lines, "```"].join("\n");
}

/** Rooms by the height at which they stand: each above all that it knows. */
function floorsOf(
  rooms: readonly string[],
  knownOf: (room: string) => readonly string[],
): readonly (readonly string[])[] {
  const floors: string[][] = [];
  const built = new Set<string>();
  while (built.size < rooms.length) {
    const left = rooms.filter((room) => !built.has(room));
    const floor = left.filter((room) => knownOf(room).every((known) => built.has(known)));
    if (floor.length === 0) throw new Error(`rooms import each other: ${left.join(", ")}`);
    for (const room of floor) built.add(room);
    floors.push(floor);
  }
  return floors;
}

/** A page with the map in the place that is marked for it. */
export function withMap(page: string, map: string): string {
  const marked = /(<!-- map: npm run map -->\n)[\s\S]*?(\n<!-- end of the map -->)/;
  if (!marked.test(page)) throw new Error("src/README.md has no place that is marked for the map");
  return page.replace(marked, (_, start: string, end: string) => start + map + end);
}
