/** An inverter that describes its registers as SunSpec has it: models 1, 103 and 160. */
import { rounded } from "../behavior.ts";
import type { ModbusDevice } from "./modbus-device.ts";
import type { Point, PointValue } from "./point.ts";

const base = 40_000;
const common = base + 2;
const inverter = common + 68;
const strings = inverter + 52;
const end = strings + 50;

/** Not implemented. */
const none16 = 0x8000;

function at(
  place: number,
  type: Point["type"],
  value: PointValue | Point["value"],
  metric?: string,
  steps = 1,
): Point {
  const fixed = typeof value === "function" ? value : () => value;
  return {
    ...{ table: "holding", at: place, type, steps, value: fixed },
    ...(metric !== undefined && { metric }),
  };
}

/** A factor as the power of ten that it is. */
const factor = (place: number, power: number): Point => at(place, "i16", power);

const watts = (number: number): number => 1_000 + (number % 400) * 10;

/** A string of modules: its registers from the one of its id on. */
function string(place: number, id: number): Point[] {
  const name = `dc_${id}`;
  return [
    at(place, "u16", id),
    at(place + 1, { text: 8 }, `String ${id}`),
    at(place + 9, "u16", (n) => rounded(id + (n % 90) / 10, 1), `${name}_current`, 10),
    at(place + 10, "u16", (n) => rounded(500 + id + (n % 90) / 10, 1), `${name}_voltage`, 10),
    at(place + 11, "u16", (n) => 400 + id + (n % 900), `${name}_power`),
    at(place + 12, "u32", (n) => (5_000 + n) * 10),
    at(place + 14, "u32", 0),
    at(place + 16, "i16", none16),
    at(place + 17, "u16", 4),
    at(place + 18, "u32", 0),
  ];
}

export const sunspecInverter: ModbusDevice = {
  name: "sunspec",
  about:
    "inverter of three phases with two strings, SunSpec models 1, 103, 160; Modbus TCP and RTU",
  settings: { baud: 9_600, dataBits: 8, parity: "none" },
  profile: "sunspec/inverter",
  unit: 1,
  counter: { metric: "energy", numberOf: (energy) => Math.round((energy - 5_000) * 100) },
  points: [
    at(base, { text: 2 }, "SunS"),
    at(common, "u16", 1),
    at(common + 1, "u16", 66),
    at(common + 2, { text: 16 }, "Sluicegate"),
    at(common + 18, { text: 16 }, "SIM-10K"),
    at(common + 34, { text: 8 }, ""),
    at(common + 42, { text: 8 }, "1.0"),
    at(common + 50, { text: 16 }, "0001"),
    at(common + 66, "u16", 1),
    at(common + 67, "u16", none16),

    at(inverter, "u16", 103),
    at(inverter + 1, "u16", 50),
    at(inverter + 2, "u16", (n) => rounded(10 + (n % 90) / 10, 1), "current", 10),
    ...[1, 2, 3].flatMap((phase) => [
      at(
        inverter + 2 + phase,
        "u16",
        (n) => rounded(3 + phase + (n % 9) / 10, 1),
        `current_${phase}`,
        10,
      ),
      at(inverter + 6 + phase, "u16", (n) => rounded(398 + phase + (n % 9) / 10, 1), undefined, 10),
      at(
        inverter + 9 + phase,
        "u16",
        (n) => rounded(229 + phase + (n % 9) / 10, 1),
        `voltage_${phase}`,
        10,
      ),
    ]),
    factor(inverter + 6, -1),
    factor(inverter + 13, -1),
    at(inverter + 14, "i16", watts, "power", 0.1),
    factor(inverter + 15, 1),
    at(inverter + 16, "u16", (n) => rounded(49.9 + (n % 20) / 100, 2), "frequency", 100),
    factor(inverter + 17, -2),
    at(inverter + 18, "i16", (n) => watts(n) + 10, undefined, 0.1),
    factor(inverter + 19, 1),
    at(inverter + 20, "i16", none16),
    factor(inverter + 21, none16),
    at(inverter + 22, "i16", (n) => 90 + (n % 10)),
    factor(inverter + 23, 0),
    at(inverter + 24, "u32", (n) => rounded(5_000 + n / 100, 2), "energy", 1_000),
    factor(inverter + 26, 0),
    at(inverter + 27, "u16", 0xffff),
    factor(inverter + 28, none16),
    at(inverter + 29, "u16", 0xffff),
    factor(inverter + 30, none16),
    at(inverter + 31, "i16", (n) => watts(n) + 50, "dc_power", 0.1),
    factor(inverter + 32, 1),
    at(inverter + 33, "i16", (n) => rounded(30 + (n % 90) / 10, 1), "temperature", 10),
    at(inverter + 34, "i16", none16),
    at(inverter + 35, "i16", none16),
    at(inverter + 36, "i16", none16),
    factor(inverter + 37, -1),
    at(inverter + 38, "u16", 4),
    at(inverter + 39, "u16", 0),
    ...[40, 42, 44, 46, 48, 50].map((place) => at(inverter + place, "u32", 0)),

    at(strings, "u16", 160),
    at(strings + 1, "u16", 48),
    factor(strings + 2, -1),
    factor(strings + 3, -1),
    factor(strings + 4, 0),
    factor(strings + 5, -1),
    at(strings + 6, "u32", 0),
    at(strings + 8, "u16", 2),
    at(strings + 9, "u16", 0),
    ...string(strings + 10, 1),
    ...string(strings + 30, 2),

    at(end, "u16", 0xffff),
    at(end + 1, "u16", 0),
  ],
};
