/**
 * Draws the map of the house into `src/README.md`, between its two marks. `npm run map -- --table` says
 * instead who imports whom, and how often.
 */
import { readFile, writeFile } from "node:fs/promises";
import { countArrows, drawMap, withMap } from "./house-map.ts";
import { readHousePage } from "./house-page.ts";
import { filesOfCode, readImports } from "./imports.ts";

const imports = await readImports("src", await filesOfCode("src"));
if (process.argv.includes("--table")) {
  for (const [room, counts] of countArrows(imports)) {
    const others = Array.from(counts, ([other, count]) => `${other} ${count}`).sort();
    console.log(`${room}: ${others.join(", ")}`);
  }
} else {
  const map = drawMap(await readHousePage("src"), imports);
  await writeFile("src/README.md", withMap(await readFile("src/README.md", "utf8"), map));
}
