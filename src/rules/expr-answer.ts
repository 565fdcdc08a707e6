/** What an expression of a rule says of a device, and how often it failed. */
import { CelFailure } from "../cel/failure.ts";
import type { ExprCondition } from "./expr-condition.ts";
import type { ExprReadings } from "./expr-readings.ts";

/** Plain JSON. */
export interface ErrorState {
  readonly errors?: number;
  readonly error?: string;
}

export class ExprAnswer {
  readonly #condition: ExprCondition;
  readonly #readings: ExprReadings;
  #errorCount: number;
  #error: string | undefined;

  constructor(condition: ExprCondition, readings: ExprReadings, state: ErrorState = {}) {
    this.#condition = condition;
    this.#readings = readings;
    this.#errorCount = state.errors ?? 0;
    this.#error = state.error;
  }

  /** Where the line stands at `atMs`; what holds (`was`) stays so until it is cleared. */
  at(atMs: number, was: boolean): boolean | undefined {
    const { fire, clear } = this.#condition;
    const readings = this.#readings.at(atMs);
    const fires = this.#heed(fire.judge(readings));
    if (clear === undefined || !was || fires === true) return fires;
    const clears = this.#heed(clear.judge(readings));
    return clears === undefined ? undefined : !clears;
  }

  /** One sentence each, for people; `answer` is the last one. */
  say(answer: string): readonly string[] {
    const values = Object.entries(this.#readings.m).map(
      ([metric, value]) => `${metric} is ${value}`,
    );
    const said = `${this.#condition.fire.text} is ${answer}; ${values.join(", ") || "no value counts"}`;
    if (this.#error === undefined) return [said];
    return [said, `failed ${this.#errorCount} times, last: ${this.#error}`];
  }

  toState(): ErrorState {
    return {
      ...(this.#errorCount > 0 && { errors: this.#errorCount }),
      ...(this.#error !== undefined && { error: this.#error }),
    };
  }

  #heed(found: boolean | CelFailure): boolean | undefined {
    if (!(found instanceof CelFailure)) return found;
    if (found.isMissing) return undefined;
    this.#errorCount += 1;
    this.#error = `${found.problem}, at character ${found.column}`;
    return this.#condition.onError === "fire" ? true : undefined;
  }
}
