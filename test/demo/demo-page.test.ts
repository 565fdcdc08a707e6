import { describe, expect, it } from "vitest";
import { type DemoPage, demoLines } from "../../src/demo/demo-page.ts";
import { noSight } from "../../src/demo/demo-sight.ts";
import { Painter } from "../../src/screen/painter.ts";
import { ShownScreen } from "../support/shown-screen.ts";

const look = { color: true, unicode: true };
const page: DemoPage = {
  ...{ sight: noSight, nowMs: 0, time: "00:17", foot: "q ends", console: undefined, look },
  story: Array.from({ length: 50 }, (_, at) => `00:${at}  event ${at}   with what follows from it`),
};

function shownAt(columns: number, rows: number, shown = page): string[] {
  const size = { columns, rows };
  const screen = new ShownScreen(size);
  screen.write(new Painter(look).frame(demoLines(shown, size), size));
  return screen.rows;
}

describe("the screen of the demo", () => {
  it("has the time above, the end of the story below it, and the keys in the last row", () => {
    const rows = shownAt(80, 24);
    expect(rows[0]).toMatch(/^ sluicegate demo .* 00:17$/);
    expect(rows.at(-2)).toBe("00:49  event 49   with what follows from it");
    expect(rows.at(-1)).toBe("q ends");
  });

  it("keeps its keys at every size", () => {
    for (const columns of [1, 10, 40, 200])
      for (const rows of [1, 2, 5, 9, 60])
        expect(shownAt(columns, rows)[rows - 1]).toMatch(/^q|^…/);
  });

  it("says where the page of the gateway is, where it has one", () => {
    const address = "http://127.0.0.1:8787/";
    expect(shownAt(80, 24, { ...page, console: address }).join("\n")).toContain(
      `Console   ${address}`,
    );
  });
});
