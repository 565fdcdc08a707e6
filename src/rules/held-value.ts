/**
 * The value of one metric between its samples: sampled, and held for `hold` at most.
 *
 * Three-valued: it counts (`known`), or it does not count because what came after it cannot be
 * judged or because it is too old; then it may also have been noticed as missing.
 */
import type { Measurement } from "../core/measurement.ts";
import { never } from "./alarm.ts";

/** A held value as plain JSON. */
export interface HeldState {
  readonly known: boolean;
  readonly missing: boolean;
  readonly value?: number | boolean | string;
  readonly unit?: string;
  readonly valueAt: number;
  readonly sampleAt?: number;
  readonly unknownAt: number;
}

export class HeldValue {
  /** How long a good sample counts; may be changed at any time. */
  holdMs: number;
  #known = false;
  #missing = false;
  #value: number | boolean | string | undefined;
  #unit: string | undefined;
  #valueMs: number;
  #sampleMs = never;
  #unknownMs: number;

  /** A number: no value yet, and one is missed from then on. */
  constructor(holdMs: number, from: number | HeldState) {
    this.holdMs = holdMs;
    if (typeof from === "number") {
      this.#valueMs = from;
      this.#unknownMs = from;
      return;
    }
    this.#known = from.known;
    this.#missing = from.missing;
    this.#value = from.value;
    this.#unit = from.unit;
    this.#valueMs = from.valueAt;
    this.#sampleMs = from.sampleAt ?? never;
    this.#unknownMs = from.unknownAt;
  }

  /** True while the value counts. */
  get known(): boolean {
    return this.#known;
  }

  /** True once it was noticed that no good sample came for `hold`. */
  get missing(): boolean {
    return this.#missing;
  }

  get value(): number | boolean | string | undefined {
    return this.#value;
  }

  get unit(): string | undefined {
    return this.#unit;
  }

  /** Time of the last good sample, or from when on one is missed. */
  get valueMs(): number {
    return this.#valueMs;
  }

  /** Until when the last good sample counts. */
  get untilMs(): number {
    return this.#valueMs + this.holdMs;
  }

  /** How far the last sample of any quality carries the line. */
  get reachMs(): number {
    return this.#sampleMs + this.holdMs;
  }

  /** Since when the value has not counted; only while it does not. */
  get unknownMs(): number {
    return this.#unknownMs;
  }

  /** A sample of any quality came. */
  meet(sampleMs: number): void {
    this.#sampleMs = sampleMs;
  }

  /** The sample is good: from now on it is the value. */
  take(sampleMs: number, { unit, value }: Measurement): void {
    this.#known = true;
    this.#missing = false;
    this.#value = value;
    this.#unit = unit;
    this.#valueMs = sampleMs;
  }

  /** Does not count from `atMs` on, until the next good sample. */
  doubt(atMs: number): void {
    if (this.#known) this.#unknownMs = atMs;
    this.#known = false;
  }

  /** No good sample came for `hold`. */
  miss(): void {
    this.#missing = true;
  }

  /** Whether one is missing is found out anew. */
  forgetMiss(): void {
    this.#missing = false;
  }

  /** Does not count since `unknownMs`; the next sample is missed from `fromMs` on. */
  leaveLine(fromMs: number, unknownMs: number): void {
    this.#known = false;
    this.#sampleMs = never;
    this.#unknownMs = unknownMs;
    this.#valueMs = fromMs;
  }

  /** The line is moved by `byMs`, and what is known goes with it. */
  leap(byMs: number): void {
    this.#valueMs += byMs;
    this.#sampleMs += byMs;
    this.#unknownMs += byMs;
  }

  toState(): HeldState {
    return {
      known: this.#known,
      missing: this.#missing,
      ...(this.#value !== undefined && { value: this.#value }),
      ...(this.#unit !== undefined && { unit: this.#unit }),
      valueAt: this.#valueMs,
      ...(this.#sampleMs !== never && { sampleAt: this.#sampleMs }),
      unknownAt: this.#unknownMs,
    };
  }
}
