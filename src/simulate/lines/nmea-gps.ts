import { rounded } from "../behavior.ts";
import type { LineFamily } from "./line-family.ts";
import { nmeaDate, nmeaDegrees, nmeaSentence, nmeaTime } from "./nmea-sentence.ts";
import { talker } from "./talker.ts";

/** A receiver on a machine that drives and climbs: reading n is at n tenths of a meter. */
function valuesOf(number: number) {
  return {
    latitude: rounded(52.5 + (number % 10_000) / 100_000, 5),
    longitude: rounded(-13.4 - (number % 10_000) / 100_000, 5),
    altitude: rounded((number % 90_000) / 10, 1),
    course: rounded((number * 7.3) % 360, 1),
    satellites: 5 + (number % 8),
  };
}

export const nmeaGps: LineFamily = {
  name: "nmea-gps",
  about: "GPS receiver, NMEA 0183: GGA, RMC and VTG",
  settings: { baud: 9_600, dataBits: 8, parity: "none" },
  everyMs: 1_000,
  told: {
    profile: "nmea/gps",
    values: valuesOf,
    counter: { metric: "altitude", numberOf: (altitude) => Math.round(altitude * 10) },
  },
  open: talker((number, { clock }) => {
    const { altitude, course, latitude, longitude, satellites } = valuesOf(number);
    const nowMs = clock.wallMs();
    const time = nmeaTime(nowMs);
    const place = [
      ...nmeaDegrees(latitude, 2, ["N", "S"]),
      ...nmeaDegrees(longitude, 3, ["E", "W"]),
    ];
    const speed = rounded((number % 400) / 10, 1);
    return [
      nmeaSentence(["GNGGA", time, ...place, 1, satellites, 0.9, altitude, "M", 45.2, "M", "", ""]),
      nmeaSentence([
        "GNRMC",
        time,
        "A",
        ...place,
        speed,
        course,
        nmeaDate(nowMs),
        "",
        "",
        "A",
        "V",
      ]),
      nmeaSentence([
        "GNVTG",
        course,
        "T",
        "",
        "M",
        speed,
        "N",
        rounded(speed * 1.852, 1),
        "K",
        "A",
      ]),
    ];
  }),
};
