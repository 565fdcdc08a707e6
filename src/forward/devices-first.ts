/**
 * While a backlog leaves, those who wait for their PUBACK go first: where devices speak, the backlog goes in
 * small portions, the next one behind the commit of what was appended meanwhile.
 *
 * It must not starve: each record that becomes durable earns the right to send several, so it is never
 * this wait that lets a backlog grow. A disk that takes nothing holds it up once, since what is
 * confirmed makes the room that such a disk may need.
 */
import type { Clock } from "../core/clock.ts";
import type { LogWriter } from "../core/log-writer.ts";

const portionRecords = 32;
const sentPerDurable = 4;
const longestWaitMs = 10;
/** Commits of a disk that is not slow take less. */
const slowMs = 5;
/** Where nothing came for so long, nothing is expected: the gateway itself says something each second, too. */
const silentMs = 20;

/** Made when a backlog begins to leave, and asked until it has. */
export class DevicesFirst {
  readonly #log: Pick<LogWriter, "durableSeq" | "lastSeq" | "onDurable">;
  readonly #clock: Clock;
  #left = portionRecords;
  #durableSeq: number;
  #lastSeq: number;
  #heardMs = Number.NEGATIVE_INFINITY;
  /** Behind a wait for a slow disk none follows for as long: it takes half of the time at most. */
  #freeUntilMs = 0;
  /** What did not become durable in time; until it has, nobody is waited for. */
  #lateSeq = 0;

  constructor(log: Pick<LogWriter, "durableSeq" | "lastSeq" | "onDurable">, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
    this.#durableSeq = log.durableSeq;
    this.#lastSeq = log.lastSeq;
  }

  /** Takes note of a record that is published; gives what to wait for before the next, mostly nothing. */
  sent(): Promise<void> | undefined {
    this.#left -= 1;
    if (this.#left > 0) return undefined;
    this.#left = portionRecords;
    const { lastSeq } = this.#log;
    if (lastSeq > this.#lastSeq) this.#heardMs = this.#clock.monotonicMs();
    else if (this.#clock.monotonicMs() - this.#heardMs >= silentMs) return undefined;
    this.#lastSeq = lastSeq;
    return this.#giveWay(lastSeq);
  }

  async #giveWay(lastSeq: number): Promise<void> {
    const { durableSeq } = this.#log;
    const beganMs = this.#clock.monotonicMs();
    const isOwed = lastSeq > durableSeq && durableSeq >= this.#lateSeq;
    if (isOwed && beganMs >= this.#freeUntilMs) {
      if (!(await this.#durable(lastSeq))) this.#lateSeq = lastSeq;
      const endedMs = this.#clock.monotonicMs();
      if (endedMs - beganMs >= slowMs) this.#freeUntilMs = endedMs + (endedMs - beganMs);
    } else await new Promise(setImmediate);
    this.#left += sentPerDurable * (this.#log.durableSeq - this.#durableSeq);
    this.#durableSeq = this.#log.durableSeq;
  }

  /** False where it takes too long. */
  #durable(seq: number): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (isDurable: boolean): void => {
        stopHearing();
        timer.cancel();
        resolve(isDurable);
      };
      const timer = this.#clock.setTimer(longestWaitMs, () => end(false));
      const stopHearing = this.#log.onDurable(() => {
        if (this.#log.durableSeq >= seq) end(true);
      });
    });
  }
}
