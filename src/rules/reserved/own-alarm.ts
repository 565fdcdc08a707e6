/**
 * An alert of a rule that comes with the program, about a gateway or one of its devices: its state on
 * the line of gateway time, and what is said of it, with ids that any replay makes again.
 */
import type { Severity } from "../../core/alert.ts";
import { formatTime } from "../../core/event-codec.ts";
import { fnv1a64 } from "../../core/fnv1a.ts";
import { escapeToken } from "../../core/token.ts";
import { Alarm, never } from "../alarms/alarm.ts";
import type { AlarmState, LevelChange } from "../alarms/alarm-state.ts";
import type { Outbox } from "../words/outbox.ts";
import { episodeOf, type TransitionDraft } from "../words/transition.ts";

/** A rule as this room knows it: all of its levels share one time to come and one to go. */
export interface OwnRule {
  /** `sluicegate/…` */
  readonly id: string;
  /** From mild to severe. */
  readonly severities: readonly Severity[];
  readonly forMs: number;
  readonly keepMs: number;
}

/** What is said when something changes. */
export interface OwnWords {
  readonly summary: string;
  readonly value?: number | string;
}

/** Plain JSON. */
export interface OwnAlarmState {
  readonly alarm: AlarmState;
  readonly last?: TransitionDraft;
}

export type OwnEnd = "rule_removed" | "device_removed" | "gateway_removed";

export class OwnAlarm {
  readonly #rule: OwnRule;
  readonly #labels: Readonly<Record<string, string>>;
  readonly #outbox: Outbox;
  readonly #words: (change: LevelChange) => OwnWords;
  readonly #alarm: Alarm;
  #last: TransitionDraft | undefined;

  /** The values of the labels, in their order, are the identity of the alert. */
  constructor(
    rule: OwnRule,
    labels: Readonly<Record<string, string>>,
    outbox: Outbox,
    words: (change: LevelChange) => OwnWords,
    state?: OwnAlarmState,
  ) {
    this.#rule = rule;
    this.#labels = labels;
    this.#outbox = outbox;
    this.#words = words;
    this.#last = state?.last;
    const delays = { forMs: rule.severities.map(() => rule.forMs), keepMs: rule.keepMs };
    this.#alarm = new Alarm(delays, this, state?.alarm);
  }

  /** The last transition of the open episode. */
  get last(): TransitionDraft | undefined {
    return this.#last;
  }

  get previousStartMs(): number {
    return this.#alarm.previousStartMs;
  }

  /** Nothing is open, nor about to be. */
  get isIdle(): boolean {
    return this.#alarm.level < 0 && this.#alarm.breach < 0;
  }

  /** Nothing was ever open. */
  get isFresh(): boolean {
    return this.isIdle && this.#alarm.previousStartMs === never;
  }

  /** Later episodes begin behind `startedMs`. Only while nothing is open. */
  startBehind(startedMs: number): void {
    this.#alarm.forget(startedMs);
  }

  /**
   * At gateway time `tMs`, `level` is the highest that holds, -1 for none. Up to then it was as it is;
   * only where it is better now nobody knows since when, and that time counts for nothing.
   */
  turn(level: number, tMs: number): void {
    if (level < this.#alarm.breach) this.#alarm.skip(tMs);
    else this.#alarm.run(tMs);
    this.#alarm.turn(level);
    this.#alarm.run(tMs);
  }

  /** Up to gateway time `tMs` it was as it is. */
  pass(tMs: number): void {
    if (!this.isIdle) this.#alarm.run(tMs);
  }

  /** The clock of the gateway was set: time counts again from the next word on. */
  leaveLine(): void {
    this.#alarm.leaveLine();
  }

  /** Nobody judges it any more. */
  end(reason: OwnEnd, atMs: number): void {
    if (this.#last)
      this.#say("ended", reason, Math.max(atMs, Date.parse(this.#last.at)), this.#last);
    this.#last = undefined;
  }

  /** What is stored is the truth: an open episode ends when it is looked at next, unless it holds. */
  goOnBehind(stored: TransitionDraft): boolean {
    const startedMs = Date.parse(stored.started_at);
    if (this.#last && stored.state === "firing" && Date.parse(this.#last.started_at) <= startedMs) {
      const isKnown = this.#last.episode === stored.episode && stored.n <= this.#last.n;
      if (!isKnown) this.#last = stored;
      return true;
    }
    this.#last = undefined;
    this.#alarm.forget(startedMs);
    return false;
  }

  toState(): OwnAlarmState {
    return { alarm: this.#alarm.toState(), ...(this.#last && { last: this.#last }) };
  }

  report(change: LevelChange, atMs: number): void {
    if (change === "ended") this.#say("ended", "normal", atMs, this.#last);
    else this.#say("firing", change === "fired" ? "for_elapsed" : "level", atMs, this.#last);
    this.#last = change === "ended" ? undefined : this.#outbox.drafts.at(-1);
  }

  #say(
    state: "firing" | "ended",
    reason: string,
    atMs: number,
    before: TransitionDraft | undefined,
  ): void {
    const { id, severities } = this.#rule;
    const change = state === "ended" ? "ended" : before ? "level" : "fired";
    const { summary, value } = this.#words(change);
    const key = [...id.split("/"), ...Object.values(this.#labels)];
    const instance = fnv1a64(key.map(escapeToken).join("."));
    const startedAt = before?.started_at ?? formatTime(this.#alarm.startedMs);
    const episode = episodeOf(instance, startedAt);
    const n = (before?.n ?? 0) + 1;
    const at = formatTime(atMs);
    this.#outbox.put({
      schema: "alert.transition/1",
      id: `${episode}.${n}`,
      episode,
      n,
      instance,
      rule: id,
      rule_rev: "sluicegate",
      state,
      reason,
      severity: severities[this.#alarm.level] ?? before?.severity ?? "warning",
      stale: false,
      labels: this.#labels,
      annotations: { summary },
      ...(value !== undefined && { value }),
      started_at: startedAt,
      fired_at: before?.fired_at ?? at,
      ended_at: state === "ended" ? at : null,
      at,
    });
  }
}
