/** Rules heard on what was recorded: the engine that runs, and nobody who is told. */
import type { StoredEvent } from "../../core/event.ts";
import { createRuleEngine } from "../engine.ts";
import type { RuleEngine } from "../rule-engine.ts";
import type { TransitionDraft } from "../words/transition.ts";
import { type Episode, EpisodeBook } from "./episode-book.ts";
import type { TrialRules } from "./run-trial.ts";

/** What came of it under one set of rules. */
export interface BacktestResult {
  readonly episodes: readonly Episode[];
  /** Episodes beyond those that are listed. */
  readonly left: number;
  /** How many alerts were watched for: rules times devices. */
  readonly instances: number;
}

export class Backtest {
  readonly #engine: RuleEngine;
  readonly #book = new EpisodeBook();
  readonly #onTransition: (draft: TransitionDraft) => void;

  constructor({ reserved, rules }: TrialRules, onTransition?: (draft: TransitionDraft) => void) {
    this.#engine = createRuleEngine(rules, undefined, reserved);
    this.#onTransition = onTransition ?? (() => {});
  }

  /** The next event of its gateway. */
  feed(event: StoredEvent): void {
    for (const draft of this.#engine.feed(event)) {
      this.#book.take(draft);
      this.#onTransition(draft);
    }
    // Series are made for rules; nobody stores them here.
    this.#engine.derived();
  }

  result(): BacktestResult {
    let instances = 0;
    for (const _ of this.#engine.instances()) instances += 1;
    return { episodes: this.#book.episodes, left: this.#book.left, instances };
  }
}
