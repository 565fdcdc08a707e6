/**
 * A zone of the IANA database, as far as the engine knows it: from the moment to the time on a wall
 * and back, with or without summer time.
 */
import type { EpochMs } from "./clock.ts";

const dayMs = 86_400_000;
/** Days whose offsets are kept at hand. */
const mostDays = 64;
const mostZones = 64;

const fields = {
  hourCycle: "h23",
  year: "numeric",
  month: "numeric",
  day: "numeric",
  hour: "numeric",
  minute: "numeric",
  second: "numeric",
  era: "short",
} as const;

export class NamedZone {
  readonly #format: Intl.DateTimeFormat;
  /** By day; undefined for a day near one on which the clocks are changed. */
  readonly #offsets = new Map<number, number | undefined>();

  private constructor(format: Intl.DateTimeFormat) {
    this.#format = format;
  }

  /** Undefined where there is no zone of this name. The same object for the same name: it is large. */
  static of(name: string): NamedZone | undefined {
    const known = zones.get(name);
    if (known) return known;
    try {
      const zone = new NamedZone(new Intl.DateTimeFormat("en-US", { ...fields, timeZone: name }));
      if (zones.size >= mostZones) zones.clear();
      zones.set(name, zone);
      return zone;
    } catch {
      return undefined;
    }
  }

  /** How far east of UTC it is at a moment, in ms: the wall shows the moment and this. */
  offsetAt(momentMs: EpochMs): number {
    return this.#offsetOfDay(Math.floor(momentMs / dayMs)) ?? this.#findOffset(momentMs);
  }

  /** The first moment after `fromMs`, up to `toMs`, at which it has another offset; `toMs` for none. */
  changeIn(fromMs: EpochMs, toMs: EpochMs): EpochMs {
    const offsetMs = this.offsetAt(fromMs);
    let sameMs = fromMs;
    let otherMs = toMs;
    while (otherMs - sameMs > 1) {
      const middleMs = Math.floor((sameMs + otherMs) / 2);
      if (this.offsetAt(middleMs) === offsetMs) sameMs = middleMs;
      else otherMs = middleMs;
    }
    return otherMs;
  }

  /**
   * The moment at which a wall shows `localMs`, the first where there are two. A time that is left
   * out is read as RFC 5545 says: with the offset before it.
   */
  momentOf(localMs: number): EpochMs {
    const offsetMs = this.#offsetOfDay(Math.floor(localMs / dayMs));
    if (offsetMs !== undefined) return localMs - offsetMs;
    const before = this.#findOffset(localMs - dayMs);
    const after = this.#findOffset(localMs + dayMs);
    const isLate = this.#findOffset(localMs - after) === after;
    const isEarly = this.#findOffset(localMs - before) === before;
    return isLate && !isEarly ? localMs - after : localMs - before;
  }

  /** The other moment at which a wall shows `localMs`; undefined where that comes once, or never. */
  secondMomentOf(localMs: number): EpochMs | undefined {
    if (this.#offsetOfDay(Math.floor(localMs / dayMs)) !== undefined) return undefined;
    const before = this.#findOffset(localMs - dayMs);
    const after = this.#findOffset(localMs + dayMs);
    if (before === after || this.#findOffset(localMs - before) !== before) return undefined;
    return this.#findOffset(localMs - after) === after ? localMs - after : undefined;
  }

  #offsetOfDay(day: number): number | undefined {
    if (this.#offsets.has(day)) return this.#offsets.get(day);
    if (this.#offsets.size >= mostDays) this.#offsets.clear();
    const offsets = [-1, 0, 1, 2].map((days) => this.#findOffset((day + days) * dayMs));
    const offset = offsets.every((one) => one === offsets[0]) ? offsets[0] : undefined;
    this.#offsets.set(day, offset);
    return offset;
  }

  #findOffset(momentMs: EpochMs): number {
    const part: Record<string, number> = {};
    const wholeMs = Math.floor(momentMs / 1_000) * 1_000;
    for (const { type, value } of this.#format.formatToParts(wholeMs)) part[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second) - wholeMs;
  }
}

const zones = new Map<string, NamedZone>();
