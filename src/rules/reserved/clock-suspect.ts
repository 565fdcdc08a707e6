/** A device whose clock cannot be believed: what it says of the time is replaced or passed over. */
import type { Origin } from "../../core/event.ts";
import type { DeviceId } from "../../core/ids.ts";
import type { Outbox } from "../words/outbox.ts";
import type { DeviceAlarm } from "./device-alarms.ts";
import { OwnAlarm, type OwnAlarmState } from "./own-alarm.ts";
import { clockRuleId, type SuspectRule } from "./reserved-rules.ts";

export class ClockSuspect implements DeviceAlarm<OwnAlarmState> {
  readonly alarm: OwnAlarm;

  constructor(
    { gateway, site }: Origin,
    device: DeviceId,
    { forMs, severity }: SuspectRule,
    outbox: Outbox,
    state?: OwnAlarmState,
  ) {
    this.alarm = new OwnAlarm(
      { id: clockRuleId, severities: [severity], forMs, keepMs: 0 },
      { site, gateway, device },
      outbox,
      (change) => ({
        summary:
          change === "ended"
            ? `the clock of ${device} can be believed again`
            : `the clock of ${device} is wrong; its readings bear the time at which they came`,
      }),
      state,
    );
  }

  /** One message came at `receivedMs`: nothing between two of them proves anything. */
  judge(isSuspect: boolean, receivedMs: number): void {
    this.alarm.turn(isSuspect ? 0 : -1, receivedMs);
  }

  toState(): OwnAlarmState {
    return this.alarm.toState();
  }
}
