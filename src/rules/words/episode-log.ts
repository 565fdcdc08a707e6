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

  /**
   * What is written from here on stands behind `stored`. True when that goes on with its episode: the
   * open one, or a later one, which began where nothing in the events says that the open one was over.
   */
  goOnBehind(stored: TransitionDraft): boolean {
    const startedMs = Date.parse(this.#last?.started_at ?? "");
    const goesOn = stored.state === "firing" && startedMs <= Date.parse(stored.started_at);
    this.#last = goesOn ? stored : undefined;
    return goesOn;
  }

  /** An episode began when its first transition says; nothing in it happened before what was said. */
  write(change: EpisodeChange): void {
    const { at, fired_at, n = 0, started_at } = this.#last ?? {};
    const startedMs = started_at === undefined ? change.startedMs : Date.parse(started_at);
    const firedMs = fired_at === undefined ? change.firedMs : Date.parse(fired_at);
    const atMs = Math.max(change.atMs, firedMs, at === undefined ? firedMs : Date.parse(at));
    const said = { ...change, startedMs, firedMs, atMs };
    const draft = draftTransition(this.#rule, this.#device, n + 1, said);
    this.#outbox.put(draft);
    this.#last = change.state === "ended" ? undefined : draft;
  }
}
