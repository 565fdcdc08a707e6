import { rounded } from "../behavior.ts";
import type { LineFamily } from "./line-family.ts";
import { padded, powerAt, voltageAt } from "./quantities.ts";
import { talker } from "./talker.ts";

/** Ten watt-hours more with each reading. */
function valuesOf(number: number) {
  return {
    energy_import: rounded(32_549 + number / 100, 2),
    energy_export: 12.5,
    power_import: powerAt(number),
    voltage_1: voltageAt(number),
  };
}

export const d0Meter: LineFamily = {
  name: "d0",
  about: "electricity meter that is read out by itself, IEC 62056-21",
  settings: { baud: 9_600, dataBits: 7, parity: "even" },
  everyMs: 2_000,
  told: {
    profile: "iec62056-21/meter",
    values: valuesOf,
    counter: {
      metric: "energy_import",
      numberOf: (energy) => Math.round((energy - 32_549) * 100),
    },
  },
  open: talker((number) => {
    const { energy_export, energy_import, power_import, voltage_1 } = valuesOf(number);
    const data = [
      "0.0.0(00012345)",
      `1.8.0(${padded(energy_import, 6, 2)}*kWh)`,
      `2.8.0(${padded(energy_export, 6, 2)}*kWh)`,
      `1.7.0(${padded(power_import / 1_000, 3, 3)}*kW)`,
      `32.7.0(${padded(voltage_1, 3, 1)}*V)`,
      "!",
      "\u0003",
    ].join("\r\n");
    let sum = 0;
    for (const byte of Buffer.from(data)) sum ^= byte;
    const bytes = Buffer.from(`/SIM5\\2METER\r\n\r\n\u0002${data}${String.fromCharCode(sum)}`);
    return [{ bytes, checksumAt: bytes.length - 1 }];
  }),
};
