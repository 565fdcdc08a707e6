/** What an alert of an expression says while an episode lasts. */
import type { LevelChange } from "../alarms/alarm-state.ts";
import type { RuleDevice } from "../rule-device.ts";
import type { NamedRule } from "../rule-set.ts";
import { EpisodeLog } from "../words/episode-log.ts";
import { EpisodeMarks, type EpisodeMarksState } from "../words/episode-marks.ts";
import type { Outbox } from "../words/outbox.ts";
import type { EpisodeChange, TransitionDraft } from "../words/transition.ts";
import type { ExprReadings } from "./expr-readings.ts";

/** Plain JSON. */
export interface ExprEpisodeState extends EpisodeMarksState {
  readonly last?: TransitionDraft;
}

/** How severe it is and when it began, and whether a value is missed. */
export type Moment = Pick<EpisodeChange, "severity" | "stale" | "startedMs" | "firedMs">;

export class ExprEpisode {
  readonly marks: EpisodeMarks;
  readonly #rule: NamedRule;
  readonly #readings: ExprReadings;
  readonly #moment: () => Moment;
  readonly #log: EpisodeLog;

  constructor(
    rule: NamedRule,
    device: RuleDevice,
    outbox: Outbox,
    readings: ExprReadings,
    moment: () => Moment,
    state: ExprEpisodeState = {},
  ) {
    this.#rule = rule;
    this.#readings = readings;
    this.#moment = moment;
    this.#log = new EpisodeLog(rule, device, outbox, state.last);
    this.marks = new EpisodeMarks(state);
  }

  get last(): TransitionDraft | undefined {
    return this.#log.last;
  }

  setDevice(device: RuleDevice): void {
    this.#log.setDevice(device);
  }

  goOnBehind(stored: TransitionDraft): boolean {
    return this.#log.goOnBehind(stored);
  }

  report(change: LevelChange, atMs: number): void {
    const moment = this.#moment();
    const otherwise = moment.stale ? "no_data" : undefined;
    if (change === "fired" || change === "level") {
      this.marks.begin(moment.stale);
      this.#write("firing", otherwise ?? "for_elapsed", atMs);
      return;
    }
    this.#write("ended", this.marks.end(change, otherwise ?? "normal"), atMs);
  }

  /** A value grew old, or is new, while the alert fires. */
  mark(reason: "stale" | "fresh", atMs: number): void {
    if (this.marks.take(reason)) this.#write("firing", reason, atMs);
  }

  toState(): ExprEpisodeState {
    return {
      ...this.marks.toState(),
      ...(this.#log.last && { last: this.#log.last }),
    };
  }

  #write(state: "firing" | "ended", reason: string, atMs: number): void {
    const { onMissing, select } = this.#rule;
    const held = select.metric === undefined ? undefined : this.#readings.held(select.metric);
    this.#log.write({
      ...this.#moment(),
      atMs,
      state,
      reason,
      quiet: (reason === "stale" || reason === "fresh") && onMissing === "keep",
      value: held?.value,
      limit: undefined,
      unit: held?.unit,
      readings: (metric) => this.#readings.held(metric)?.value,
    });
  }
}
