import type { Clock, Timer } from "../../core/clock.ts";
import type { KeptLine } from "../lines/kept-line.ts";

/** After this many questions without an answer, and this long, a serial server is connected to anew. */
const mostUnanswered = 5;
const leastSilentMs = 30_000;

export interface LinePollOptions {
  readonly send: Uint8Array;
  readonly everyMs: number;
  /** A serial server can be gone without a word, where a port cannot. */
  readonly isTcp: boolean;
}

/** Asks the device of a line, again and again while the line is open. */
export class LinePoll {
  readonly #line: Pick<KeptLine, "write" | "restart">;
  readonly #options: LinePollOptions;
  readonly #clock: Clock;
  #timer: Timer | undefined;
  #unanswered = 0;
  #heardMs = 0;
  /** A device that holds the line back gets one question when it goes on, and not all that were due. */
  #isWriting = false;

  constructor(line: Pick<KeptLine, "write" | "restart">, options: LinePollOptions, clock: Clock) {
    this.#line = line;
    this.#options = options;
    this.#clock = clock;
  }

  /** The line is open; `firstMs` from now it is asked for the first time. */
  start(firstMs: number): void {
    this.heard();
    this.#timer = this.#clock.setTimer(firstMs, () => this.#ask());
  }

  heard(): void {
    this.#unanswered = 0;
    this.#heardMs = this.#clock.monotonicMs();
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #ask(): void {
    const { everyMs, isTcp, send } = this.#options;
    const silentMs = this.#clock.monotonicMs() - this.#heardMs;
    if (isTcp && this.#unanswered >= mostUnanswered && silentMs >= leastSilentMs) {
      this.#line.restart(`it was asked ${this.#unanswered} times and said nothing`);
      return;
    }
    this.#unanswered += 1;
    if (!this.#isWriting) void this.#write(send);
    this.#timer = this.#clock.setTimer(everyMs, () => this.#ask());
  }

  async #write(send: Uint8Array): Promise<void> {
    this.#isWriting = true;
    // That the line went is told by the line.
    await this.#line.write(send).catch(() => {});
    this.#isWriting = false;
  }
}
