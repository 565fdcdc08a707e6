/** Records that a gateway had, and that are gone for good: it says so itself. */
import type { Gap, Origin } from "../../core/event.ts";
import type { Outbox } from "../words/outbox.ts";
import type { GatewayAlert } from "./gateway-alert.ts";
import { OwnAlarm, type OwnAlarmState } from "./own-alarm.ts";
import { type LossRule, lossRuleId } from "./reserved-rules.ts";

/** Plain JSON. */
export interface DataLostState extends OwnAlarmState {
  /** Records lost in the open episode. */
  readonly lost: number;
  readonly reason: string;
}

export class DataLost implements GatewayAlert {
  readonly #alarm: OwnAlarm;
  #lost: number;
  #reason: string;

  constructor(origin: Origin, rule: LossRule, outbox: Outbox, state?: DataLostState) {
    this.#lost = state?.lost ?? 0;
    this.#reason = state?.reason ?? "";
    const { gateway, site } = origin;
    this.#alarm = new OwnAlarm(
      { id: lossRuleId, severities: ["warning", rule.severity], forMs: 0, keepMs: rule.calmMs },
      { site, gateway },
      outbox,
      (change) => ({
        summary:
          change === "ended"
            ? `gateway ${gateway} of ${site} lost nothing more; ${this.#lost} records are gone`
            : `gateway ${gateway} of ${site} lost ${this.#lost} records for good (${this.#reason})`,
        value: this.#lost,
      }),
      state,
    );
  }

  get alarm(): OwnAlarm {
    return this.#alarm;
  }

  /** What nobody could read is no reading; all else that is gone is worse. */
  hear({ ranges }: Gap, tMs: number): void {
    const [first] = ranges;
    if (!first) return;
    this.#alarm.pass(tMs);
    if (this.#alarm.isIdle) this.#lost = 0;
    for (const { count } of ranges) this.#lost += count;
    this.#reason = first.reason;
    this.#alarm.turn(ranges.every((range) => range.class === "rejection") ? 0 : 1, tMs);
    this.#alarm.turn(-1, tMs);
  }

  pass(tMs: number): void {
    this.#alarm.pass(tMs);
  }

  toState(): DataLostState {
    return { ...this.#alarm.toState(), lost: this.#lost, reason: this.#reason };
  }
}
