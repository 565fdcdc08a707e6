/**
 * Where an axis of time has its ticks, and what they say, in any zone: whole hours and days by the wall
 * clock, also where the clocks are changed in between. The library's own reckoning is wrong there when
 * the zone of the machine changes its clocks as well. Pure.
 */
import { NamedZone } from "../../core/named-zone.ts";

const s = 1_000;
const min = 60 * s;
const h = 60 * min;
const d = 24 * h;

const steps = [
  ...[s, 2 * s, 5 * s, 10 * s, 15 * s, 30 * s],
  ...[min, 2 * min, 5 * min, 10 * min, 15 * min, 30 * min],
  ...[h, 2 * h, 3 * h, 6 * h, 12 * h],
  ...[d, 2 * d, 7 * d, 14 * d, 30 * d, 90 * d, 365 * d],
];

export interface TimeTick {
  readonly atMs: number;
  /** A second line is a date, or the offset where that is another than before. */
  readonly text: string;
}

/** Ticks from one moment to another, `mostTicks` at most. */
export function timeTicks(
  fromMs: number,
  toMs: number,
  mostTicks: number,
  zoneName: string,
): readonly TimeTick[] {
  const zone = NamedZone.of(zoneName) ?? NamedZone.of("UTC");
  if (!zone || !(toMs > fromMs)) return [];
  const stepMs = steps.find((step) => (toMs - fromMs) / step <= Math.max(1, mostTicks)) ?? 365 * d;
  const moments: number[] = [];
  let local = Math.floor((fromMs + zone.offsetAt(fromMs)) / stepMs) * stepMs;
  const lastLocal = toMs + Math.max(zone.offsetAt(toMs), zone.offsetAt(fromMs)) + h;
  for (; local <= lastLocal && moments.length < 200; local += stepMs) {
    const first = zone.momentOf(local);
    // What the wall shows twice is a tick twice; what it leaves out is none.
    for (const moment of [first, zone.secondMomentOf(local)])
      if (moment !== undefined && moment + zone.offsetAt(moment) === local) moments.push(moment);
  }
  const ticks = [...new Set(moments)].sort((a, b) => a - b);
  const shown = ticks.filter((ms) => ms >= fromMs && ms <= toMs);
  return shown.map((atMs, index) => ({
    atMs,
    text: tickText(atMs, shown[index - 1], stepMs, zone),
  }));
}

function tickText(
  atMs: number,
  beforeMs: number | undefined,
  stepMs: number,
  zone: NamedZone,
): string {
  const offset = zone.offsetAt(atMs);
  const wall = new Date(atMs + offset).toISOString();
  const date = dateText(atMs + offset);
  if (stepMs >= d) return date;
  const time = wall.slice(11, stepMs < min ? 19 : 16);
  if (beforeMs !== undefined && zone.offsetAt(beforeMs) !== offset)
    return `${time}\n${offsetText(offset)}`;
  const isNewDay = beforeMs === undefined || dateText(beforeMs + zone.offsetAt(beforeMs)) !== date;
  return isNewDay ? `${time}\n${date}` : time;
}

const dates = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });

function dateText(localMs: number): string {
  return dates.format(localMs);
}

/** `UTC+1`, `UTC+5:30`. */
function offsetText(offsetMs: number): string {
  const minutes = Math.abs(offsetMs) / min;
  const rest = minutes % 60;
  const sign = offsetMs < 0 ? "−" : "+";
  return `UTC${sign}${Math.floor(minutes / 60)}${rest === 0 ? "" : `:${rest}`}`;
}

/** The zone of the browser. */
export function ownZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
