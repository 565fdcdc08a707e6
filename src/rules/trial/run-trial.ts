/** Runs a test: the real engine hears what simulated gateways say. */
import type { StoredEvent } from "../../core/event.ts";
import { createRuleEngine } from "../engine.ts";
import type { EngineSnapshot } from "../engine-snapshot.ts";
import type { ReservedRules } from "../reserved/reserved-rules.ts";
import type { RuleEngine } from "../rule-engine.ts";
import type { RuleSet } from "../rule-set.ts";
import type { TransitionDraft } from "../words/transition.ts";
import type { Trial, TrialDevice } from "./trial.ts";
import { arrivalsOf, endOf } from "./trial-arrivals.ts";

/** As late as a transition is late that the hub learns of, where the configuration says nothing. */
const lateAfterMs = 300_000;
/** How often the hub looks at the streams of its gateways. */
const lookEveryMs = 5_000;

/** A transition, with what depends on when the hub learned of it. */
export interface FoundTransition extends TransitionDraft {
  readonly late: boolean;
}

export interface TrialRun {
  readonly found: readonly FoundTransition[];
  /** False where no rule is about any of its devices. */
  readonly isWatched: boolean;
}

export interface TrialRules {
  readonly rules: RuleSet;
  readonly reserved: ReservedRules;
}

/** All transitions of a test, in the order in which the hub finds them. */
export function runTrial(
  trial: Trial,
  devices: Iterable<TrialDevice>,
  { reserved, rules }: TrialRules,
): TrialRun {
  const found: FoundTransition[] = [];
  let engine = createRuleEngine(rules, undefined, reserved);
  const take = (drafts: readonly TransitionDraft[], nowMs: number): void => {
    for (const draft of drafts) {
      const late = trial.startMs + nowMs - Date.parse(draft.at) > lateAfterMs;
      found.push({ ...draft, late });
    }
    engine.derived();
    if (!trial.isCut) return;
    const saved: EngineSnapshot = JSON.parse(JSON.stringify(engine.snapshot()));
    engine = createRuleEngine(rules, saved, reserved);
  };
  const hub = new TrialHub(trial.startMs);
  for (const { arrivesMs, event } of arrivalsOf(trial, devices)) {
    for (const drafts of hub.lookUntil(arrivesMs, () => engine)) take(drafts, arrivesMs);
    take(engine.feed(event), arrivesMs);
    hub.hear(event, arrivesMs);
  }
  const endMs = endOf(trial);
  for (const drafts of hub.lookUntil(endMs, () => engine)) take(drafts, endMs);
  return { found, isWatched: !engine.instances()[Symbol.iterator]().next().done };
}

/** What the hub itself sees of its gateways, by its own clock. */
class TrialHub {
  readonly #startMs: number;
  readonly #heard = new Map<string, { event: StoredEvent; atMs: number; count: number }>();
  #lookMs = lookEveryMs;

  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  hear(event: StoredEvent, atMs: number): void {
    const { gateway } = event.origin;
    const count = (this.#heard.get(gateway)?.count ?? 0) + 1;
    this.#heard.set(gateway, { event, atMs, count });
  }

  /** Tells the engine what there was to see until then. */
  *lookUntil(
    untilMs: number,
    engine: () => RuleEngine,
  ): Generator<readonly TransitionDraft[], void, void> {
    for (; this.#lookMs < untilMs; this.#lookMs += lookEveryMs)
      for (const { atMs, count, event } of this.#heard.values())
        yield engine().see({
          ...event.origin,
          storedMs: this.#startMs + atMs,
          lastSeq: count,
          quietMs: this.#lookMs - atMs,
        });
  }
}
