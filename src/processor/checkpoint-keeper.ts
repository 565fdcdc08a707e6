import type { Clock, EpochMs } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { CheckpointDraft, CheckpointStore } from "./checkpoint.ts";

/** A restart reads about this much again, at most. */
const maxEventsBetweenCheckpoints = 5_000;
/** The rules stand still for a checkpoint at most about this part of the time. */
const standingShare = 0.1;

/** The checkpoints of one stay: whether one is due, and each written over the one before. */
export class CheckpointKeeper {
  readonly #store: CheckpointStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #revision: number;
  #savedMs: EpochMs | undefined;
  #savedAtMs: number;
  /** For how long the rules stood still for the last one. */
  #stoodMs = 0;
  #eventsSinceSave = 0;
  #isBehind = false;
  #isWriting = false;
  #written: Promise<void> = Promise.resolve();

  /** `revision` is that of the checkpoint which the next one replaces, also where it is unusable. */
  constructor(store: CheckpointStore, revision: number, clock: Clock, logger: Logger) {
    this.#store = store;
    this.#revision = revision;
    this.#clock = clock;
    this.#logger = logger;
    this.#savedAtMs = clock.monotonicMs();
  }

  /** When the last one was written, wall clock; undefined before the first of this stay. */
  get savedMs(): EpochMs | undefined {
    return this.#savedMs;
  }

  /** There is something that the last one does not know. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** One more would be worth its time, before the usual interval is over. */
  get isDue(): boolean {
    if (this.#isWriting || this.#eventsSinceSave < maxEventsBetweenCheckpoints) return false;
    const elapsedMs = this.#clock.monotonicMs() - this.#savedAtMs;
    return elapsedMs >= this.shortestMs;
  }

  /** Between two checkpoints there must be so much time. */
  get shortestMs(): number {
    return this.#stoodMs / standingShare;
  }

  /** Resolves when none is being written, however that ended. */
  get written(): Promise<void> {
    return this.#written.catch(() => {});
  }

  /** Something changed that the next one has to know, by so many events. */
  note(eventCount: number): void {
    this.#isBehind = true;
    this.#eventsSinceSave += eventCount;
  }

  /**
   * Takes one, and resolves when the rules may go on; it is written meanwhile. A failure of the
   * backbone is said, and it stays behind. `onLost` is called with `stream.fenced` when another process
   * wrote one, and with any failure after the signal. Not before the last one was written.
   */
  save(
    draft: CheckpointDraft,
    signal: AbortSignal,
    onLost: (failure: GatewayError) => void,
  ): Promise<void> {
    const begunMs = this.#clock.monotonicMs();
    return new Promise((resolve) => {
      const onTaken = (): void => {
        this.#stoodMs = this.#clock.monotonicMs() - begunMs;
        this.#eventsSinceSave = 0;
        this.#isBehind = false;
        resolve();
      };
      this.#isWriting = true;
      this.#written = this.#write(draft, signal, onTaken)
        .catch((thrown) => {
          this.#isBehind = true;
          const failure = GatewayError.from(
            thrown,
            "stream.unavailable",
            "cannot save a checkpoint",
          );
          if (failure.code === "stream.fenced" || signal.aborted) return onLost(failure);
          this.#logger.warn("a checkpoint was not saved; it is tried again", {
            reason: failure.message,
          });
        })
        .finally(() => {
          this.#isWriting = false;
          resolve();
        });
    });
  }

  async #write(draft: CheckpointDraft, signal: AbortSignal, onTaken: () => void): Promise<void> {
    this.#revision = await this.#store.save(draft, this.#revision, signal, onTaken);
    this.#savedMs = this.#clock.wallMs();
    this.#savedAtMs = this.#clock.monotonicMs();
  }
}
