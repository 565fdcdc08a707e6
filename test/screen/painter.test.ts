import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Line, span, type Tone } from "../../src/screen/line.ts";
import { Painter } from "../../src/screen/painter.ts";
import { tableLines } from "../../src/screen/table.ts";
import { fitText } from "../../src/screen/text-width.ts";
import { ShownScreen } from "../support/shown-screen.ts";

const rich = { color: true, unicode: true };
const size = { columns: 40, rows: 6 };

function painted(
  lines: readonly Line[],
  options: Partial<ConstructorParameters<typeof ShownScreen>[0]> = {},
  look = rich,
) {
  const screen = new ShownScreen({ ...size, ...options });
  screen.write(new Painter(look).frame(lines, size));
  return screen;
}

const hostile = [
  "\u001b[2J\u001b[1;1Hall is well",
  "\u001b]0;owned\u0007",
  "\u009b31mred",
  "\u001bPq\u001b\\",
  "a\r\nb\tc\bd\u007f",
  "\u202egnp.exe",
  "\u001b[?1049l\u001bc",
];

describe("a screen", () => {
  it("shows names of strangers and obeys none of them", () => {
    for (const name of hostile) {
      const screen = painted([[span(`<${name}>`)], [span("next")]]);
      expect(screen.strange).toEqual([]);
      expect([...screen.modes.keys()]).toEqual([]);
      expect(screen.rows[1]).toBe("next");
      expect(screen.rows[0]).toMatch(/^</);
    }
  });

  it("keeps columns in their place, however wide a terminal draws what is in a name", () => {
    const names = ["freezer-07", "冷凍庫", "👩‍🔧🚀", "❄️ cold", "e\u0301\u0302te", "नि", "ثلاجة"];
    const columns = [{ head: "DEVICE", most: 16 }, { head: "STATE" }];
    for (const width of [0, 1, 2]) {
      for (const name of names) {
        const lines = tableLines(columns, [[{ text: name }, { text: "silent" }]], 40, rich);
        const widthOf = (sign: string): number => (/^[\x20-\x7e]$/.test(sign) ? 1 : width);
        const screen = painted(lines, { widthOf });
        expect({ name, width, at: screen.columnOf("silent") }).toEqual({
          ...{ name, width },
          at: screen.columnOf("STATE"),
        });
      }
    }
  });

  it("writes nothing where nothing changed, and one row where one did", () => {
    const painter = new Painter(rich);
    painter.frame([[span("one")], [span("two")], [span("three")]], size);
    expect(painter.frame([[span("one")], [span("two")], [span("three")]], size)).toBe("");
    const written = painter.frame([[span("one")], [span("2")], [span("three")]], size);
    expect(written).toBe("\u001b[2;1H2\u001b[K");
  });

  it("is written whole when its size is another, or when somebody wrote over it", () => {
    const painter = new Painter(rich);
    const lines = [[span("one")], [span("two")]];
    painter.frame(lines, size);
    expect(painter.frame(lines, { columns: 30, rows: 6 })).toContain("one");
    painter.forget();
    expect(painter.frame(lines, { columns: 30, rows: 6 })).toContain("two");
  });

  it("shows after any frames what the last one says, each line cut to the width", () => {
    const text = fc.string({
      unit: fc.constantFrom("a", "b", " ", "冷", "🚀", "é", "…"),
      maxLength: 60,
    });
    const tone = fc.constantFrom<Tone>("plain", "faint", "alarm");
    const line = fc.array(fc.record({ text, tone }), { maxLength: 3 });
    const sizes = fc.record({
      columns: fc.integer({ min: 1, max: 50 }),
      rows: fc.integer({ min: 1, max: 8 }),
    });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.array(line, { maxLength: 10 }), sizes), {
          minLength: 1,
          maxLength: 6,
        }),
        (frames) => {
          const painter = new Painter(rich);
          const screen = new ShownScreen({ columns: 50, rows: 8 });
          let last = frames[0];
          for (const frame of frames) {
            const [lines, now] = frame;
            screen.resize(now.columns, now.rows);
            screen.write(painter.frame(lines, now));
            last = frame;
          }
          const [lines, { columns, rows }] = last ?? [[], size];
          const said = Array.from({ length: rows }, (_, row) => {
            const whole = (lines[row] ?? []).map(({ text }) => text).join("");
            return fitText(whole, columns).trimEnd();
          });
          expect(screen.rows).toEqual(said);
          expect(screen.strange).toEqual([]);
        },
      ),
    );
  });

  it("has no colors where none are wanted, and only ASCII where a terminal knows no more", () => {
    const lines = [[span("▲ critical", "alarm"), span(" -11.4 °C · 冷凍庫…", "faint")]];
    expect([...painted(lines).colors]).not.toEqual([]);
    const plain = painted(lines, {}, { color: false, unicode: false });
    expect([...plain.colors]).toEqual([]);
    expect(plain.rows[0]).toBe("! critical -11.4 C - ???~");
  });
});
