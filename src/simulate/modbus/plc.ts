/**
 * A controller with a map of its own, as plants have them: floats with the lower register first. It
 * holds bar, of which the profile makes hectopascal.
 */
import { rounded } from "../behavior.ts";
import type { ModbusDevice } from "./modbus-device.ts";

export const plc: ModbusDevice = {
  name: "plc",
  about: "controller of a pump station: setpoint, states, coils to write; Modbus TCP and RTU",
  settings: { baud: 19_200, dataBits: 8, parity: "even" },
  unit: 1,
  profile: "plc/pump-station",
  counter: { metric: "starts", numberOf: (starts) => starts },
  points: [
    {
      table: "holding",
      at: 0,
      type: "f32",
      swapped: true,
      writable: true,
      steps: 0.001,
      metric: "setpoint",
      value: () => 2_500,
    },
    {
      table: "holding",
      at: 2,
      type: "i16",
      writable: true,
      steps: 10,
      metric: "speed_limit",
      value: () => 48.5,
    },
    { table: "holding", at: 10, type: "u16", value: (n) => 1 + (n % 4) * 16 },
    {
      table: "input",
      at: 0,
      type: "i16",
      steps: 10,
      metric: "temperature",
      value: (n) => rounded((n % 400) / 10 - 10, 1),
    },
    {
      table: "input",
      at: 1,
      type: "u16",
      steps: 0.1,
      metric: "pressure",
      value: (n) => 2_000 + (n % 90) * 10,
    },
    {
      table: "input",
      at: 2,
      type: "f32",
      swapped: true,
      metric: "flow",
      value: (n) => rounded(10 + (n % 90) / 10, 1),
    },
    { table: "input", at: 4, type: "u32", swapped: true, metric: "starts", value: (n) => n },
    { table: "coil", at: 0, type: "u16", writable: true, metric: "pump", value: () => false },
    { table: "coil", at: 1, type: "u16", writable: true, metric: "valve", value: () => true },
    { table: "discrete", at: 0, type: "u16", metric: "level_high", value: (n) => n % 7 === 0 },
    { table: "discrete", at: 1, type: "u16", metric: "emergency_stop", value: () => false },
  ],
};
