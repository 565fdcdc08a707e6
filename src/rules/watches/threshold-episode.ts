/**
 * What a threshold alert says while an episode lasts: that it fires and why, that its level is
 * another, that its value grew old or new, and why it ended.
 */
import type { Alarm } from "../alarms/alarm.ts";
import type { LevelChange } from "../alarms/alarm-state.ts";
import type { DeviceLevels } from "../alarms/device-levels.ts";
import type { HeldValue } from "../alarms/held-value.ts";
import type { RuleDevice } from "../rule-device.ts";
import type { NamedRule } from "../rule-set.ts";
import { EpisodeLog } from "../words/episode-log.ts";
import type { Outbox } from "../words/outbox.ts";
import type { EpisodeChange, TransitionDraft } from "../words/transition.ts";

/** What is known of an episode as plain JSON. */
export interface ThresholdEpisodeState {
  readonly marks?: StaleMarks;
  /** It is normal since the rule was edited, not by a sample. */
  readonly edited?: boolean;
  readonly last?: TransitionDraft;
}

/** What the open episode has stored of its value's age: nothing, that it grew old, that it is new. */
type StaleMarks = 0 | 1 | 2;

/** What an episode is about, as it is at the moment of a change. */
export interface Watched {
  readonly alarm: Alarm;
  readonly held: Readonly<HeldValue>;
  readonly levels: DeviceLevels;
  /** What is said in place of the value that is compared; undefined: that value. */
  readonly said: (() => SaidValue) | undefined;
}

/** What a transition says of a value, where it is not the one that is compared. */
export type SaidValue = Pick<EpisodeChange, "value" | "unit" | "expected" | "score"> & {
  /** Absent: that of the level. */
  readonly limit?: EpisodeChange["limit"];
};

export class ThresholdEpisode {
  /** It is normal, or will be, since the rule was edited: an end says so. */
  isByEdit: boolean;
  readonly #rule: NamedRule;
  readonly #log: EpisodeLog;
  readonly #watched: Watched;
  #marks: StaleMarks;

  constructor(
    rule: NamedRule,
    device: RuleDevice,
    outbox: Outbox,
    watched: Watched,
    state: ThresholdEpisodeState = {},
  ) {
    this.#rule = rule;
    this.#log = new EpisodeLog(rule, device, outbox, state.last);
    this.#watched = watched;
    this.#marks = state.marks ?? (state.last?.stale ? 1 : 0);
    this.isByEdit = state.edited ?? false;
  }

  /** Its last transition; undefined while none is open. */
  get last(): TransitionDraft | undefined {
    return this.#log.last;
  }

  setDevice(device: RuleDevice): void {
    this.#log.setDevice(device);
  }

  /** As `EpisodeLog` has it. */
  goOnBehind(stored: TransitionDraft): boolean {
    return this.#log.goOnBehind(stored);
  }

  /** The alarm changed. */
  report(change: LevelChange, atMs: number): void {
    const { held } = this.#watched;
    if (change === "fired") this.#marks = held.missing ? 1 : 0;
    if (change === "level") this.#write("firing", "level", atMs);
    else if (change === "fired")
      this.#write("firing", held.missing ? "no_data" : "for_elapsed", atMs);
    else {
      const otherwise = held.missing ? "no_data" : "normal";
      const byItself = this.isByEdit ? "rule_changed" : otherwise;
      this.#write("ended", change === "closed" ? "schedule" : byItself, atMs);
      this.isByEdit = false;
    }
  }

  /**
   * The value grew old, or is new, while the alert fires. Once per episode each way: a device that
   * uploads would else say so with every upload.
   */
  mark(reason: "stale" | "fresh", atMs: number): void {
    const next = reason === "stale" ? 1 : 2;
    if (next !== this.#marks + 1) return;
    this.#marks = next;
    this.#write("firing", reason, atMs);
  }

  toState(): ThresholdEpisodeState {
    return {
      marks: this.#marks,
      ...(this.isByEdit && { edited: true }),
      ...(this.#log.last && { last: this.#log.last }),
    };
  }

  #write(state: "firing" | "ended", reason: string, atMs: number): void {
    const { alarm, held, levels } = this.#watched;
    const level = levels.at(alarm.level);
    const { last } = this.#log;
    this.#log.write({
      state,
      reason,
      severity: level?.severity ?? last?.severity ?? "warning",
      stale: held.missing,
      quiet: (reason === "stale" || reason === "fresh") && this.#rule.onMissing === "keep",
      value: held.value,
      // A value that is normal crossed the mildest limit, as it is now.
      limit: level?.limit ?? (reason === "no_data" ? last : levels.mildest)?.limit,
      unit: held.unit,
      ...this.#watched.said?.(),
      startedMs: alarm.startedMs,
      firedMs: alarm.firedMs,
      atMs,
    });
  }
}
