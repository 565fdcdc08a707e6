/**
 * Watches whether a device still speaks, in gateway time: by when things were received, never by
 * what time they bear, so that a device which sends its backlog is alive. Time in which its gateway
 * did not listen does not count.
 *
 * Silence is found at watermarks only. Between two of them nobody knows whether the gateway itself
 * was away; a word that came before the next watermark proves life.
 */
import type { Alarm } from "../alarms/alarm.ts";
import type { AlarmDelays, AlarmState, LevelChange } from "../alarms/alarm-state.ts";
import { openAlarm } from "../alarms/scheduled-alarm.ts";
import type { AbsentCondition } from "../rule.ts";
import type { RuleDevice } from "../rule-device.ts";
import type { NamedRule } from "../rule-set.ts";
import { EpisodeLog } from "../words/episode-log.ts";
import { EpisodeMarks } from "../words/episode-marks.ts";
import type { Outbox } from "../words/outbox.ts";
import type { TransitionDraft } from "../words/transition.ts";

/** The state of a watch as plain JSON. */
export interface AbsenceState {
  readonly alarm: AlarmState;
  readonly alive: number;
  /** How long nobody listened since; absent for not at all. */
  readonly deaf?: number;
  /** By how long a silence it fires or is pending, ms; absent while it is neither. */
  readonly longer?: number;
  /** It is normal since the rule was edited, not by a word. */
  readonly edited?: boolean;
  readonly last?: TransitionDraft;
}

export class AbsenceWatch {
  readonly kind = "absent";
  readonly rule: NamedRule;
  /** Only samples with this metric prove life; undefined: any word does. */
  readonly of: string | undefined;
  readonly alarm: Alarm;
  readonly #condition: AbsentCondition;
  readonly #log: EpisodeLog;
  #aliveMs: number;
  #deafMs: number;
  #longerThanMs: number;
  readonly #marks: EpisodeMarks;

  /** `alive` is when the device was last heard, or first spoken of. */
  constructor(
    rule: NamedRule,
    condition: AbsentCondition,
    device: RuleDevice,
    outbox: Outbox,
    alive: number | AbsenceState,
  ) {
    const state = typeof alive === "number" ? undefined : alive;
    this.rule = rule;
    this.of = condition.of;
    this.#condition = condition;
    this.#longerThanMs = state?.longer ?? longerThanMs(condition, device);
    this.#log = new EpisodeLog(rule, device, outbox, state?.last);
    const delays: AlarmDelays = { forMs: [condition.forMs], keepMs: rule.keepFiringForMs };
    this.alarm = openAlarm(rule.times, delays, this, state?.alarm);
    this.#aliveMs = typeof alive === "number" ? alive : alive.alive;
    this.#deafMs = state?.deaf ?? 0;
    this.#marks = new EpisodeMarks(state);
  }

  /** When the device was last heard. */
  get aliveMs(): number {
    return this.#aliveMs;
  }

  /** Since when it is silent for too long, by a condition that holds; undefined while it is not. */
  get silentFromMs(): number | undefined {
    const { state } = this.alarm;
    return state === "pending" || state === "firing" ? this.alarm.startedMs : undefined;
  }

  /** The last transition of the open episode. */
  get last(): TransitionDraft | undefined {
    return this.#log.last;
  }

  /** At which gateway time something may change without a sample. */
  get dueMs(): number {
    return this.alarm.breach < 0 ? Math.min(this.alarm.dueMs, this.#silentMs) : this.alarm.dueMs;
  }

  /** The device is described anew, or the rule was edited: it may have to be silent for longer. */
  setDevice(device: RuleDevice): void {
    const beforeMs = this.#longerThanMs;
    this.#longerThanMs = longerThanMs(this.#condition, device);
    this.#log.setDevice(device);
    // What was found holds over a start of the gateway, whatever counts anew there.
    if (this.alarm.breach < 0 || this.#longerThanMs <= beforeMs) return;
    if (this.alarm.atMs >= this.#silentMs) return;
    this.#marks.isByEdit = this.last !== undefined && this.last.rule_rev !== this.rule.rev;
    this.alarm.turn(-1);
  }

  /** A word was received. What follows from it is made known at the next watermark. */
  hear(receivedMs: number): void {
    if (receivedMs > this.#aliveMs) this.#aliveMs = receivedMs;
    this.#deafMs = 0;
    if (this.alarm.breach < 0) return;
    this.alarm.skip(receivedMs);
    this.alarm.turn(-1);
  }

  /** Nobody listened for `deafMs` since the last watermark; `tMs` is the present one. */
  miss(deafMs: number, tMs: number): void {
    if (this.alarm.breach < 0)
      this.#deafMs = Math.max(0, Math.min(this.#deafMs + deafMs, tMs - this.#aliveMs));
    else if (this.alarm.level < 0) this.alarm.skip(Math.min(tMs, this.alarm.atMs + deafMs));
  }

  /** Somebody listens again from `fromMs` on: silence counts anew; what fires already goes on. */
  listenFrom(fromMs: number): void {
    this.#deafMs = Math.max(this.#deafMs, fromMs - this.#aliveMs);
    if (this.alarm.level >= 0) return;
    this.alarm.skip(fromMs);
    this.alarm.turn(-1);
  }

  /** Everything received up to `tMs` was heard. */
  advance(tMs: number): void {
    if (this.alarm.breach < 0) {
      const silentMs = this.#silentMs;
      this.alarm.run(Math.min(tMs, silentMs));
      if (tMs <= silentMs) return;
      this.alarm.skip(silentMs);
      this.alarm.turn(0);
      this.#marks.isByEdit = false;
    }
    this.alarm.run(tMs);
  }

  /** The clocks were set: silence counts anew from `tMs`; what fires already goes on. */
  reset(tMs: number): void {
    this.alarm.leaveLine();
    this.alarm.skip(tMs);
    this.#aliveMs = tMs;
    this.#deafMs = 0;
    if (this.alarm.level < 0) this.alarm.turn(-1);
  }

  /** The same as for a threshold; a device that is still silent fires anew. */
  goOnBehind(stored: TransitionDraft): boolean {
    if (this.#log.goOnBehind(stored)) return true;
    this.alarm.forget(Date.parse(stored.started_at));
    return false;
  }

  toState(): AbsenceState {
    return {
      alarm: this.alarm.toState(),
      alive: this.#aliveMs,
      ...(this.#deafMs > 0 && { deaf: this.#deafMs }),
      ...(this.alarm.breach >= 0 && { longer: this.#longerThanMs }),
      ...(this.#marks.isByEdit && { edited: true }),
      ...(this.#log.last && { last: this.#log.last }),
    };
  }

  /** From when on the device is silent for too long, if it is not heard before. */
  get #silentMs(): number {
    return this.#aliveMs + this.#deafMs + this.#longerThanMs;
  }

  report(change: LevelChange, atMs: number): void {
    const isEnd = change === "ended" || change === "closed";
    this.#log.write({
      state: isEnd ? "ended" : "firing",
      reason: isEnd ? this.#marks.end(change, "normal") : "for_elapsed",
      severity: this.#condition.severity,
      stale: false,
      value: undefined,
      limit: undefined,
      unit: undefined,
      startedMs: this.alarm.startedMs,
      firedMs: this.alarm.firedMs,
      atMs,
    });
  }
}

function longerThanMs(condition: AbsentCondition, { intervalMs = 0 }: RuleDevice): number {
  return Math.max(condition.longerThanMs, (condition.intervals ?? 0) * intervalMs);
}
