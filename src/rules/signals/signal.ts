/**
 * A signal: what a kind of condition makes of samples before it is compared with limits, such as how
 * fast a value changes. It knows nothing of alerts; `signal-watch.ts` judges what it gives.
 *
 * What a signal remembers is bounded, whatever comes, and all of it is in its state.
 */
import { isObject } from "../../core/is-object.ts";
import type { Measurement } from "../../core/measurement.ts";
import type { SignalCondition } from "../rule.ts";
import type { SaidValue } from "../watches/threshold-episode.ts";
import { AnomalySignal, type AnomalyState } from "./anomaly-signal.ts";
import { RateSignal, type RateState } from "./rate-signal.ts";
import { StuckSignal, type StuckState } from "./stuck-signal.ts";
import { WindowSignal, type WindowState } from "./window-signal.ts";

export interface Signal {
  /** Where on the device's line it changes without a sample; infinity for nowhere. */
  readonly dueMs: number;
  /** What transitions say in place of what is compared; absent: just that. */
  readonly said?: () => SaidValue;
  /** What it is by what it remembers, where limits of its own decide that; absent where others do. */
  readonly now?: Measurement["value"];
  /** How it came to what it is, one sentence for people; undefined before anything can be said. */
  readonly reason: string | undefined;
  /**
   * A sample newer than all before it, of a quality that the rule takes. `countedMs`: how long the one
   * before it counted. `isAlert`: the alert fires, is pending or is kept. Undefined: unknown.
   */
  take(
    sampleMs: number,
    sample: Measurement,
    countedMs: number,
    isAlert: boolean,
  ): Measurement | undefined;
  /** The line came to `dueMs`, and goes on to `reachMs`: what it is from there on, and `dueMs` is another. */
  pass(reachMs: number): Measurement | undefined;
  /** A good sample that is older than others; absent where only newer ones count. */
  takeLate?(sampleMs: number, sample: Measurement): void;
  /** The device is gone; absent where that changes nothing. */
  leave?(): void;
  /** The line begins anew with the next sample; nobody knows what was in between. */
  reset(): void;
  /** The line is moved by `byMs`. */
  leap(byMs: number): void;
  /** Another device took the place. */
  forget(): void;
  toState(): SavedSignal;
}

/** What a signal remembers, as plain JSON. */
export type SavedSignal = RateState | StuckState | AnomalyState | WindowState;

/** A new signal, or one that goes on where it was saved. To add a kind: a line here, and in `SavedSignal`. */
export function openSignal(condition: SignalCondition, saved?: SavedSignal): Signal {
  switch (condition.kind) {
    case "rate":
      return new RateSignal(condition, saved?.kind === "rate" ? saved : undefined);
    case "stuck":
      return new StuckSignal(condition, saved?.kind === "stuck" ? saved : undefined);
    case "anomaly":
      return new AnomalySignal(condition, saved?.kind === "anomaly" ? saved : undefined);
    case "window":
      return new WindowSignal(condition, saved?.kind === "window" ? saved : undefined);
  }
}

/** How a signal is made, and what its own limits are. */
export function signalKeyOf({ levels: _, metric: __, ...made }: SignalCondition): string {
  return JSON.stringify(made);
}

/** True where a signal is made as one was: what it remembers is of use, by other limits too. */
export function isMadeAs(key: string, saved: string): boolean {
  return key === saved || withoutLimits(key) === withoutLimits(saved);
}

function withoutLimits(key: string): string {
  const {
    longerThanMs: _,
    method,
    samples: __,
    ...made
  }: Record<string, unknown> = JSON.parse(key);
  return JSON.stringify(isObject(method) ? { ...made, method: { ...method, limit: 0 } } : made);
}
