/** What an alert of an expression says while an episode lasts. */
import type { LevelChange } from "../alarms/alarm-state.ts";
import type { RuleDevice } from "../rule-device.ts";
import type { NamedRule } from "../rule-set.ts";
import { EpisodeLog } from "../words/episode-log.ts";
import type { Outbox } from "../words/outbox.ts";
import type { EpisodeChange, TransitionDraft } from "../words/transition.ts";
import type { ExprReadings } from "./expr-readings.ts";

/** Plain JSON. */
export interface ExprEpisodeState {
  /** It grew stale in this episode, or came back after that. */
  readonly marks?: number;
  /** It is normal since the rule was edited. */
  readonly edited?: boolean;
  readonly last?: TransitionDraft;
}

/** How severe it is and when it began, and whether a value is missed. */
export type Moment = Pick<EpisodeChange, "severity" | "stale" | "startedMs" | "firedMs">;

export class ExprEpisode {
  isByEdit: boolean;
  readonly #rule: NamedRule;
  readonly #readings: ExprReadings;
  readonly #moment: () => Moment;
  readonly #log: EpisodeLog;
  #marks: number;

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
    this.#marks = state.marks ?? 0;
    this.isByEdit = state.edited ?? false;
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
      this.#marks = moment.stale ? 1 : 0;
      this.#write("firing", otherwise ?? "for_elapsed", atMs);
      return;
    }
    const byItself = this.isByEdit ? "rule_changed" : (otherwise ?? "normal");
    this.#write("ended", change === "closed" ? "schedule" : byItself, atMs);
    this.isByEdit = false;
  }

  /** Once per episode each way. */
  mark(reason: "stale" | "fresh", atMs: number): void {
    const next = reason === "stale" ? 1 : 2;
    if (next !== this.#marks + 1) return;
    this.#marks = next;
    this.#write("firing", reason, atMs);
  }

  toState(): ExprEpisodeState {
    return {
      ...(this.#marks > 0 && { marks: this.#marks }),
      ...(this.isByEdit && { edited: true }),
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
