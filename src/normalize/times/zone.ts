/**
 * From the time on a wall to the moment, in a zone with or without summer time.
 *
 * An hour that comes twice is told apart by what is known besides: a device does not read backwards,
 * and nothing is measured after it was received. Where that leaves both, the moment is marked. An hour
 * that is left out is read as RFC 5545 says: with the offset before it.
 */
import type { EpochMs } from "../../core/clock.ts";

/** How far east of UTC a zone is: always so far, or by its name. */
export type Zone = number | NamedZone;

/** What tells the two passes of an hour apart. */
export interface Order {
  /** The latest time that the device has told so far. */
  readonly lastMs: EpochMs | undefined;
  /** Nothing is later: the time of receipt with the skew that is allowed. */
  readonly latestMs: EpochMs;
  /** Set where both passes may be meant. */
  uncertain: boolean;
}

/** Two passes of an hour are never further apart, and neither are two readings that follow. */
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Days whose offsets are kept at hand. */
const mostDays = 64;

/** The moment of a time on a wall in a zone. */
export function toMoment(localMs: number, zone: Zone, order?: Order): EpochMs {
  return typeof zone === "number" ? localMs - zone : zone.toMoment(localMs, order);
}

/** A zone of the IANA database, as far as the engine knows it. */
export class NamedZone {
  readonly #format: Intl.DateTimeFormat;
  /** By day of the wall; undefined for a day near one on which the clocks are changed. */
  readonly #offsets = new Map<number, number | undefined>();

  private constructor(format: Intl.DateTimeFormat) {
    this.#format = format;
  }

  /** Undefined where there is no zone of this name. */
  static of(name: string): NamedZone | undefined {
    try {
      return new NamedZone(
        new Intl.DateTimeFormat("en-US", {
          timeZone: name,
          hourCycle: "h23",
          year: "numeric",
          month: "numeric",
          day: "numeric",
          hour: "numeric",
          minute: "numeric",
          second: "numeric",
          era: "short",
        }),
      );
    } catch {
      return undefined;
    }
  }

  toMoment(localMs: number, order?: Order): EpochMs {
    const offsetMs = this.#offsetOfDay(Math.floor(localMs / dayMs));
    if (offsetMs !== undefined) return localMs - offsetMs;
    const before = this.#offsetAt(localMs - dayMs);
    const after = this.#offsetAt(localMs + dayMs);
    const early = localMs - before;
    const late = localMs - after;
    const isEarly = this.#offsetAt(early) === before;
    const isLate = this.#offsetAt(late) === after;
    if (isEarly && isLate && before !== after) return tellApart(early, late, order);
    return isLate ? late : early;
  }

  #offsetOfDay(day: number): number | undefined {
    if (this.#offsets.has(day)) return this.#offsets.get(day);
    if (this.#offsets.size >= mostDays) this.#offsets.clear();
    const offsets = [-1, 0, 1, 2].map((days) => this.#offsetAt((day + days) * dayMs));
    const offset = offsets.every((one) => one === offsets[0]) ? offsets[0] : undefined;
    this.#offsets.set(day, offset);
    return offset;
  }

  #offsetAt(momentMs: EpochMs): number {
    const part: Record<string, number> = {};
    const wholeMs = Math.floor(momentMs / 1_000) * 1_000;
    for (const { type, value } of this.#format.formatToParts(wholeMs)) part[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second) - wholeMs;
  }
}

function tellApart(early: EpochMs, late: EpochMs, order: Order | undefined): EpochMs {
  if (order === undefined) return early;
  if (late > order.latestMs) return early;
  const { lastMs } = order;
  if (lastMs !== undefined && lastMs > early && lastMs <= late) return late;
  if (lastMs !== undefined && lastMs <= early && early - lastMs < hourMs) return early;
  order.uncertain = true;
  return early;
}
