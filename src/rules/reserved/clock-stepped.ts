/**
 * The clock of a gateway was set while it knew the time: what it stored before and behind that moment
 * does not lie on one line. A clock that was never set yet is set once at each start of a box without a
 * battery, and that is no trouble.
 */
import type { Origin, Status } from "../../core/event.ts";
import type { Outbox } from "../words/outbox.ts";
import type { GatewayAlert } from "./gateway-alert.ts";
import { OwnAlarm, type OwnAlarmState } from "./own-alarm.ts";
import { type StepRule, stepRuleId } from "./reserved-rules.ts";

/** Plain JSON. */
export interface ClockSteppedState extends OwnAlarmState {
  /** In the open episode. */
  readonly steps: number;
  readonly text: string;
  /** It said that it does not know the time. */
  readonly isUnset: boolean;
}

export class ClockStepped implements GatewayAlert {
  readonly alarm: OwnAlarm;
  #steps: number;
  #text: string;
  #isUnset: boolean;

  constructor(
    { gateway, site }: Origin,
    { calmMs, severity }: StepRule,
    outbox: Outbox,
    state?: ClockSteppedState,
  ) {
    this.#steps = state?.steps ?? 0;
    this.#text = state?.text ?? "";
    this.#isUnset = state?.isUnset ?? false;
    this.alarm = new OwnAlarm(
      { id: stepRuleId, severities: [severity], forMs: 0, keepMs: calmMs },
      { site, gateway },
      outbox,
      (change) => ({
        summary:
          change === "ended"
            ? `the clock of gateway ${gateway} of ${site} was not set any more`
            : `gateway ${gateway} of ${site}: ${this.#text}`,
        value: this.#steps,
      }),
      state,
    );
  }

  /** Nothing is to be remembered. */
  get isFresh(): boolean {
    return this.alarm.isFresh && !this.#isUnset;
  }

  hear({ cause, text = "" }: Status, tMs: number): void {
    if (cause === "gateway-started" || cause === "clock-set") this.#isUnset = false;
    else if (cause === "clock-unset") this.#isUnset = true;
    else if (cause === "clock-stepped") this.#step(text, tMs);
  }

  pass(tMs: number): void {
    this.alarm.pass(tMs);
  }

  toState(): ClockSteppedState {
    return {
      ...this.alarm.toState(),
      ...{ steps: this.#steps, text: this.#text, isUnset: this.#isUnset },
    };
  }

  #step(text: string, tMs: number): void {
    if (this.#isUnset) {
      this.#isUnset = false;
      return;
    }
    this.alarm.pass(tMs);
    if (this.alarm.isIdle) this.#steps = 0;
    this.#steps += 1;
    this.#text = text;
    this.alarm.turn(0, tMs);
    this.alarm.turn(-1, tMs);
  }
}
