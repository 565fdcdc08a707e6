/** Sentences of NMEA 0183, as talkers write them. */
import type { LineFrame } from "./line-family.ts";

/** `$GPRMC,...*hh` with its line end. */
export function nmeaSentence(fields: readonly (string | number)[]): LineFrame {
  const body = fields.join(",");
  let sum = 0;
  for (let at = 0; at < body.length; at += 1) sum ^= body.charCodeAt(at);
  const digits = sum.toString(16).toUpperCase().padStart(2, "0");
  return { bytes: Buffer.from(`$${body}*${digits}\r\n`), checksumAt: body.length + 2 };
}

/** `hhmmss.ss` of a moment. */
export function nmeaTime(ms: number): string {
  return new Date(ms).toISOString().slice(11, 22).replaceAll(":", "");
}

/** `ddmmyy` of a moment. */
export function nmeaDate(ms: number): string {
  const [year = "", month = "", day = ""] = new Date(ms).toISOString().slice(2, 10).split("-");
  return `${day}${month}${year}`;
}

/** Degrees as `ddmm.mmmmmm`, with `digits` for the degrees, and the side. */
export function nmeaDegrees(
  value: number,
  digits: 2 | 3,
  [positive, negative]: readonly [string, string],
): readonly [string, string] {
  const millionths = Math.round(Math.abs(value) * 60e6);
  const degrees = Math.floor(millionths / 60e6);
  const minutes = ((millionths - degrees * 60e6) / 1e6).toFixed(6).padStart(9, "0");
  return [`${String(degrees).padStart(digits, "0")}${minutes}`, value < 0 ? negative : positive];
}
