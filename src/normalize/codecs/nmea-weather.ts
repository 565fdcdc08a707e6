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
    ...windDirections(fields, 1),
    ...windSpeed(fields, { 5: "N", 7: "M" }),
  }),
  VWR: (fields) => boatWind(fields, "R"),
  VWT: (fields) => boatWind(fields, "T"),
  MDA: (fields) => ({
    ...pressure(fields),
    air_temperature: number(fields[5]),
    water_temperature: number(fields[7]),
    temperature_unit: word(fields[6]) ?? word(fields[8]) ?? word(fields[12]),
    relative_humidity: number(fields[9]),
    absolute_humidity: number(fields[10]),
    dew_point: number(fields[11]),
    ...windDirections(fields, 13),
    ...windSpeed(fields, { 17: "N", 19: "M" }),
  }),
  MTA: (fields) => ({ air_temperature: number(fields[1]), temperature_unit: word(fields[2]) }),
  MTW: (fields) => ({ water_temperature: number(fields[1]), temperature_unit: word(fields[2]) }),
  MMB: pressure,
  MHU: (fields) => ({
    relative_humidity: number(fields[1]),
    absolute_humidity: number(fields[2]),
    dew_point: number(fields[3]),
  }),
  DBT: (fields) => ({
    depth: number(fields[3]) ?? inMetres(fields[1]),
    depth_feet: number(fields[1]),
  }),
  DBS: (fields) => ({ depth_below_surface: number(fields[3]) ?? inMetres(fields[1]) }),
  DBK: (fields) => ({ depth_below_keel: number(fields[3]) ?? inMetres(fields[1]) }),
  VLW: (fields) => ({ distance_water: number(fields[1]), distance_water_trip: number(fields[3]) }),
  VPW: (fields) => ({ speed_upwind: number(fields[1]), speed_upwind_ms: number(fields[3]) }),
  VDR: (fields) => ({
    current_direction: number(fields[1]),
    current_direction_magnetic: number(fields[3]),
    current_speed: number(fields[5]),
  }),
  RPM: (fields) =>
    ifValid(fields[5] === "A", {
      turning: { E: "engine", S: "shaft" }[fields[1] ?? ""] ?? word(fields[1]),
      number: number(fields[2]),
      rotational_speed: number(fields[3]),
      propeller_pitch: number(fields[4]),
    }),
  RSA: (fields) => ({
    ...(fields[2] === "A" && { rudder_angle: number(fields[1]) }),
    ...(fields[4] === "A" && { rudder_angle_port: number(fields[3]) }),
  }),
  DPT: (fields) => ({ depth: number(fields[1]), depth_offset: number(fields[2]) }),
  VHW: (fields) => ({
    heading: number(fields[1]),
    heading_magnetic: number(fields[3]),
    water_speed: number(fields[5]),
    water_speed_kmh: number(fields[7]),
  }),
  XDR: (fields, read) => ({ transducers: transducers(fields, read) }),
};

/** Feet, where a sounder writes no metres. */
function inMetres(written: string | undefined): number | string | null {
  const feet = number(written);
  return typeof feet === "number" ? Math.round(feet * 304.8) / 1_000 : feet;
}

/** Against the bow, to starboard or to port. */
function boatWind(fields: Fields, reference: "R" | "T"): Meaning {
  return {
    wind_angle: sided(fields[1], fields[2]),
    wind_reference: reference,
    ...windSpeed(fields, { 3: "N", 5: "M", 7: "K" }),
  };
}

/** Two directions, of which letters say whether they are true or magnetic. */
function windDirections(fields: Fields, at: number): Meaning {
  const told = lettered(fields, { [at]: "T", [at + 2]: "M" });
  return {
    wind_direction: told.get("T") ?? null,
    wind_direction_magnetic: told.get("M") ?? null,
  };
}

/** Instruments tell one speed in up to three units, and many of them in one alone. */
function windSpeed(fields: Fields, places: Readonly<Record<number, string>>): Meaning {
  const told = lettered(fields, places);
  const unit = ["M", "N", "K"].find((letter) => told.has(letter)) ?? null;
  return { wind_speed: told.get(unit ?? "") ?? null, wind_unit: unit };
}

function pressure(fields: Fields): Meaning {
  const told = lettered(fields, { 1: "I", 3: "B" });
  const unit = ["B", "I"].find((letter) => told.has(letter)) ?? null;
  return { pressure: told.get(unit ?? "") ?? null, pressure_unit: unit };
}

/** Values by the letters behind them; by those that are usual at a place where none is written. */
function lettered(
  fields: Fields,
  places: Readonly<Record<number, string>>,
): ReadonlyMap<string, number | string> {
  const told = new Map<string, number | string>();
  for (const [place, usual] of Object.entries(places)) {
    const at = Number(place);
    const value = number(fields[at]);
    const letter = word(fields[at + 1])?.toUpperCase() ?? usual;
    if (value !== null && !told.has(letter)) told.set(letter, value);
  }
  return told;
}

/**
 * Four fields each: type, value, unit, name. Names that are numbers count within their type, so the type
 * stands in front: `C0`, `H0`. Those without a name are counted so, too.
 */
function transducers(fields: Fields, read: ReadLines): Meaning {
  const found: [string, unknown][] = [];
  const nameless = new Map<string, number>();
  for (let at = 1; at + 2 < fields.length; at += 4) {
    const type = word(fields[at]);
    const value = number(fields[at + 1]);
    const unit = word(fields[at + 2]);
    let name = fields[at + 3] ?? "";
    if (name === "") {
      const count = nameless.get(type ?? "") ?? 0;
      nameless.set(type ?? "", count + 1);
      name = String(count);
    }
    found.push([/^\d+$/.test(name) ? `${type ?? ""}${name}` : name, { type, value, unit }]);
  }
  return recordOf(found, read);
}
