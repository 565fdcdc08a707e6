/** Sentences of wind, air, water and transducers. */
import type { ReadLines } from "./lines.ts";
import { type Fields, ifValid, type Meaning, number, sided, word } from "./nmea-fields.ts";
import { recordOf } from "./record-of.ts";

type Reader = (fields: Fields, read: ReadLines) => Meaning;

export const weatherSentences: Readonly<Record<string, Reader>> = {
  MWV: (fields) =>
    ifValid(fields[5] === "A", {
      wind_angle: number(fields[1]),
      wind_reference: word(fields[2]),
      wind_speed: number(fields[3]),
      wind_unit: word(fields[4]),
    }),
  MWD: (fields) => ({
    wind_direction: number(fields[1]),
    wind_direction_magnetic: number(fields[3]),
    wind_speed_knots: number(fields[5]),
    wind_speed: number(fields[7]),
  }),
  VWR: (fields) => ({
    wind_angle: sided(fields[1], fields[2]),
    wind_reference: "R",
    wind_speed_knots: number(fields[3]),
    wind_speed: number(fields[5]),
    wind_speed_kmh: number(fields[7]),
  }),
  MDA: (fields) => ({
    pressure_inches: number(fields[1]),
    pressure_bars: number(fields[3]),
    air_temperature: number(fields[5]),
    water_temperature: number(fields[7]),
    relative_humidity: number(fields[9]),
    absolute_humidity: number(fields[10]),
    dew_point: number(fields[11]),
    wind_direction: number(fields[13]),
    wind_direction_magnetic: number(fields[15]),
    wind_speed_knots: number(fields[17]),
    wind_speed: number(fields[19]),
  }),
  MTA: (fields) => ({ air_temperature: number(fields[1]) }),
  MTW: (fields) => ({ water_temperature: number(fields[1]), temperature_unit: word(fields[2]) }),
  MMB: (fields) => ({ pressure_inches: number(fields[1]), pressure_bars: number(fields[3]) }),
  MHU: (fields) => ({
    relative_humidity: number(fields[1]),
    absolute_humidity: number(fields[2]),
    dew_point: number(fields[3]),
  }),
  DBT: (fields) => ({ depth: number(fields[3]), depth_feet: number(fields[1]) }),
  DPT: (fields) => ({ depth: number(fields[1]), depth_offset: number(fields[2]) }),
  VHW: (fields) => ({
    heading: number(fields[1]),
    heading_magnetic: number(fields[3]),
    water_speed: number(fields[5]),
    water_speed_kmh: number(fields[7]),
  }),
  XDR: (fields, read) => ({ transducers: transducers(fields, read) }),
};

/**
 * Four fields each: type, value, unit, name. Names that are numbers count within their type, so the type
 * stands in front: `C0`, `H0`. Where the name is missing, its place in the sentence serves.
 */
function transducers(fields: Fields, read: ReadLines): Meaning {
  const found: [string, unknown][] = [];
  for (let at = 1; at + 2 < fields.length; at += 4) {
    const type = word(fields[at]);
    const value = number(fields[at + 1]);
    const unit = word(fields[at + 2]);
    const name = fields[at + 3] ?? "";
    const key = name === "" ? String((at - 1) / 4) : name;
    found.push([/^\d+$/.test(name) ? `${type ?? ""}${name}` : key, { type, value, unit }]);
  }
  return recordOf(found, read);
}
