import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { drawMap, withMap } from "./house-map.ts";
import { parseHousePage, readHousePage } from "./house-page.ts";
import { filesOfCode, importsIn, readImports } from "./imports.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const src = join(root, "src");

describe("the map of the house", () => {
  it("is drawn as the rooms import each other now; npm run map draws it", async () => {
    const imports = await readImports(src, await filesOfCode(src));
    const map = drawMap(await readHousePage(src), imports);
    const readme = await readFile(join(src, "README.md"), "utf8");
    expect(readme).toBe(withMap(readme, map));
  });

  const page = parseHousePage(
    "| room |\n|---|\n| `core` |\n| `cellar` |\n| `attic` |\n| `attic/box` |\n| `app` |\n\n" +
      "| package |\n|---|\n| `zod` |\n",
  );
  const imports = [
    ...importsIn("attic/box/a.ts", 'import "../../cellar/b.ts"; import "../../core/c.ts";'),
    ...importsIn("app/d.ts", 'import "../attic/e.ts";'),
    ...importsIn("cellar/f.ts", 'import "../attic/options.ts";'),
  ];

  it("has a floor for what stands on others, and an arrow for what is imported", () => {
    expect(drawMap(page, imports).split("\n")).toEqual([
      "```mermaid",
      "flowchart TD",
      "  subgraph floor2 [floor 2]",
      "    attic",
      "  end",
      "  subgraph floor1 [floor 1]",
      "    cellar",
      "  end",
      "  attic --> cellar",
      "```",
    ]);
  });

  it("cannot be drawn of rooms that import each other", () => {
    const back = importsIn("cellar/g.ts", 'import "../attic/h.ts";');
    expect(() => drawMap(page, [...imports, ...back])).toThrow(
      "rooms import each other: cellar, attic",
    );
  });
});
