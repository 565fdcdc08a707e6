/** The simulated Modbus devices: one line each. */
import type { LineFamily } from "../lines/line-family.ts";
import { sdm120, sdm630 } from "./eastron.ts";
import { umg } from "./janitza.ts";
import { modbusFamily } from "./modbus-device.ts";
import { plc } from "./plc.ts";
import { s8, soil } from "./sensors.ts";
import { sunspecInverter } from "./sunspec.ts";

export const modbusDevices: readonly LineFamily[] = [
  sdm120,
  sdm630,
  umg,
  sunspecInverter,
  plc,
  soil,
  s8,
].map(modbusFamily);
