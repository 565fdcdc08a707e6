/** What a Tasmota thermometer with a counter says: 130 bytes, and the counter numbers them. */
import type { NumberedObject } from "../../src/simulate/load-frames.ts";

export const sensorBytes = 130;

export const sensorObject: NumberedObject = {
  head: '{"Time":"2026-11-21T14:02:10","COUNTER":{"C1":',
  tail: '},"DS18B20":{"Id":"00000A1B2C3D","Temperature":21.4},"TempUnit":"C"',
};

/** The name that the profile `tasmota/sensor` gives the counter. */
export const counterMetric = "counter_1";

export function sensorTopic(device: string): string {
  return `tele/${device}/SENSOR`;
}
