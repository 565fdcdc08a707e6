/**
 * What receivers were told, folded out of the log of attempts: how each receiver does, what was tried
 * for an alert, and what was given up and still says something.
 *
 * Bounded: of alerts and of what was given up the latest stay.
 */
import { BoundedMap } from "../../core/bounded-map.ts";
import type { EpochMs } from "../../core/clock.ts";
import type { DeliveryAttempt } from "../../stream/notify-log.ts";

const mostReceivers = 1_000;
const mostAlerts = 10_000;
const mostOfAlert = 64;
const mostLetters = 5_000;
const mostText = 512;

/** How one receiver does, since the log begins. */
export interface ReceiverTally {
  readonly receiver: string;
  delivered: number;
  givenUp: number;
  lastMs: EpochMs;
  /** Why the last try failed; undefined once one went well. */
  trouble: string | undefined;
}

/** The last that was tried to tell a receiver of one transition. */
export interface LastAttempt {
  readonly receiver: string;
  readonly transition: string;
  readonly outcome: DeliveryAttempt["outcome"];
  readonly attempts: number;
  readonly atMs: EpochMs;
  readonly reason: string;
}

/** What was given up; all of it stands in the log. */
export interface LetterNote extends Omit<LastAttempt, "outcome"> {
  /** Its place in the log. */
  readonly streamSeq: number;
  readonly instance: string;
  readonly rule: string;
}

export class Deliveries {
  readonly #receivers = new Map<string, ReceiverTally>();
  readonly #alerts = new BoundedMap<string, Map<string, LastAttempt>>(mostAlerts);
  /** By place in the log. */
  readonly #letters = new Map<number, LetterNote>();
  /** The places of the letters of a receiver about an alert. */
  readonly #places = new Map<string, Set<number>>();

  take(attempt: DeliveryAttempt, streamSeq: number): void {
    const { at, instance, outcome, receiver, transition } = attempt;
    const reason = (attempt.reason ?? "").slice(0, mostText);
    const atMs = Date.parse(at) || 0;
    const last = { receiver, transition, outcome, attempts: attempt.attempt, atMs, reason };
    this.#count(last);
    const ofAlert = this.#alerts.get(instance) ?? new Map<string, LastAttempt>();
    const key = `${receiver} ${transition}`;
    ofAlert.delete(key);
    ofAlert.set(key, last);
    for (const oldest of ofAlert.keys()) {
      if (ofAlert.size <= mostOfAlert) break;
      ofAlert.delete(oldest);
    }
    this.#alerts.set(instance, ofAlert);
    // Who was told of an alert later knows better than an old letter.
    if (outcome === "delivered") this.#drop(`${receiver} ${instance}`);
    if (outcome === "dead-letter" && attempt.alert)
      this.#keep({ ...last, streamSeq, instance, rule: attempt.alert.rule });
  }

  receivers(): readonly ReceiverTally[] {
    return [...this.#receivers.values()];
  }

  /** The latest first. */
  ofAlert(instance: string): readonly LastAttempt[] {
    return [...(this.#alerts.get(instance)?.values() ?? [])].reverse();
  }

  /** The latest first. */
  letters(): readonly LetterNote[] {
    return [...this.#letters.values()].reverse();
  }

  #count({ atMs, outcome, reason, receiver }: LastAttempt): void {
    let tally = this.#receivers.get(receiver);
    if (!tally) {
      if (this.#receivers.size >= mostReceivers) return;
      tally = { receiver, delivered: 0, givenUp: 0, lastMs: atMs, trouble: undefined };
      this.#receivers.set(receiver, tally);
    }
    tally.lastMs = Math.max(tally.lastMs, atMs);
    tally.trouble = outcome === "delivered" ? undefined : reason;
    if (outcome === "delivered") tally.delivered += 1;
    else if (outcome === "dead-letter") tally.givenUp += 1;
  }

  #keep(letter: LetterNote): void {
    const { instance, receiver, streamSeq, transition } = letter;
    const key = `${receiver} ${instance}`;
    const places = this.#places.get(key) ?? new Set<number>();
    for (const place of places)
      if (this.#letters.get(place)?.transition === transition) this.#forget(key, places, place);
    this.#places.set(key, places.add(streamSeq));
    this.#letters.set(streamSeq, letter);
    const [oldest] = this.#letters.values();
    if (this.#letters.size <= mostLetters || !oldest) return;
    const ofOldest = `${oldest.receiver} ${oldest.instance}`;
    this.#forget(ofOldest, this.#places.get(ofOldest) ?? new Set(), oldest.streamSeq);
  }

  #drop(key: string): void {
    for (const place of this.#places.get(key) ?? []) this.#letters.delete(place);
    this.#places.delete(key);
  }

  #forget(key: string, places: Set<number>, place: number): void {
    this.#letters.delete(place);
    places.delete(place);
    if (places.size === 0) this.#places.delete(key);
  }
}
