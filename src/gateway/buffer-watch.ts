/**
 * Tells the hub that the buffer took nothing for a while, and why. What it says at the beginning
 * reaches the hub only after the end, like everything else of that time, but with its true time.
 */
import type { Clock, Timer } from "../core/clock.ts";
import type { Status } from "../core/event.ts";
import type { LogState } from "../core/log-accounts.ts";

const everyMs = 1_000;

export interface BufferWatchDependencies {
  readonly clock: Clock;
  readonly state: () => Pick<LogState, "writable" | "trouble">;
  /** Appends the event to the log. */
  readonly say: (status: Status) => void;
}

export class BufferWatch {
  readonly #deps: BufferWatchDependencies;
  #writable = true;
  #timer: Timer | undefined;

  constructor(deps: BufferWatchDependencies) {
    this.#deps = deps;
  }

  start(): void {
    this.#timer = this.#deps.clock.setTimer(everyMs, () => {
      this.#look();
      this.start();
    });
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #look(): void {
    const { trouble = "", writable } = this.#deps.state();
    if (writable === this.#writable) return;
    this.#writable = writable;
    this.#deps.say(
      writable
        ? { state: "online", cause: "buffer-resumed" }
        : { state: "online", cause: "buffer-stopped", text: trouble },
    );
  }
}
