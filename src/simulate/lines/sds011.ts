import { checksumOf } from "../../core/checksums.ts";
import { rounded } from "../behavior.ts";
import type { LineFamily } from "./line-family.ts";
import { talker } from "./talker.ts";

/** A tenth of a microgram more with each reading, and from the beginning again. */
function valuesOf(number: number) {
  return { pm25: rounded((number % 300) / 10, 1), pm10: rounded((number % 19_000) / 10, 1) };
}

export const sds011: LineFamily = {
  name: "sds011",
  about: "particulate sensor SDS011 of Nova Fitness",
  settings: { baud: 9_600, dataBits: 8, parity: "none" },
  everyMs: 1_000,
  told: {
    profile: "nova/sds011",
    values: valuesOf,
    counter: { metric: "pm10", numberOf: (pm10) => Math.round(pm10 * 10) },
  },
  open: talker((number) => {
    const { pm10, pm25 } = valuesOf(number);
    const bytes = Buffer.from([0xaa, 0xc0, 0, 0, 0, 0, 0xa1, 0x60, 0, 0xab]);
    bytes.writeUInt16LE(Math.round(pm25 * 10), 2);
    bytes.writeUInt16LE(Math.round(pm10 * 10), 4);
    bytes[8] = checksumOf("sum", bytes.subarray(2, 8)) & 0xff;
    return [{ bytes, checksumAt: 8 }];
  }),
};
