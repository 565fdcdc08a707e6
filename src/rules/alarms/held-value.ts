/**
 * The value of one metric between its samples: sampled, and held for `hold` at most. A value of a
 * device that reports on change has no end of its own; it ends when the device is gone, and counts
 * again when that comes back.
 *
 * Three-valued: it counts (`known`), or it does not count because what came after it cannot be
 * judged or because it is too old; then it may also have been noticed as missing.
 */
import type { Measurement } from "../../core/measurement.ts";
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
  /** How long a sample counts; absent: until the device is gone. */
  readonly hold?: number;
  /** For how long nobody listened since the last good sample; absent for not at all. */
  readonly deaf?: number;
  /** Since when the device is gone; absent while it is not. */
  readonly goneAt?: number;
}

export class HeldValue {
  /** How long a good sample counts; may be changed at any time. Infinity: until the device is gone. */
  holdMs = Number.POSITIVE_INFINITY;
  #known = false;
  #missing = false;
  #value: number | boolean | string | undefined;
  #unit: string | undefined;
  #valueMs: number;
  #sampleMs = never;
  #unknownMs: number;
  #goneMs = Number.POSITIVE_INFINITY;
  #deafMs = 0;
  /** How long a sample counted when this was saved, by the rule as it was; until somebody asked. */
  #savedHoldMs: number | undefined;

  /** A number: no value yet, and one is missed from then on. */
  constructor(from: number | HeldState) {
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
    this.#goneMs = from.goneAt ?? Number.POSITIVE_INFINITY;
    this.#deafMs = from.deaf ?? 0;
    this.#savedHoldMs = from.hold ?? Number.POSITIVE_INFINITY;
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
    return Math.min(this.#valueMs + this.holdMs, Math.max(this.#valueMs, this.#goneMs));
  }

  /** When the next good sample is missed: it is too late, and would have been heard. */
  get missedMs(): number {
    return this.untilMs + this.#deafMs;
  }

  /** How far the last sample of any quality carries the line. */
  get reachMs(): number {
    return Math.min(this.#sampleMs + this.holdMs, Math.max(this.#sampleMs, this.#goneMs));
  }

  /** Since when the value has not counted; only while it does not. */
  get unknownMs(): number {
    return this.#unknownMs;
  }

  /** A sample of any quality came. */
  meet(sampleMs: number): void {
    this.#sampleMs = sampleMs;
  }

  /** Nobody listened for `deafMs` more. */
  overhear(deafMs: number): void {
    if (!this.#missing) this.#deafMs += deafMs;
  }

  /** Somebody listens again from `fromMs` on: the device has as long as a value counts to say one. */
  listenFrom(fromMs: number): void {
    if (!this.#missing) this.#deafMs = Math.max(this.#deafMs, fromMs - this.#valueMs);
  }

  /** The sample is good: from now on it is the value. */
  take(sampleMs: number, { unit, value }: Measurement): void {
    this.#known = true;
    this.#missing = false;
    this.#value = value;
    this.#unit = unit;
    this.#valueMs = sampleMs;
    this.#goneMs = Number.POSITIVE_INFINITY;
    this.#deafMs = 0;
  }

  /** The device is gone since `atMs`: a value without an end of its own ends there. */
  leave(atMs: number): void {
    if (this.holdMs === Number.POSITIVE_INFINITY) this.#goneMs = Math.min(this.#goneMs, atMs);
  }

  /** The device is back. True when its value counts again without a sample. */
  comeBack(): boolean {
    const counts = !this.#known && this.#value !== undefined && this.#unknownMs === this.#goneMs;
    this.#goneMs = Number.POSITIVE_INFINITY;
    if (!counts) return false;
    this.#known = true;
    this.#missing = false;
    return true;
  }

  /**
   * A sample counted for `lastMs`, or since it was saved for as long as that says. True when one that
   * was too old by that counts again, since it may be older now.
   */
  growOlder(lastMs: number): boolean {
    const beforeMs = this.#savedHoldMs ?? lastMs;
    this.#savedHoldMs = undefined;
    const wasTooOld = !this.#known && this.#unknownMs === this.#valueMs + beforeMs;
    if (!wasTooOld || this.#value === undefined || this.holdMs <= beforeMs) return false;
    this.#known = true;
    this.#missing = false;
    return true;
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
    this.#goneMs = Number.POSITIVE_INFINITY;
    this.#deafMs = 0;
  }

  /** The line is moved by `byMs`, and what is known goes with it. */
  leap(byMs: number): void {
    this.#valueMs += byMs;
    this.#sampleMs += byMs;
    this.#unknownMs += byMs;
    this.#goneMs += byMs;
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
      ...(Number.isFinite(this.holdMs) && { hold: this.holdMs }),
      ...(this.#deafMs > 0 && { deaf: this.#deafMs }),
      ...(Number.isFinite(this.#goneMs) && { goneAt: this.#goneMs }),
    };
  }
}
