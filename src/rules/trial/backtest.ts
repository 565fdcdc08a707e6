/** Rules heard on what was recorded: the engine that runs, and nobody who is told. */
import type { Origin, StoredEvent } from "../../core/event.ts";
import type { GatewayId } from "../../core/ids.ts";
import { createRuleEngine } from "../engine.ts";
import { offlineRuleId } from "../reserved/reserved-rules.ts";
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

/** Nobody waits longer for a gateway. */
const longWaitMs = 86_400_000;

export class Backtest {
  /** Some rule waits for all gateways of a site. */
  readonly isAboutSites: boolean;
  readonly #engine: RuleEngine;
  readonly #book = new EpisodeBook();
  readonly #onTransition: (draft: TransitionDraft) => void;
  readonly #gateways = new Map<GatewayId, Origin>();

  constructor({ reserved, rules }: TrialRules, onTransition?: (draft: TransitionDraft) => void) {
    this.isAboutSites = rules.rules.some(({ per }) => per === "site");
    this.#engine = createRuleEngine(rules, undefined, reserved);
    this.#onTransition = onTransition ?? (() => {});
  }

  /** These gateways are heard, in any order: what is about a site waits for all of them. */
  expect(gateways: readonly Origin[]): void {
    for (const origin of gateways) this.#gateways.set(origin.gateway, origin);
    this.#engine.expect(gateways);
  }

  /** The next event of its gateway. */
  feed(event: StoredEvent): void {
    this.#take(this.#engine.feed(event));
    // Series are made for rules; nobody stores them here.
    this.#engine.derived();
  }

  /** Everything was heard: what waits for a gateway that says nothing any more waits no longer. */
  finish(): void {
    const end = { storedMs: 0, lastSeq: 0 };
    for (const origin of this.#gateways.values())
      for (const quietMs of [1, longWaitMs])
        this.#take(
          this.#engine
            .see({ ...origin, ...end, quietMs })
            .filter(({ rule }) => rule !== offlineRuleId),
        );
  }

  result(): BacktestResult {
    let instances = 0;
    for (const _ of this.#engine.instances()) instances += 1;
    return { episodes: this.#book.episodes, left: this.#book.left, instances };
  }

  #take(drafts: readonly TransitionDraft[]): void {
    for (const draft of drafts) {
      this.#book.take(draft);
      this.#onTransition(draft);
    }
  }
}
