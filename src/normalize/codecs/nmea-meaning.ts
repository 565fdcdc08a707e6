/** What the fields of well-known sentences mean. What a talker marks as void has no value. */
import type { EpochMs } from "../../core/clock.ts";
import type { ReadLines } from "./lines.ts";
import { dateTimeOf, timeNear } from "./nmea-time.ts";
import { recordOf } from "./record-of.ts";

type Meaning = Readonly<Record<string, unknown>>;
type Fields = readonly string[];

/** Nothing for a sentence that is not known: its fields are reached by their numbers. */
export function meaningOf(
  sentence: string,
  fields: Fields,
  receivedMs: EpochMs,
  read: ReadLines,
): Meaning {
  switch (sentence) {
    case "RMC":
      return positionAndCourse(fields, receivedMs);
    case "GGA":
      return fix(fields, receivedMs);
    case "GLL":
      return ifValid(fields[6] === "A", {
        time: timeNear(fields[5], receivedMs),
        latitude: degrees(fields[1], fields[2]),
        longitude: degrees(fields[3], fields[4]),
      });
    case "VTG":
      return {
        course: number(fields[1]),
        course_magnetic: number(fields[3]),
        speed: number(fields[5]),
        speed_kmh: number(fields[7]),
      };
    case "MWV":
      return ifValid(fields[5] === "A", {
        wind_angle: number(fields[1]),
        wind_reference: word(fields[2]),
        wind_speed: number(fields[3]),
        wind_unit: word(fields[4]),
      });
    case "XDR":
      return { transducers: transducers(fields, read) };
    default:
      return {};
  }
}

function positionAndCourse(fields: Fields, receivedMs: EpochMs): Meaning {
  const valid = fields[2] === "A" && fields[12] !== "N";
  return {
    time: dateTimeOf(fields[9], fields[1], receivedMs),
    ...ifValid(valid, {
      latitude: degrees(fields[3], fields[4]),
      longitude: degrees(fields[5], fields[6]),
      speed: number(fields[7]),
      course: number(fields[8]),
    }),
  };
}

function fix(fields: Fields, receivedMs: EpochMs): Meaning {
  const quality = number(fields[6]);
  return {
    time: timeNear(fields[1], receivedMs),
    quality,
    satellites: number(fields[7]),
    ...ifValid(quality !== null && quality > 0, {
      latitude: degrees(fields[2], fields[3]),
      longitude: degrees(fields[4], fields[5]),
      hdop: number(fields[8]),
      altitude: number(fields[9]),
    }),
  };
}

/** `valid` and the values, or none of them. */
function ifValid(valid: boolean, values: Meaning): Meaning {
  if (valid) return { valid, ...values };
  return { valid, ...Object.fromEntries(Object.keys(values).map((name) => [name, null])) };
}

/** Four fields each: type, value, unit, name; counted where the name is missing. */
function transducers(fields: Fields, read: ReadLines): Meaning {
  const found: [string, unknown][] = [];
  for (let at = 1; at + 2 < fields.length; at += 4) {
    const type = word(fields[at]);
    const value = number(fields[at + 1]);
    const unit = word(fields[at + 2]);
    const name = fields[at + 3] ?? "";
    found.push([name === "" ? String((at - 1) / 4) : name, { type, value, unit }]);
  }
  return recordOf(found, read);
}

/** `4807.038,N` is 48 degrees and 7.038 minutes north. */
function degrees(written: string | undefined, side: string | undefined): number | null {
  const match = /^(\d{1,3})(\d{2}(?:\.\d*)?)$/.exec(written ?? "");
  const sign = { N: 1, S: -1, E: 1, W: -1 }[side ?? ""];
  if (match === null || sign === undefined) return null;
  const value = Number(match[1]) + Number(match[2]) / 60;
  const most = side === "N" || side === "S" ? 90 : 180;
  return value > most ? null : sign * (Math.round(value * 1e8) / 1e8);
}

function number(written: string | undefined): number | null {
  return written !== undefined && /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(written)
    ? Number(written)
    : null;
}

function word(written: string | undefined): string | null {
  return written === undefined || written === "" ? null : written;
}
