import { checksumOf } from "../../core/checksums.ts";
import { rounded } from "../behavior.ts";
import type { LineFamily, LineFrame } from "./line-family.ts";
import { padded, powerAt, voltageAt } from "./quantities.ts";
import { talker } from "./talker.ts";

/** A watt-hour more with each reading. */
function valuesOf(number: number) {
  return {
    energy_import_tariff_1: rounded(2_000 + number / 1_000, 3),
    energy_import_tariff_2: 1_435.706,
    power_import: powerAt(number),
    voltage_1: voltageAt(number),
    current_1: Math.round(powerAt(number) / 230),
  };
}

export const dsmrMeter: LineFamily = {
  name: "dsmr",
  about: "Dutch smart meter with gas at its P1 port, DSMR 5",
  settings: { baud: 115_200, dataBits: 8, parity: "none" },
  everyMs: 1_000,
  told: {
    profile: "dsmr/p1",
    values: valuesOf,
    counter: {
      metric: "energy_import_tariff_1",
      numberOf: (energy) => Math.round((energy - 2_000) * 1_000),
    },
  },
  open: talker((number, { clock }) => {
    const values = valuesOf(number);
    const nowMs = clock.wallMs();
    const gasMs = Math.floor(nowMs / 300_000) * 300_000;
    return [
      telegram([
        "/ISK5\\2M550T-1012",
        "",
        "1-3:0.2.8(50)",
        `0-0:1.0.0(${dsmrTime(nowMs)})`,
        "0-0:96.1.1(4530303434303037333832323436303139)",
        `1-0:1.8.1(${padded(values.energy_import_tariff_1, 6, 3)}*kWh)`,
        `1-0:1.8.2(${padded(values.energy_import_tariff_2, 6, 3)}*kWh)`,
        "0-0:96.14.0(0001)",
        `1-0:1.7.0(${padded(values.power_import / 1_000, 2, 3)}*kW)`,
        "0-0:96.13.0()",
        `1-0:32.7.0(${padded(values.voltage_1, 3, 1)}*V)`,
        `1-0:31.7.0(${String(values.current_1).padStart(3, "0")}*A)`,
        "0-1:24.1.0(003)",
        "0-1:96.1.0(4730303339303031393336393930363139)",
        `0-1:24.2.1(${dsmrTime(gasMs)})(${padded((gasMs / 300_000) % 90_000, 5, 3)}*m3)`,
        "!",
      ]),
    ];
  }),
};

function telegram(lines: readonly string[]): LineFrame {
  const body = lines.join("\r\n");
  const sum = checksumOf("crc16-arc", Buffer.from(body)).toString(16).toUpperCase();
  return { bytes: Buffer.from(`${body}${sum.padStart(4, "0")}\r\n`), checksumAt: body.length };
}

/** In winter time all year round, which the letter says. */
function dsmrTime(ms: number): string {
  return `${new Date(ms + 3_600_000).toISOString().slice(2, 19).replace(/[-:T]/g, "")}W`;
}
