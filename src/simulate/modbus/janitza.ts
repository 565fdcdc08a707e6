/** Janitza UMG: floats from 19000 on, in holding registers. */
import { rounded } from "../behavior.ts";
import type { ModbusDevice } from "./modbus-device.ts";
import type { Point } from "./point.ts";

function f32(at: number, metric: string, value: (number: number) => number): Point {
  return { table: "holding", at, type: "f32", metric, value };
}

/** The third phase feeds in. */
const power = (phase: number) => (number: number) =>
  (phase === 3 ? -1 : 1) * (1_000 * phase + (number % 500));

export const umg: ModbusDevice = {
  name: "umg96",
  about: "Janitza UMG 96, a power analyser, Modbus RTU and TCP",
  settings: { baud: 19_200, dataBits: 8, parity: "none" },
  profile: "janitza/umg",
  unit: 1,
  counter: { metric: "energy_import", numberOf: (energy) => Math.round(energy * 100) },
  empty: [{ table: "holding", from: 19_000, to: 19_121 }],
  points: [
    ...[1, 2, 3].flatMap((phase) => [
      f32(18_998 + phase * 2, `voltage_${phase}`, (n) => rounded(229 + phase + (n % 20) / 10, 1)),
      f32(19_010 + phase * 2, `current_${phase}`, (n) => rounded(phase + (n % 300) / 100, 2)),
      f32(19_018 + phase * 2, `power_${phase}`, power(phase)),
      f32(19_026 + phase * 2, `apparent_power_${phase}`, (n) => Math.abs(power(phase)(n)) + 50),
      f32(19_034 + phase * 2, `reactive_power_${phase}`, (n) => (n % 40) - 20),
      f32(19_042 + phase * 2, `power_factor_${phase}`, (n) => rounded(0.9 + (n % 9) / 100, 2)),
      f32(19_108 + phase * 2, `voltage_thd_${phase}`, (n) => rounded(1 + (n % 9) / 10, 1)),
      f32(19_114 + phase * 2, `current_thd_${phase}`, (n) => rounded(4 + (n % 9) / 10, 1)),
    ]),
    f32(19_006, "voltage_12", (n) => rounded(398 + (n % 20) / 10, 1)),
    f32(19_008, "voltage_23", (n) => rounded(399 + (n % 20) / 10, 1)),
    f32(19_010, "voltage_31", (n) => rounded(400 + (n % 20) / 10, 1)),
    f32(19_018, "current_neutral", (n) => rounded((n % 30) / 100, 2)),
    f32(19_026, "power", (n) => power(1)(n) + power(2)(n) + power(3)(n)),
    f32(19_034, "apparent_power", (n) => 6_000 + (n % 100)),
    f32(19_042, "reactive_power", (n) => (n % 120) - 60),
    f32(19_050, "frequency", (n) => rounded(49.9 + (n % 20) / 100, 2)),
    // It counts watt-hours.
    { ...f32(19_068, "energy_import", (n) => rounded(n / 100, 2)), steps: 1_000 },
    { ...f32(19_076, "energy_export", (n) => rounded(20 + n / 100, 2)), steps: 1_000 },
  ],
};
