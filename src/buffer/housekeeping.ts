/** What the log does once a second, whether or not anything is appended. */
import type { Clock, Timer } from "../core/clock.ts";

const everyMs = 1_000;

export class Housekeeping {
  readonly #clock: Clock;
  readonly #work: () => Promise<void>;
  #timer: Timer | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  /** `work` must not reject; the next turn begins a second after it resolved. */
  constructor(clock: Clock, work: () => Promise<void>) {
    this.#clock = clock;
    this.#work = work;
    this.#arm();
  }

  /** Resolves when the turn under way is over. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#running;
  }

  #arm(): void {
    if (this.#stopped) return;
    this.#timer = this.#clock.setTimer(everyMs, () => {
      this.#running = this.#work().then(() => this.#arm());
    });
  }
}
