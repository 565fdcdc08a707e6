/** What an expression of a rule says of a device, and how often it failed. */

import { CelFailure } from "../../cel/failure.ts";
import { counted } from "../../core/counted.ts";
import { never } from "../alarms/alarm.ts";
import type { ExprCondition } from "./expr-condition.ts";
import type { ExprReadings } from "./expr-readings.ts";

/** Plain JSON. */
export interface ErrorState {
  readonly errors?: number;
  readonly error?: string;
  /** Where the line of the device stood at the last. */
  readonly errorAt?: number;
}

/** That an expression failed: how often, how at last and when. */
export interface Failure {
  readonly count: number;
  readonly error: string;
  readonly atMs: number;
}

export class ExprAnswer {
  readonly #condition: ExprCondition;
  readonly #readings: ExprReadings;
  #errorCount: number;
  #error: string | undefined;
  #errorMs: number;

  constructor(condition: ExprCondition, readings: ExprReadings, state: ErrorState = {}) {
    this.#condition = condition;
    this.#readings = readings;
    this.#errorCount = state.errors ?? 0;
    this.#error = state.error;
    this.#errorMs = state.errorAt ?? never;
  }

  /** Undefined while it never failed. */
  get failure(): Failure | undefined {
    const error = this.#error;
    return error === undefined
      ? undefined
      : { count: this.#errorCount, error, atMs: this.#errorMs };
  }

  /** Where the line stands at `atMs`; what holds (`was`) stays so until it is cleared. */
  at(atMs: number, was: boolean): boolean | undefined {
    const { fire, clear } = this.#condition;
    const readings = this.#readings.at(atMs);
    const fires = this.#heed(fire.judge(readings), atMs);
    if (clear === undefined || !was || fires === true) return fires;
    const clears = this.#heed(clear.judge(readings), atMs);
    return clears === undefined ? undefined : !clears;
  }

  /** One sentence each, for people; `answer` is the last one. */
  say(answer: string): readonly string[] {
    const values = Object.entries(this.#readings.m).map(
      ([metric, value]) => `${metric} is ${value}`,
    );
    const said = `${this.#condition.fire.text} is ${answer}; ${values.join(", ") || "no value counts"}`;
    if (this.#error === undefined) return [said];
    return [said, `failed ${counted(this.#errorCount, "time")}, last: ${this.#error}`];
  }

  toState(): ErrorState {
    return {
      ...(this.#errorCount > 0 && { errors: this.#errorCount }),
      ...(this.#error !== undefined && { error: this.#error }),
      ...(this.#errorMs !== never && { errorAt: this.#errorMs }),
    };
  }

  #heed(found: boolean | CelFailure, atMs: number): boolean | undefined {
    if (!(found instanceof CelFailure)) return found;
    if (found.isMissing) return undefined;
    this.#errorCount += 1;
    this.#errorMs = atMs;
    this.#error = `${found.problem}, at character ${found.column}`;
    return this.#condition.onError === "fire" ? true : undefined;
  }
}
