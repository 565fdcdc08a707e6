import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseSeries } from "../../../src/rules/trial/series.ts";

function values(text: string): unknown {
  const series = parseSeries(text);
  if ("problem" in series) return series.problem;
  return series.map((sample) =>
    sample === undefined || sample.quality === "good"
      ? sample?.value
      : `${String(sample.value)} ${sample.quality}`,
  );
}

describe("samples in short", () => {
  it("are numbers, truths and texts, each once or so often", () => {
    expect(values('-18 2.5e1x2 true "open door"x2')).toEqual([
      ...[-18, 25, 25, true],
      ...["open door", "open door"],
    ]);
  });

  it("go up or down with both ends, and say where nothing was sent", () => {
    expect(values("-18..-10/3 _x2 1..0/2 _")).toEqual([
      -18,
      -14,
      -10,
      undefined,
      undefined,
      1,
      0,
      undefined,
    ]);
    expect(values("0..1/4")).toEqual([0, 0.333333333333, 0.666666666667, 1]);
  });

  it("may be bad or uncertain, and repeat the value before", () => {
    expect(values("21.5!badx2 !uncertain 3")).toEqual([
      ...["21.5 bad", "21.5 bad"],
      ...["21.5 uncertain", 3],
    ]);
  });

  it.each([
    ["-18 warm", '"warm" is no sample', "write values as"],
    ["-2+4x3", '"-2+4x3" is no sample', "write -2..10/4"],
    ["0..9/1", '"0..9/1" is a ramp of 1 samples', "0..10/3 for 0 5 10"],
    ["!bad", '"!bad" follows no value', "0!bad"],
    ["1x99999999", '"1x99999999" makes it more than 100000 samples', "longer"],
    ["1e999", '"1e999" is no sample', "write values as"],
    ['"a\\q"', "is no sample", "write values as"],
  ])("%s is refused with the word that is wrong, and what to write", (text, problem, hint) => {
    const found = parseSeries(text);
    if (!("problem" in found)) throw new Error("it was taken");
    expect(found.problem).toContain(problem);
    expect(found.hint).toContain(hint);
  });

  it("never take what is no sample without a word, whatever is written", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'-1.5x/!_ab"e+ ') }), (text) => {
        const series = parseSeries(text);
        if ("problem" in series) expect(series.hint).not.toBe("");
        else for (const sample of series) expect(sample?.value).not.toBeNaN();
      }),
    );
  });
});
