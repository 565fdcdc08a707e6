/** A device that goes on sending values of which it, or its profile, says that they are bad. */
import type { Origin } from "../../core/event.ts";
import type { DeviceId } from "../../core/ids.ts";
import type { Measurement } from "../../core/measurement.ts";
import type { Outbox } from "../words/outbox.ts";
import type { DeviceAlarm } from "./device-alarms.ts";
import { OwnAlarm, type OwnAlarmState } from "./own-alarm.ts";
import { qualityRuleId, type SuspectRule } from "./reserved-rules.ts";

/** So many metrics are remembered by name. */
const maxNames = 16;

/** Plain JSON. */
export interface QualityBadState extends OwnAlarmState {
  /** Metrics whose last value was bad. */
  readonly bad: readonly string[];
}

export class QualityBad implements DeviceAlarm<QualityBadState> {
  readonly alarm: OwnAlarm;
  readonly #bad: Set<string>;

  constructor(
    { gateway, site }: Origin,
    device: DeviceId,
    { forMs, severity }: SuspectRule,
    outbox: Outbox,
    state?: QualityBadState,
  ) {
    this.#bad = new Set(state?.bad);
    this.alarm = new OwnAlarm(
      { id: qualityRuleId, severities: [severity], forMs, keepMs: 0 },
      { site, gateway, device },
      outbox,
      (change) => ({
        summary:
          change === "ended"
            ? `${device} sends good values again`
            : `${device} sends bad values: ${[...this.#bad].join(", ")}`,
      }),
      state,
    );
  }

  /** One message came at `receivedMs`: nothing between two of them proves anything. */
  judge(data: readonly Measurement[], receivedMs: number): void {
    for (const { name, quality } of data) {
      if (quality !== "bad") this.#bad.delete(name);
      else if (this.#bad.size < maxNames) this.#bad.add(name);
    }
    this.alarm.turn(this.#bad.size > 0 ? 0 : -1, receivedMs);
  }

  toState(): QualityBadState {
    return { ...this.alarm.toState(), bad: [...this.#bad] };
  }
}
