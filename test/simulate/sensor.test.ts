import { describe, expect, test } from "vitest";
import type { Values } from "../../src/simulate/behavior.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import {
  createSensor,
  type Family,
  type Faults,
  families,
  healthy,
} from "../../src/simulate/sensor.ts";

interface Life {
  readonly steps: number;
  readonly family?: Family;
  readonly seed?: string;
  readonly doorOpen?: (step: number) => boolean;
  readonly setPoint?: (step: number) => number;
  readonly faults?: (step: number) => Partial<Faults>;
}

/** One reading a second. */
function live({
  steps,
  family = "freezer",
  seed = "1",
  doorOpen,
  faults,
  setPoint,
}: Life): Values[] {
  const sensor = createSensor(family, createSeededRandom(seed));
  return Array.from({ length: steps }, (_, step) =>
    sensor(
      1_000,
      { doorOpen: doorOpen?.(step) ?? false, setPoint: setPoint?.(step) ?? -18.1 },
      { ...healthy, ...(faults?.(step) ?? {}) },
    ),
  );
}

const temperatures = (readings: readonly Values[]) =>
  readings.map(({ temperature }) => Number(temperature));

describe("each family", () => {
  test.each(["freezer", "motor", "mast"] as const)(
    "%s lives the same life again by its seed",
    (family) => {
      expect(live({ steps: 50, family })).toEqual(live({ steps: 50, family }));
      expect(live({ steps: 50, family })).not.toEqual(live({ steps: 50, family, seed: "2" }));
    },
  );

  test("says what it is known for, within what is physical, for hours", () => {
    const bounds: Record<Family, Record<string, readonly [number, number] | "boolean">> = {
      freezer: { temperature: [-21, -16.5], door: "boolean", compressor: "boolean" },
      motor: { current: [7, 17], winding_temp: [20, 120], speed: [1_400, 1_500] },
      mast: {
        wind_speed: [0, 30],
        wind_direction: [0, 359],
        temperature: [-10, 30],
        humidity: [15, 100],
        pressure: [980, 1_050],
      },
    };
    for (const family of ["freezer", "motor", "mast"] as const) {
      const readings = live({ steps: 20_000, family });
      const expected = bounds[family];
      expect(Object.keys(readings[0] ?? {})).toEqual(Object.keys(expected));
      expect(Object.keys(expected)).toContain(families[family].drifting);
      for (const [name, bound] of Object.entries(expected)) {
        const values = readings.map((reading) => reading[name]);
        if (bound === "boolean") {
          expect(values.every((value) => typeof value === "boolean")).toBe(true);
        } else {
          expect(Math.min(...values.map(Number))).toBeGreaterThanOrEqual(bound[0]);
          expect(Math.max(...values.map(Number))).toBeLessThanOrEqual(bound[1]);
        }
      }
    }
  });
});

describe("a freezer", () => {
  test("warms over -15 °C within seconds of an open door, and is cold again soon after", () => {
    const readings = live({ steps: 80, doorOpen: (step) => step >= 20 && step < 40 });
    const degrees = temperatures(readings);
    expect(Math.max(...degrees.slice(0, 20))).toBeLessThan(-17);
    expect(degrees[26]).toBeGreaterThan(-15);
    expect(degrees[39]).toBeGreaterThan(-5);
    expect(degrees[60]).toBeLessThan(-15);
    expect(degrees[79]).toBeLessThan(-17);
    expect(readings.map(({ door }) => door).lastIndexOf(true)).toBe(39);
    expect(readings[50]?.["compressor"]).toBe(true);
  });
});

test("a freezer gets as cold as it is told to be", () => {
  const degrees = temperatures(live({ steps: 120, setPoint: (step) => (step < 20 ? -18.1 : -25) }));
  expect(Math.min(...degrees.slice(0, 20))).toBeGreaterThan(-20);
  for (const degree of degrees.slice(60)) expect(Math.abs(degree + 25)).toBeLessThan(2);
});

describe("a faulty sensor", () => {
  test("that is stuck repeats its last reading until it comes loose", () => {
    const readings = live({ steps: 40, faults: (step) => ({ stuck: step >= 10 && step < 20 }) });
    for (const reading of readings.slice(10, 20)) expect(reading).toEqual(readings[9]);
    expect(readings[20]).not.toEqual(readings[9]);
    expect(readings.slice(20)).toEqual(live({ steps: 40 }).slice(20));
  });

  test("that drifts reads more with every hour, and nothing else changes", () => {
    const drifting = live({ steps: 3_600, faults: () => ({ driftPerHour: 5 }) });
    const right = live({ steps: 3_600 });
    expect(temperatures(drifting)[3_599]).toBeCloseTo((temperatures(right)[3_599] ?? 0) + 5, 1);
    expect(drifting.map(({ compressor }) => compressor)).toEqual(
      right.map(({ compressor }) => compressor),
    );
  });
});
