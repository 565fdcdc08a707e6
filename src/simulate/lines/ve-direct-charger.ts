import { checksumOf } from "../../core/checksums.ts";
import { rounded } from "../behavior.ts";
import type { LineFamily } from "./line-family.ts";
import { powerAt } from "./quantities.ts";
import { talker } from "./talker.ts";

/** Ten watt-hours more with each reading. */
function valuesOf(number: number) {
  return {
    voltage: rounded(26 + (number % 200) / 1_000, 3),
    current: rounded(powerAt(number) / 26 - 4, 3),
    pv_voltage: 41.56,
    pv_power: powerAt(number),
    state: 3,
    yield_total: rounded(104 + number / 100, 2),
  };
}

export const veDirectCharger: LineFamily = {
  name: "ve-direct",
  about: "solar charger of Victron, VE.Direct, with messages in hex in between",
  settings: { baud: 19_200, dataBits: 8, parity: "none" },
  everyMs: 1_000,
  told: {
    profile: "victron/ve-direct",
    values: valuesOf,
    counter: { metric: "yield_total", numberOf: (total) => Math.round((total - 104) * 100) },
  },
  open: talker((number) => {
    const values = valuesOf(number);
    const fields = [
      "PID\t0xA053",
      "FW\t159",
      `V\t${Math.round(values.voltage * 1_000)}`,
      `I\t${Math.round(values.current * 1_000)}`,
      `VPV\t${Math.round(values.pv_voltage * 1_000)}`,
      `PPV\t${values.pv_power}`,
      `CS\t${values.state}`,
      `H19\t${Math.round(values.yield_total * 100)}`,
      "H20\t35",
      "Checksum\t",
    ];
    const block = Buffer.from(fields.map((field) => `\r\n${field}`).join(""));
    const bytes = Buffer.concat([block, Buffer.from([checksumOf("lrc", block)])]);
    const frame = { bytes, checksumAt: block.length };
    // What chargers tell by themselves when a value has changed.
    return number % 5 === 0 ? [{ bytes: Buffer.from(":A0102000543\n") }, frame] : [frame];
  }),
};
