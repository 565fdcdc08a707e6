/**
 * Who did what is not allowed, and for how long it is shut out for that: a second, doubling with
 * each time up to a minute. After a quiet minute all is forgotten.
 */
import type { Clock } from "../../core/clock.ts";

const firstBlockMs = 1_000;
const longestBlockMs = 60_000;
const quietMs = 60_000;
/** Offenders remembered; beyond it the one heard of longest ago is forgotten. */
const maxOffenders = 1_024;

interface Offender {
  strikes: number;
  blockedUntilMs: number;
}

export class Strikes {
  readonly #clock: Clock;
  readonly #offenders = new Map<string, Offender>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Notes an offense. */
  strike(who: string): void {
    const nowMs = this.#clock.monotonicMs();
    const known = this.#known(who, nowMs);
    const strikes = (known?.strikes ?? 0) + 1;
    const blockMs = Math.min(longestBlockMs, firstBlockMs * 2 ** (strikes - 1));
    this.#offenders.delete(who);
    this.#offenders.set(who, { strikes, blockedUntilMs: nowMs + blockMs });
    for (const oldest of this.#offenders.keys()) {
      if (this.#offenders.size <= maxOffenders) break;
      this.#offenders.delete(oldest);
    }
  }

  isBlocked(who: string): boolean {
    const nowMs = this.#clock.monotonicMs();
    return (this.#known(who, nowMs)?.blockedUntilMs ?? 0) > nowMs;
  }

  #known(who: string, nowMs: number): Offender | undefined {
    const offender = this.#offenders.get(who);
    if (offender === undefined || nowMs <= offender.blockedUntilMs + quietMs) return offender;
    this.#offenders.delete(who);
    return undefined;
  }
}
