import { systemClock } from "../app/system-clock.ts";
import type { EpochMs } from "../core/clock.ts";
import { parseDuration } from "../core/duration.ts";
import { GatewayError } from "../core/errors.ts";

const clockPattern = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/;
const withZone = /(?:Z|[+-]\d{2}:?\d{2})$/i;
const dayMs = 86_400_000;

/**
 * The moment that a person names: how long ago (`2h`), a time with its zone, or the time of day when it
 * was `14:02` last, in UTC as all times are printed. A time without a zone is refused: nobody knows
 * whose it is.
 */
export function timeFlag(flag: string, text: string): EpochMs {
  const nowMs = systemClock.wallMs();
  if (text === "now") return nowMs;
  const agoMs = parseDuration(text);
  if (agoMs !== undefined) return nowMs - agoMs;
  const clock = clockPattern.exec(text);
  if (clock) {
    const [, hours, minutes, seconds = "0"] = clock;
    const ofDayMs = (Number(hours) * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1_000;
    const today = nowMs - (nowMs % dayMs) + ofDayMs;
    return today <= nowMs ? today : today - dayMs;
  }
  const ms = /^\d{4}-/.test(text) ? Date.parse(text) : Number.NaN;
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  if (Number.isFinite(ms) && (isDay || withZone.test(text))) return ms;
  const hint = Number.isFinite(ms)
    ? `say in which zone: ${text}Z for UTC`
    : "write 2h, 3d, 14:02 (UTC) or 2026-11-21T14:00:00Z";
  throw new GatewayError("usage", `${flag} ${text} is no time; ${hint}`);
}
