import { rounded } from "../behavior.ts";
import type { LineFamily } from "./line-family.ts";
import { nmeaSentence } from "./nmea-sentence.ts";
import { talker } from "./talker.ts";

/** The temperature tells the number: a hundredth of a degree more with each reading. */
function valuesOf(number: number) {
  return {
    wind_angle_relative: number % 360,
    wind_speed_relative: rounded(3 + 2 * Math.sin(number / 30), 1),
    temperature: rounded(-30 + (number % 10_000) / 100, 2),
    humidity: 48.2,
    pressure: 1_013.2,
  };
}

export const nmeaWind: LineFamily = {
  name: "nmea-wind",
  about: "wind mast, NMEA 0183: MWV, and air in XDR",
  settings: { baud: 4_800, dataBits: 8, parity: "none" },
  everyMs: 1_000,
  told: {
    profile: "nmea/wind-mast",
    values: valuesOf,
    counter: {
      metric: "temperature",
      numberOf: (temperature) => Math.round((temperature + 30) * 100),
    },
  },
  open: talker((number) => {
    const values = valuesOf(number);
    const { humidity, pressure, temperature } = values;
    return [
      nmeaSentence([
        "WIMWV",
        values.wind_angle_relative,
        "R",
        values.wind_speed_relative,
        "M",
        "A",
      ]),
      nmeaSentence([
        "WIXDR",
        "P",
        pressure,
        "H",
        0,
        "C",
        temperature,
        "C",
        0,
        "H",
        humidity,
        "P",
        0,
      ]),
    ];
  }),
};
