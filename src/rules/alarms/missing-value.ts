/** What a rule makes of a value that is too old, by its `on_missing`. */

import type { OnMissing } from "../rule.ts";
import type { NamedRule } from "../rule-set.ts";
import type { ThresholdEpisodeState } from "../watches/threshold-episode.ts";
import type { Alarm } from "./alarm.ts";

/** What the rule said when the value was found missing, and whether only that is the breach. */
export interface MissingState {
  readonly onMissing?: OnMissing;
  readonly byMissing?: boolean;
}

/** Whether what is judged was noticed to be missing. */
export interface Missed {
  readonly missing: boolean;
  miss(): void;
  forgetMiss(): void;
}

export class MissedFlag implements Missed {
  missing: boolean;

  constructor(missing: boolean) {
    this.missing = missing;
  }

  miss(): void {
    this.missing = true;
  }

  forgetMiss(): void {
    this.missing = false;
  }
}

/** What is told of it. */
interface Episode {
  readonly marks: { isByEdit: boolean };
  mark(reason: "stale", atMs: number): void;
}

export class MissingValue {
  readonly #onMissing: OnMissing;
  readonly #alarm: Alarm;
  readonly #held: Missed;
  readonly #episode: Episode;
  /** Nothing else is the breach. */
  #isByMissing: boolean;

  constructor(
    { onMissing }: NamedRule,
    alarm: Alarm,
    held: Missed,
    episode: Episode,
    state?: MissingState & Pick<ThresholdEpisodeState, "last">,
  ) {
    this.#onMissing = onMissing;
    this.#alarm = alarm;
    this.#held = held;
    this.#episode = episode;
    const isOfFirstVersion = state?.onMissing === undefined;
    this.#isByMissing = state?.byMissing ?? (isOfFirstVersion && state?.last?.reason === "no_data");
  }

  /** True while the value is missing and that counts as a breach. */
  get isBreach(): boolean {
    return this.#held.missing && this.#onMissing === "fire";
  }

  /** A good sample came: it decides. */
  end(): void {
    this.#isByMissing = false;
  }

  /** The value is too old since `atMs`. */
  notice(atMs: number): void {
    this.#held.miss();
    const fires = this.#alarm.level >= 0;
    if (fires && this.#onMissing === "resolve") {
      this.#alarm.end(atMs);
      return;
    }
    if (fires) this.#episode.mark("stale", atMs);
    if (this.#onMissing !== "fire") return;
    this.#alarm.skip(atMs);
    this.#isByMissing = this.#alarm.breach < 0;
    this.#alarm.turn(Math.max(0, this.#alarm.level));
  }

  /** The rule said `before`: where that is another word, what is missing is noticed anew. */
  goOn(before: OnMissing): void {
    if (before === this.#onMissing || !this.#held.missing) return;
    if (before === "fire" && this.#isByMissing) {
      this.#episode.marks.isByEdit = this.#onMissing === "keep";
      if (this.#alarm.level >= 0) this.#alarm.end(this.#alarm.atMs);
      else this.#alarm.turn(-1);
    }
    this.#isByMissing = false;
    this.#held.forgetMiss();
  }

  toState(): MissingState {
    return { onMissing: this.#onMissing, ...(this.#isByMissing && { byMissing: true }) };
  }
}
