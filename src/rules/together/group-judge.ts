/** The alert of many devices together: a window is judged at the end of each of its panes. */
import type { EpochMs } from "../../core/clock.ts";
import type { RuleDevice } from "../rule-device.ts";
import type { NamedRule } from "../rule-set.ts";
import { signalKeyOf } from "../signals/signal.ts";
import type { WindowCondition } from "../signals/window-signal.ts";
import { type ThresholdState, ThresholdWatch } from "../watches/threshold-watch.ts";
import type { Outbox } from "../words/outbox.ts";
import { endUnjudged, type TransitionDraft } from "../words/transition.ts";
import { GroupWindow, type GroupWindowState } from "./group-window.ts";
import type { SealedPane } from "./sealed-pane.ts";

/** Why an episode of a group ends without a word of its samples. */
export type GroupEnd = "device_removed" | "gateway_removed" | "rule_removed" | "rule_changed";

/** Plain JSON. */
export interface GroupJudgeState {
  readonly window: GroupWindowState;
  readonly judged: ThresholdState;
}

/** What is made of samples by a rule: while that is the same, its panes are of use. */
export function madeBy({ holdMs, quality }: NamedRule, condition: WindowCondition): string {
  return JSON.stringify([signalKeyOf(condition), condition.metric, quality, holdMs]);
}

export class GroupJudge {
  readonly rule: NamedRule;
  readonly #condition: WindowCondition;
  readonly #whole: RuleDevice;
  readonly #outbox: Outbox;
  readonly #window: GroupWindow;
  #judged: ThresholdWatch;

  /** `whole` stands for all of the devices. `from`: since when a value is missed. */
  constructor(
    rule: NamedRule,
    condition: WindowCondition,
    whole: RuleDevice,
    outbox: Outbox,
    from: EpochMs | GroupJudgeState,
    goesOn: boolean,
  ) {
    const state = typeof from === "number" ? undefined : from;
    // What is known of a window counts until the end of its next pane.
    this.rule = { ...rule, holdMs: undefined };
    this.#condition = condition;
    this.#whole = whole;
    this.#outbox = outbox;
    this.#window = new GroupWindow(condition, goesOn ? state?.window : undefined);
    this.#judged = this.#judge(state?.judged ?? (typeof from === "number" ? from : 0));
    const { atMs } = this.#judged.alarm;
    if (state && !goesOn && Number.isFinite(atMs)) this.#doubt(atMs);
  }

  get last(): TransitionDraft | undefined {
    return this.#judged.last;
  }

  get watch(): ThresholdWatch {
    return this.#judged;
  }

  take(pane: SealedPane): void {
    const atMs = pane.startMs + this.#condition.everyMs;
    const value = this.#window.take(pane);
    if (value) this.#judged.judge(atMs, value, atMs, true);
    else this.#doubt(atMs);
  }

  /** Every pane that is over at `reachMs` was taken. */
  advance(reachMs: EpochMs): void {
    this.#judged.advance(reachMs);
  }

  /** The line begins anew: what is known is of before. */
  reset(fromMs: EpochMs, unknownMs: EpochMs): void {
    this.#judged.reset(fromMs, unknownMs);
    this.#window.reset();
  }

  /** The group is gone: what fires ends, and episodes to come begin later. */
  end(reason: GroupEnd, atMs: EpochMs): void {
    const { alarm, last } = this.#judged;
    if (last) this.#outbox.put(endUnjudged(last, reason, atMs));
    const { previousStartMs } = alarm;
    this.#judged = this.#judge(atMs);
    this.#judged.alarm.forget(previousStartMs);
    this.#window.reset();
  }

  goOnBehind(stored: TransitionDraft): boolean {
    return this.#judged.goOnBehind(stored);
  }

  toState(): GroupJudgeState {
    return { window: this.#window.toState(), judged: this.#judged.toState() };
  }

  #judge(from: EpochMs | ThresholdState): ThresholdWatch {
    return new ThresholdWatch(this.rule, this.#condition, this.#whole, this.#outbox, from);
  }

  #doubt(atMs: EpochMs): void {
    this.#judged.replace(atMs);
    this.#judged.leave(atMs);
  }
}
