/** So many read much at the same time; the others wait for their turn, and who is gone waits no longer. */
import { RequestProblem } from "./problem.ts";

const usualSeats = 4;
const usualWaiting = 100;

export class ReadingRoom {
  readonly #seats: number;
  readonly #mostWaiting: number;
  /** Each is told that it has a seat now. */
  readonly #waiting = new Set<() => void>();
  #taken = 0;

  constructor(seats = usualSeats, mostWaiting = usualWaiting) {
    this.#seats = seats;
    this.#mostWaiting = mostWaiting;
  }

  /** Rejects with a `RequestProblem` where too many wait, and where who asks is gone. */
  async read<T>(signal: AbortSignal, run: () => Promise<T>): Promise<T> {
    if (signal.aborted) throw gone;
    if (this.#taken < this.#seats) this.#taken += 1;
    else if (this.#waiting.size >= this.#mostWaiting) throw tooMany;
    else await this.#seat(signal);
    try {
      return await run();
    } finally {
      const [next] = this.#waiting;
      if (next) next();
      else this.#taken -= 1;
    }
  }

  /** Resolves with a seat that somebody gives up. */
  #seat(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(take);
        reject(gone);
      };
      const take = (): void => {
        this.#waiting.delete(take);
        signal.removeEventListener("abort", leave);
        resolve();
      };
      this.#waiting.add(take);
      signal.addEventListener("abort", leave, { once: true });
    });
  }
}

const tooMany = new RequestProblem({
  status: 503,
  code: "busy",
  title: "too many ask for the past at the same time",
  advice: "try again in a moment",
});

/** Nobody is there to read it; it keeps the journal free of what is no failure. */
const gone = new RequestProblem({ status: 503, code: "gone", title: "who asked is gone" });
