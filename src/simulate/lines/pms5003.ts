import { checksumOf } from "../../core/checksums.ts";
import type { LineFamily } from "./line-family.ts";
import { talker } from "./talker.ts";

/** A particle more with each reading, up to what the frame holds. */
function valuesOf(number: number) {
  return {
    pm1: 5 + (number % 20),
    pm25: 8 + (number % 30),
    pm10: 9 + (number % 40),
    particles_03um: number % 65_536,
    particles_05um: 294,
    particles_1um: 54,
    particles_25um: 6,
    particles_5um: 2,
    particles_10um: 2,
  };
}

export const pms5003: LineFamily = {
  name: "pms5003",
  about: "particulate sensor PMS5003 of Plantower",
  settings: { baud: 9_600, dataBits: 8, parity: "none" },
  everyMs: 1_000,
  told: {
    profile: "plantower/pms",
    values: valuesOf,
    counter: { metric: "particles_03um", numberOf: (count) => count },
  },
  open: talker((number) => {
    const values = valuesOf(number);
    const mass = [values.pm1, values.pm25, values.pm10];
    const counts = [
      values.particles_03um,
      values.particles_05um,
      values.particles_1um,
      values.particles_25um,
      values.particles_5um,
      values.particles_10um,
    ];
    const bytes = Buffer.alloc(32);
    const words = [0x424d, 28, ...mass, ...mass, ...counts, 0x9700];
    for (const [at, word] of words.entries()) bytes.writeUInt16BE(word, at * 2);
    bytes.writeUInt16BE(checksumOf("sum", bytes.subarray(0, 30)), 30);
    return [{ bytes, checksumAt: 31 }];
  }),
};
