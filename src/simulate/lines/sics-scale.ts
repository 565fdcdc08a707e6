import { rounded } from "../behavior.ts";
import type { LineFamily } from "./line-family.ts";
import { talker } from "./talker.ts";

/** A hundredth of a gram more with each reading. */
function valuesOf(number: number) {
  return { weight: rounded((number % 600_000) / 100, 2), stable: number % 4 !== 0 };
}

export const sicsScale: LineFamily = {
  name: "scale-sics",
  about: "scale that sends weights by itself, lines of Mettler-Toledo's SICS; no checksum",
  settings: { baud: 9_600, dataBits: 8, parity: "none" },
  everyMs: 500,
  hasChecksum: false,
  told: {
    profile: "mettler-toledo/sics",
    values: valuesOf,
    counter: { metric: "weight", numberOf: (weight) => Math.round(weight * 100) },
  },
  open: talker((number) => {
    const { stable, weight } = valuesOf(number);
    const shown = weight.toFixed(2).padStart(10);
    return [{ bytes: Buffer.from(`S ${stable ? "S" : "D"} ${shown} g\r\n`) }];
  }),
};
