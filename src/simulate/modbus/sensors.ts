/** Sensors for soil and air. */
import { rounded } from "../behavior.ts";
import type { ModbusDevice } from "./modbus-device.ts";

export const soil: ModbusDevice = {
  name: "soil",
  about: "soil sensor, 7 in 1 (moisture, temperature, conductivity, pH, N, P, K), Modbus RTU",
  settings: { baud: 4_800, dataBits: 8, parity: "none" },
  unit: 1,
  profile: "comwintop/soil",
  counter: { metric: "potassium", numberOf: (potassium) => potassium },
  points: [
    {
      table: "holding",
      at: 0,
      type: "u16",
      steps: 10,
      metric: "moisture",
      value: (n) => rounded(20 + (n % 300) / 10, 1),
    },
    {
      table: "holding",
      at: 1,
      type: "i16",
      steps: 10,
      metric: "temperature",
      value: (n) => rounded((n % 300) / 10 - 5, 1),
    },
    // Microsiemens per centimeter.
    {
      table: "holding",
      at: 2,
      type: "u16",
      steps: 10_000,
      metric: "conductivity",
      value: (n) => rounded((n % 2_000) / 10_000, 4),
    },
    {
      table: "holding",
      at: 3,
      type: "u16",
      steps: 10,
      metric: "ph",
      value: (n) => rounded(6 + (n % 10) / 10, 1),
    },
    { table: "holding", at: 4, type: "u16", metric: "nitrogen", value: (n) => n % 50 },
    { table: "holding", at: 5, type: "u16", metric: "phosphorus", value: (n) => n % 60 },
    { table: "holding", at: 6, type: "u16", metric: "potassium", value: (n) => n % 65_536 },
  ],
};

export const s8: ModbusDevice = {
  name: "senseair-s8",
  about: "Senseair S8, carbon dioxide, Modbus RTU at address 254",
  settings: { baud: 9_600, dataBits: 8, parity: "none" },
  unit: 254,
  profile: "senseair/s8",
  counter: { metric: "carbon_dioxide", numberOf: (ppm) => ppm - 400 },
  points: [
    { table: "input", at: 0, type: "u16", value: () => 0 },
    { table: "input", at: 1, type: "u16", value: () => 0 },
    { table: "input", at: 2, type: "u16", value: () => 0 },
    {
      table: "input",
      at: 3,
      type: "u16",
      metric: "carbon_dioxide",
      value: (n) => 400 + (n % 9_600),
    },
    {
      table: "holding",
      at: 31,
      type: "u16",
      writable: true,
      metric: "calibration_period",
      value: () => 180,
    },
  ],
};
