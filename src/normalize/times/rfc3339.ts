/**
 * RFC 3339 times and their near relatives, read digit by digit: devices send them with every message,
 * and the language's own parser takes far more than any standard allows.
 */
import type { EpochMs } from "../../core/clock.ts";
import { digits, isDigit, localMs } from "./local-time.ts";
import { type Order, toMoment, type Zone } from "./zone.ts";

/** Longer texts are no times, however many digits their fraction has. */
const maxLength = 64;

/**
 * The moment of `2026-11-21T14:02:10.5Z`; digits behind the millisecond are dropped. What devices make
 * of the standard is taken, too: a space for the `T`, no seconds, a decimal comma, a zone of `+0100` or
 * `+01` or `UTC` with a space in front, and the basic form `20261121T140210Z`. A text without a zone is
 * of `zone`, and not a time where that is undefined. Undefined for anything else, such as the 30th of
 * February.
 */
export function parseRfc3339(
  text: string,
  zone: Zone | undefined,
  order?: Order,
): EpochMs | undefined {
  const length = text.length;
  if (length < 13 || length > maxLength) return undefined;
  const dash = text[4] === "-" ? 1 : 0;
  if (dash === 1 && text[7] !== "-") return undefined;
  const month = digits(text, 4 + dash, 6 + dash);
  const day = digits(text, 6 + 2 * dash, 8 + 2 * dash);
  let at = 8 + 2 * dash;
  const between = text.charCodeAt(at) | 0x20;
  if (between !== 0x74 && between !== 0x20) return undefined;
  const hour = digits(text, at + 1, at + 3);
  at += 3;
  const colon = text[at] === ":" ? 1 : 0;
  if (colon !== dash) return undefined;
  const minute = digits(text, at + colon, at + colon + 2);
  at += colon + 2;
  let second = 0;
  let ms = 0;
  if (colon === 1 ? text[at] === ":" : isDigit(text, at)) {
    second = digits(text, at + colon, at + colon + 2);
    at += colon + 2;
    if (text[at] === "." || text[at] === ",") {
      const start = at + 1;
      at = start;
      while (at < length && isDigit(text, at)) at += 1;
      if (at === start) return undefined;
      for (let place = 0; place < 3; place += 1)
        ms = ms * 10 + (start + place < at ? text.charCodeAt(start + place) - 48 : 0);
    }
  }
  const local = localMs(digits(text, 0, 4), month, day, hour, minute, second, ms);
  if (local === undefined) return undefined;
  if (at === length) return zone === undefined ? undefined : toMoment(local, zone, order);
  const offsetMs = parseZone(text, text[at] === " " ? at + 1 : at);
  return offsetMs === undefined ? undefined : local - offsetMs;
}

/**
 * How far east of UTC `Z`, `UTC`, `+02:00`, `-0330` or `+02`, from `at` to the end, is; undefined for
 * other text.
 */
export function parseZone(text: string, at = 0): number | undefined {
  const sign = text[at];
  if ((sign === "Z" || sign === "z") && text.length === at + 1) return 0;
  if (text.length === at + 3 && (text.startsWith("UTC", at) || text.startsWith("GMT", at)))
    return 0;
  if (sign !== "+" && sign !== "-") return undefined;
  const hours = digits(text, at + 1, at + 3);
  let minutes = 0;
  if (text.length !== at + 3) {
    const colon = text[at + 3] === ":" ? 1 : 0;
    if (text.length !== at + 5 + colon) return undefined;
    minutes = digits(text, at + 3 + colon, at + 5 + colon);
  }
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return undefined;
  return (sign === "-" ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
