import { describe, expect, it } from "vitest";
import { deviceFactLines } from "../../src/cli/devices-text.ts";

describe("a device in words", () => {
  it("has values and limits in the signs that people read", () => {
    const lines = deviceFactLines(
      {
        device: {
          device: "f7",
          state: "ok",
          values: [
            { name: "temperature", value: 21.4, unit: "Cel", quality: "good", timeMs: 0 },
            { name: "satellites", value: 8, unit: "count", quality: "good", timeMs: 0 },
          ],
        },
        commands: [
          {
            name: "set_point",
            params: [{ name: "level", range: [-30, -10], type: "number", unit: "Cel" }],
          },
        ],
      },
      0,
    );
    const cells = lines.map((line) => line.trim().split(/ {2,}/));
    expect(cells).toContainEqual(["temperature", "21.4 °C", "good", "0s ago"]);
    expect(cells).toContainEqual(["satellites", "8", "good", "0s ago"]);
    expect(cells).toContainEqual(["set_point", "level: number -30 to -10 °C", "-"]);
  });
});
