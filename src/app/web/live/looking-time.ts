/**
 * What looking at the flow may take from the flow: so much of a second for all who look, in like
 * shares. Who asks for much of each event is shown fewer of them, and devices never wait for it.
 */
import type { Clock } from "../../../core/clock.ts";

const msPerSecond = 60;
/** What comes at once may take so much at once. */
const burstMs = 20;

export class LookingTime {
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #all: Debt;
  #shares = 0;

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
    this.#all = new Debt(clock.monotonicMs());
  }

  /** For one who begins to look; `end` gives the share to the others. */
  share() {
    this.#shares += 1;
    const own = new Debt(this.#clock.monotonicMs());
    return {
      /** False, and nothing was run, where what was run before is not paid for yet. */
      run: (look: () => void): boolean => {
        const startMs = this.#clock.monotonicMs();
        const isFree =
          this.#all.isFree(startMs, msPerSecond) && own.isFree(startMs, msPerSecond / this.#shares);
        if (!isFree) return false;
        look();
        const tookMs = this.#clock.monotonicMs() - startMs;
        this.#all.ms += tookMs;
        own.ms += tookMs;
        return true;
      },
      end: (): void => {
        this.#shares -= 1;
      },
    };
  }
}

/** Time that was taken and is not paid for. */
class Debt {
  ms = 0;
  #paidMs: number;

  constructor(nowMs: number) {
    this.#paidMs = nowMs;
  }

  isFree(nowMs: number, paidPerSecondMs: number): boolean {
    this.ms = Math.max(0, this.ms - ((nowMs - this.#paidMs) * paidPerSecondMs) / 1_000);
    this.#paidMs = nowMs;
    return this.ms <= burstMs;
  }
}
