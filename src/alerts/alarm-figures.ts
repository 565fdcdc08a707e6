/**
 * Five figures of how much an alarm system asks of its operators, by when alerts fired. They follow the
 * vocabulary of alarm management: an activation is an episode that fires.
 */
import type { AlertTransition } from "../core/alert.ts";
import type { EpochMs } from "../core/clock.ts";

const hourMs = 3_600_000;
const periodMs = 600_000;
/** More in one period are a flood. */
const mostInPeriod = 10;
const mostActors = 10;
const chatterCount = 3;
const chatterMs = 60_000;
/** Alerts that are told apart; what is beyond counts, and is in no list. */
const mostInstances = 100_000;

/** An alert that fired often. */
export interface Actor {
  readonly instance: string;
  readonly rule: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly activations: number;
}

export interface AlarmFigures {
  readonly activations: number;
  readonly perHour: number;
  /** Of all periods of ten minutes: the share of those with more than ten activations. */
  readonly floodShare: number;
  /** Those that fired most often, and their share of all activations. */
  readonly top: readonly Actor[];
  readonly topShare: number;
  /** Alerts that fired three times and more within one minute. */
  readonly chattering: readonly Actor[];
}

interface Counted extends Omit<Actor, "activations"> {
  activations: number;
  isChattering: boolean;
  /** The last ones, no more than make up a chatter. */
  firedMs: EpochMs[];
}

export class AlarmCounter {
  readonly #sinceMs: EpochMs;
  readonly #untilMs: EpochMs;
  readonly #periods = new Map<number, number>();
  readonly #actors = new Map<string, Counted>();
  #activations = 0;

  constructor(sinceMs: EpochMs, untilMs: EpochMs) {
    this.#sinceMs = sinceMs;
    this.#untilMs = untilMs;
  }

  /** Each transition once, those of an alert in order. */
  take(transition: AlertTransition): void {
    const { fired_at, instance, labels, n, rule, state } = transition;
    const firedMs = Date.parse(fired_at);
    if (state !== "firing" || n !== 1) return;
    if (!(firedMs >= this.#sinceMs && firedMs < this.#untilMs)) return;
    this.#activations += 1;
    const period = Math.floor((firedMs - this.#sinceMs) / periodMs);
    this.#periods.set(period, (this.#periods.get(period) ?? 0) + 1);
    const known = this.#actors.get(instance);
    if (!known && this.#actors.size >= mostInstances) return;
    const actor: Counted = known ?? {
      ...{ instance, rule, labels },
      activations: 0,
      isChattering: false,
      firedMs: [],
    };
    this.#actors.set(instance, actor);
    actor.activations += 1;
    actor.firedMs = [...actor.firedMs, firedMs].slice(-chatterCount);
    const [first = firedMs] = actor.firedMs;
    if (actor.firedMs.length === chatterCount && firedMs - first <= chatterMs)
      actor.isChattering = true;
  }

  figures(): AlarmFigures {
    const spanMs = this.#untilMs - this.#sinceMs;
    const periods = Math.max(1, Math.ceil(spanMs / periodMs));
    const floods = [...this.#periods.values()].filter((count) => count > mostInPeriod).length;
    const actors = [...this.#actors.values()].sort((a, b) => b.activations - a.activations);
    const top = actors.slice(0, mostActors);
    const byTop = top.reduce((sum, { activations }) => sum + activations, 0);
    return {
      activations: this.#activations,
      perHour: (this.#activations * hourMs) / Math.max(1, spanMs),
      floodShare: floods / periods,
      top: top.map(actorOf),
      topShare: this.#activations === 0 ? 0 : byTop / this.#activations,
      chattering: actors.filter(({ isChattering }) => isChattering).map(actorOf),
    };
  }
}

function actorOf({ activations, instance, labels, rule }: Counted): Actor {
  return { instance, rule, labels, activations };
}
