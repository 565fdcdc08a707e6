import type { RuleDevice } from "../rule-device.ts";
import type { NamedRule } from "../rule-set.ts";
import type { Outbox } from "./outbox.ts";
import { draftTransition, type EpisodeChange, type TransitionDraft } from "./transition.ts";

/** Numbers the transitions of one alert and keeps the last one while an episode is open. */
export class EpisodeLog {
  readonly #rule: NamedRule;
  readonly #outbox: Outbox;
  #device: RuleDevice;
  #last: TransitionDraft | undefined;

  constructor(rule: NamedRule, device: RuleDevice, outbox: Outbox, last?: TransitionDraft) {
    this.#rule = rule;
    this.#device = device;
    this.#outbox = outbox;
    this.#last = last;
  }

  /** The last transition of the open episode; undefined while none is open. */
  get last(): TransitionDraft | undefined {
    return this.#last;
  }

  /** The device as its gateway describes it now; what is written from here on says so. */
  setDevice(device: RuleDevice): void {
    this.#device = device;
  }

  /** What is written from here on stands behind `stored`. True when that goes on with its episode. */
  goOnBehind(stored: TransitionDraft): boolean {
    const goesOn = stored.state === "firing" && stored.episode === this.#last?.episode;
    this.#last = goesOn ? stored : undefined;
    return goesOn;
  }

  /** Within an episode nothing is said to have happened before what was said already. */
  write(change: EpisodeChange): void {
    const n = (this.#last?.n ?? 0) + 1;
    const saidMs = this.#last ? Date.parse(this.#last.at) : change.firedMs;
    const atMs = Math.max(change.atMs, change.firedMs, saidMs);
    const draft = draftTransition(this.#rule, this.#device, n, { ...change, atMs });
    this.#outbox.put(draft);
    this.#last = change.state === "ended" ? undefined : draft;
  }
}
