/**
 * Who is served when many send at once: in turns, a small part of each client's packets at a time,
 * and between the turns the disk, the clock and everybody else.
 *
 * A client that was quiet is served at once; one that comes back for more stands at the end of the
 * queue. So a device that sends now and then does not wait behind those that send without end.
 */
import type { Clock } from "../../core/clock.ts";

/** How long clients are served before the process looks at sockets and disk again. */
const roundMs = 2;
/** Parts that are shared by those who wait; each gets one at least. */
const sharedParts = 32;

/** The place of one client. */
export class Turn {
  /** Makes the client's packets flow, as far as `Turns.parts` allows. */
  readonly go: () => void;
  /** When it was served last. */
  round = Number.NEGATIVE_INFINITY;

  constructor(go: () => void) {
    this.go = go;
  }
}

export class Turns {
  readonly #clock: Clock;
  /** First come, first served. */
  readonly #waiting = new Set<Turn>();
  #serving: Turn | undefined;
  #round = 0;
  #planned = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * How many parts of its packets the client may have handled now. With 0 it waits, and `go` is
   * called when its turn comes.
   */
  parts(turn: Turn): number {
    const isItsTurn = turn === this.#serving;
    const rested = turn.round < this.#round - 1;
    const free = this.#waiting.size === 0 && turn.round < this.#round;
    this.#plan();
    if (isItsTurn || ((rested || free) && !this.#waiting.has(turn))) {
      if (isItsTurn) this.#serving = undefined;
      turn.round = this.#round;
      return Math.max(1, Math.floor(sharedParts / (this.#waiting.size + 1)));
    }
    this.#waiting.add(turn);
    return 0;
  }

  /** The client is gone. */
  forget(turn: Turn): void {
    this.#waiting.delete(turn);
  }

  #plan(): void {
    if (this.#planned) return;
    this.#planned = true;
    setImmediate(() => this.#serve());
  }

  /** Who asks again meanwhile stands at the end of the queue, and is reached while there is time. */
  #serve(): void {
    this.#planned = false;
    this.#round += 1;
    const untilMs = this.#clock.monotonicMs() + roundMs;
    for (const turn of this.#waiting) {
      this.#waiting.delete(turn);
      this.#serving = turn;
      turn.go();
      this.#serving = undefined;
      if (this.#clock.monotonicMs() >= untilMs) break;
    }
    if (this.#waiting.size > 0) this.#plan();
  }
}
