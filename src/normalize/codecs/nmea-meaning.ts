/** What the fields of well-known sentences mean. What a talker marks as void has no value. */
import type { EpochMs } from "../../core/clock.ts";
import type { ReadLines } from "./lines.ts";
import {
  type Fields,
  ifValid,
  type Meaning,
  number,
  position,
  sided,
  word,
} from "./nmea-fields.ts";
import { dateTimeOf, timeNear, timeOfDate } from "./nmea-time.ts";
import { weatherSentences } from "./nmea-weather.ts";

type Reader = (fields: Fields, receivedMs: EpochMs) => Meaning;

/** A receiver that makes its position up says so in its mode, or in the quality of its fix. */
const simulator = "S";
const simulatorQuality = 8;

const navigationSentences: Readonly<Record<string, Reader>> = {
  RMC: positionAndCourse,
  GGA: fix,
  GLL: (fields, receivedMs) =>
    ifValid(fields[6] === "A" && fields[7] !== "N", {
      time: timeNear(fields[5], receivedMs),
      ...position(fields, 1),
    }),
  GNS: fixOfSeveral,
  VTG: track,
  ZDA: (fields) => ({ time: timeOfDate(fields.slice(2, 5), fields[1]) }),
  GSA: (fields) => ({
    fix: number(fields[2]),
    satellites: fields.slice(3, 15).filter((field) => field !== "").length,
    pdop: number(fields[15]),
    hdop: number(fields[16]),
    vdop: number(fields[17]),
  }),
  GSV: (fields) => ({ satellites_in_view: number(fields[3]) }),
  HDT: (fields) => ({ heading: number(fields[1]) }),
  THS: (fields) =>
    ifValid(fields[2] !== "V", {
      heading: number(fields[1]),
      ...madeUp(fields[2] === simulator),
    }),
  HDM: (fields) => ({ heading_magnetic: number(fields[1]) }),
  HDG: (fields) => ({
    heading_magnetic: number(fields[1]),
    deviation: sided(fields[2], fields[3]),
    variation: sided(fields[4], fields[5]),
  }),
  ROT: (fields) => ifValid(fields[2] === "A", { rate_of_turn: number(fields[1]) }),
};

function madeUp(isSimulated: boolean): Meaning {
  return isSimulated ? { simulated: true } : {};
}

/** Nothing for a sentence that is not known: its fields are reached by their numbers. */
export function meaningOf(
  sentence: string,
  fields: Fields,
  receivedMs: EpochMs,
  read: ReadLines,
): Meaning {
  if (Object.hasOwn(navigationSentences, sentence))
    return navigationSentences[sentence]?.(fields, receivedMs) ?? {};
  if (Object.hasOwn(weatherSentences, sentence))
    return weatherSentences[sentence]?.(fields, read) ?? {};
  return {};
}

/** The field behind the mode is the navigational status of NMEA 4.1; most receivers say V, for unknown. */
function positionAndCourse(fields: Fields, receivedMs: EpochMs): Meaning {
  const valid = fields[2] === "A" && fields[12] !== "N";
  return {
    time: dateTimeOf(fields[9], fields[1], receivedMs),
    ...ifValid(valid, {
      ...position(fields, 3),
      speed: number(fields[7]),
      course: number(fields[8]),
      variation: sided(fields[10], fields[11]),
      mode: word(fields[12]),
      ...madeUp(fields[12] === simulator),
    }),
  };
}

function fix(fields: Fields, receivedMs: EpochMs): Meaning {
  const quality = number(fields[6]);
  return {
    time: timeNear(fields[1], receivedMs),
    quality,
    satellites: number(fields[7]),
    ...ifValid(/^[1-9]$/.test(String(quality)), {
      ...position(fields, 2),
      hdop: number(fields[8]),
      altitude: number(fields[9]),
      geoid_separation: number(fields[11]),
      ...madeUp(quality === simulatorQuality),
    }),
  };
}

/** By several systems; of each a letter says what it gave, `N` nothing. */
function fixOfSeveral(fields: Fields, receivedMs: EpochMs): Meaning {
  const modes = fields[6] ?? "";
  return {
    time: timeNear(fields[1], receivedMs),
    satellites: number(fields[7]),
    ...ifValid(/[^N]/.test(modes), {
      ...position(fields, 2),
      mode: modes,
      hdop: number(fields[8]),
      altitude: number(fields[9]),
      geoid_separation: number(fields[10]),
      ...madeUp(modes.includes(simulator)),
    }),
  };
}

/**
 * Talkers of before 1996 have no letters behind the numbers. Receivers without a fix write zeros beside
 * the mode N.
 */
function track(fields: Fields): Meaning {
  const at = fields[2] === "T" || fields.length > 6 ? [1, 3, 5, 7] : [1, 2, 3, 4];
  const [course, course_magnetic, speed, speed_kmh] = at.map((place) => number(fields[place]));
  const values = { course, course_magnetic, speed, speed_kmh };
  return fields[9] === "N" ? ifValid(false, values) : values;
}
