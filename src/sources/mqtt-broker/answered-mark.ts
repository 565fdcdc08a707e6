/**
 * Up to which record QoS 1 messages have had their PUBACKs, written down once a second while there are
 * any: after a kill nobody knows whether those behind it were answered.
 *
 * The mark is a second behind, since a client whose connection breaks does not read what was sent to
 * it last.
 */
import type { Clock, Timer } from "../../core/clock.ts";

const everyMs = 1_000;

export interface AnsweredMarkDeps {
  readonly clock: Clock;
  readonly log: { readonly durableSeq: number; readonly lastSeq: number };
  /** Called once a second while there is something to write down. */
  moved(): void;
}

export class AnsweredMark {
  readonly #deps: AnsweredMarkDeps;
  #seq = 0;
  /** What was on disk, and so answered, at the last look. */
  #before = 0;
  /** How far it has to come. */
  #upTo = 0;
  #timer: Timer | undefined;

  constructor(deps: AnsweredMarkDeps) {
    this.#deps = deps;
  }

  /** Messages of records up to this one were answered, as far as anybody waits for an answer. */
  get seq(): number {
    return this.#timer === undefined ? this.#deps.log.durableSeq : this.#seq;
  }

  /** A message is about to be given its record. */
  wake(): void {
    const { durableSeq, lastSeq } = this.#deps.log;
    this.#upTo = lastSeq + 1;
    if (this.#timer !== undefined) return;
    this.#seq = durableSeq;
    this.#before = durableSeq;
    this.#wait();
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #wait(): void {
    this.#timer = this.#deps.clock.setTimer(everyMs, () => {
      const { durableSeq } = this.#deps.log;
      this.#seq = this.#before;
      this.#before = durableSeq;
      this.#deps.moved();
      if (this.#seq < this.#upTo) this.#wait();
      else this.#timer = undefined;
    });
  }
}
