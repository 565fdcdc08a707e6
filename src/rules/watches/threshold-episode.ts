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
import { EpisodeMarks, type EpisodeMarksState } from "../words/episode-marks.ts";
import type { Outbox } from "../words/outbox.ts";
import type { EpisodeChange, TransitionDraft } from "../words/transition.ts";

/** What is known of an episode as plain JSON. */
export interface ThresholdEpisodeState extends EpisodeMarksState {
  readonly last?: TransitionDraft;
}

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
  readonly marks: EpisodeMarks;
  readonly #rule: NamedRule;
  readonly #log: EpisodeLog;
  readonly #watched: Watched;

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
    const isStale = state.marks === undefined && state.last?.stale;
    this.marks = new EpisodeMarks(isStale ? { ...state, marks: 1 } : state);
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
    if (change === "fired") this.marks.begin(held.missing);
    if (change === "level") this.#write("firing", "level", atMs);
    else if (change === "fired")
      this.#write("firing", held.missing ? "no_data" : "for_elapsed", atMs);
    else this.#write("ended", this.marks.end(change, held.missing ? "no_data" : "normal"), atMs);
  }

  /** The value grew old, or is new, while the alert fires. */
  mark(reason: "stale" | "fresh", atMs: number): void {
    if (this.marks.take(reason)) this.#write("firing", reason, atMs);
  }

  toState(): ThresholdEpisodeState {
    return {
      ...this.marks.toState(),
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
