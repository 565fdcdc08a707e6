/** Meters of Eastron: every value is a float in two input registers. */
import { rounded } from "../behavior.ts";
import type { ModbusDevice } from "./modbus-device.ts";
import type { Point } from "./point.ts";

function f32(at: number, metric: string, value: (number: number) => number): Point {
  return { table: "input", at, type: "f32", metric, value };
}

/** Whole numbers over whole numbers, so that a float holds what is stored. */
const wave = (number: number, size: number): number => number % size;

const voltage = (phase: number) => (number: number) =>
  rounded(229 + phase + wave(number, 20) / 10, 1);
const current = (phase: number) => (number: number) => rounded(phase + wave(number, 300) / 100, 2);
/** The third phase feeds in. */
const power = (phase: number) => (number: number) =>
  (phase === 3 ? -1 : 1) * (100 * phase + wave(number, 500));
const total = (number: number): number => power(1)(number) + power(2)(number) + power(3)(number);
const counted = (number: number): number => rounded(1_000 + number / 100, 2);

export const sdm630: ModbusDevice = {
  name: "sdm630",
  about: "Eastron SDM630, a meter of three phases, Modbus RTU",
  settings: { baud: 9_600, dataBits: 8, parity: "none" },
  profile: "eastron/sdm630",
  unit: 1,
  counter: { metric: "energy_import", numberOf: (energy) => Math.round((energy - 1_000) * 100) },
  // Between the values it answers with zeros.
  empty: [{ table: "input", from: 0, to: 381 }],
  points: [
    ...[1, 2, 3].flatMap((phase) => [
      f32(phase * 2 - 2, `voltage_${phase}`, voltage(phase)),
      f32(phase * 2 + 4, `current_${phase}`, current(phase)),
      f32(phase * 2 + 10, `power_${phase}`, power(phase)),
      f32(phase * 2 + 16, `apparent_power_${phase}`, (n) => Math.abs(power(phase)(n)) + 5),
      f32(phase * 2 + 22, `reactive_power_${phase}`, (n) => wave(n, 40) - 20),
      f32(phase * 2 + 28, `power_factor_${phase}`, (n) => rounded(0.9 + wave(n, 9) / 100, 2)),
      f32(phase * 2 + 34, `phase_angle_${phase}`, (n) => wave(n, 30)),
    ]),
    f32(46, "current_average", (n) => rounded(2 + wave(n, 300) / 100, 2)),
    f32(48, "current_sum", (n) => rounded(6 + wave(n, 300) / 100, 2)),
    f32(52, "power", total),
    f32(56, "apparent_power", (n) => Math.abs(total(n)) + 15),
    f32(60, "reactive_power", (n) => wave(n, 120) - 60),
    f32(62, "power_factor", (n) => rounded(0.9 + wave(n, 9) / 100, 2)),
    f32(66, "phase_angle", (n) => wave(n, 30)),
    f32(70, "frequency", (n) => rounded(49.9 + wave(n, 20) / 100, 2)),
    f32(72, "energy_import", counted),
    f32(74, "energy_export", (n) => rounded(20 + n / 100, 2)),
    f32(76, "reactive_energy_import", (n) => rounded(30 + n / 100, 2)),
    f32(78, "reactive_energy_export", (n) => rounded(40 + n / 100, 2)),
  ],
};

export const sdm120: ModbusDevice = {
  name: "sdm120",
  about: "Eastron SDM120, a meter of one phase, Modbus RTU",
  settings: { baud: 2_400, dataBits: 8, parity: "none" },
  profile: "eastron/sdm120",
  unit: 1,
  counter: { metric: "energy_import", numberOf: (energy) => Math.round((energy - 1_000) * 100) },
  points: [
    f32(0, "voltage", voltage(1)),
    f32(6, "current", current(1)),
    f32(12, "power", power(1)),
    f32(18, "apparent_power", (n) => power(1)(n) + 5),
    f32(24, "reactive_power", (n) => wave(n, 40) - 20),
    f32(30, "power_factor", (n) => rounded(0.9 + wave(n, 9) / 100, 2)),
    f32(70, "frequency", (n) => rounded(49.9 + wave(n, 20) / 100, 2)),
    f32(72, "energy_import", counted),
    f32(74, "energy_export", (n) => rounded(20 + n / 100, 2)),
    f32(76, "reactive_energy_import", (n) => rounded(30 + n / 100, 2)),
    f32(78, "reactive_energy_export", (n) => rounded(40 + n / 100, 2)),
    f32(84, "power_demand", (n) => wave(n, 900)),
    f32(86, "power_demand_max", (n) => 900 + wave(n, 90)),
    f32(258, "current_demand", (n) => rounded(wave(n, 90) / 10, 1)),
    f32(264, "current_demand_max", () => 9.5),
    f32(342, "energy", (n) => rounded(1_020 + n / 50, 2)),
    f32(344, "reactive_energy", (n) => rounded(70 + n / 50, 2)),
  ],
};
