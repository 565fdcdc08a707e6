/** Alerts about the machine under a gateway, by what it says itself: room, disk, clock. */
import type { Origin, Status } from "../../core/event.ts";
import type { Outbox } from "../words/outbox.ts";
import type { TransitionDraft } from "../words/transition.ts";
import { BoxTrouble, type BoxTroubleKind, type BoxTroubleState } from "./box-trouble.ts";
import { ClockStepped, type ClockSteppedState } from "./clock-stepped.ts";
import type { OwnAlarm, OwnEnd } from "./own-alarm.ts";
import {
  diskRuleId,
  type ReservedRules,
  shippedRules,
  spaceRuleId,
  stepRuleId,
} from "./reserved-rules.ts";

const space: BoxTroubleKind = {
  ...{ id: spaceRuleId, begins: "space-low", ends: "space-eased" },
  isBad: "the volume of its buffer has little room left",
  isWell: "the volume of its buffer has room again",
};
const disk: BoxTroubleKind = {
  ...{ id: diskRuleId, begins: "disk-slow", ends: "disk-eased" },
  isBad: "its disk is slow, so that devices wait",
  isWell: "its disk is fast enough again",
};

/** Plain JSON; what is absent has nothing to remember. */
export interface BoxAlarmsState {
  readonly space?: BoxTroubleState;
  readonly disk?: BoxTroubleState;
  readonly clock?: ClockSteppedState;
}

export class BoxAlarms {
  readonly #rules: ReservedRules;
  readonly #space: BoxTrouble;
  readonly #disk: BoxTrouble;
  readonly #clock: ClockStepped;

  constructor(origin: Origin, rules: ReservedRules, outbox: Outbox, state: BoxAlarmsState = {}) {
    const { clockStepped, diskSlow, spaceLow } = shippedRules;
    this.#rules = rules;
    this.#space = new BoxTrouble(origin, space, rules.spaceLow ?? spaceLow, outbox, state.space);
    this.#disk = new BoxTrouble(origin, disk, rules.diskSlow ?? diskSlow, outbox, state.disk);
    this.#clock = new ClockStepped(origin, rules.clockStepped ?? clockStepped, outbox, state.clock);
  }

  get startedBeforeMs(): number {
    return Math.max(...this.#alarms.map(({ previousStartMs }) => previousStartMs));
  }

  /** A word of the gateway about itself. */
  hear(status: Status, tMs: number): void {
    const { clockStepped, diskSlow, spaceLow } = this.#rules;
    if (spaceLow) this.#space.hear(status, tMs);
    if (diskSlow) this.#disk.hear(status, tMs);
    if (clockStepped) this.#clock.hear(status, tMs);
  }

  pass(tMs: number): void {
    for (const alarm of this.#alarms) alarm.pass(tMs);
  }

  leaveLine(): void {
    for (const alarm of this.#alarms) alarm.leaveLine();
  }

  /** Those of rules that are switched off now. */
  endRemoved(tMs: number): void {
    const { clockStepped, diskSlow, spaceLow } = this.#rules;
    if (!spaceLow) this.#space.alarm.end("rule_removed", tMs);
    if (!diskSlow) this.#disk.alarm.end("rule_removed", tMs);
    if (!clockStepped) this.#clock.alarm.end("rule_removed", tMs);
  }

  endAll(reason: OwnEnd, atMs: number): void {
    for (const alarm of this.#alarms) alarm.end(reason, atMs);
  }

  *open(): Iterable<TransitionDraft> {
    for (const { last } of this.#alarms) if (last) yield last;
  }

  /** As of one alarm; undefined where it is none of these. */
  goOnBehind(stored: TransitionDraft): boolean | undefined {
    const at = [spaceRuleId, diskRuleId, stepRuleId].indexOf(stored.rule);
    return this.#alarms[at]?.goOnBehind(stored);
  }

  toState(): BoxAlarmsState | undefined {
    const state = {
      ...(!this.#space.alarm.isFresh && { space: this.#space.toState() }),
      ...(!this.#disk.alarm.isFresh && { disk: this.#disk.toState() }),
      ...(!this.#clock.isFresh && { clock: this.#clock.toState() }),
    };
    return Object.keys(state).length === 0 ? undefined : state;
  }

  get #alarms(): readonly OwnAlarm[] {
    return [this.#space.alarm, this.#disk.alarm, this.#clock.alarm];
  }
}
