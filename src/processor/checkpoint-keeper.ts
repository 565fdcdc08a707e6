import type { Clock, EpochMs } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { CheckpointDraft, CheckpointStore } from "./checkpoint.ts";

/** A restart reads about this much again, at most. */
const maxEventsBetweenCheckpoints = 5_000;
/** While a backlog drains, saving takes at most about this part of the time. */
const savingShare = 0.1;

/** The checkpoints of one stay: whether one is due, and each written over the one before. */
export class CheckpointKeeper {
  readonly #store: CheckpointStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #revision: number;
  #savedMs: EpochMs | undefined;
  #savedAtMs: number;
  #savingMs = 0;
  #eventsSinceSave = 0;
  #isBehind = false;

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
    if (this.#eventsSinceSave < maxEventsBetweenCheckpoints) return false;
    const elapsedMs = this.#clock.monotonicMs() - this.#savedAtMs;
    return this.#savingMs <= elapsedMs * savingShare;
  }

  /** Something changed that the next one has to know, by so many events. */
  note(eventCount: number): void {
    this.#isBehind = true;
    this.#eventsSinceSave += eventCount;
  }

  /**
   * Writes one; a failure of the backbone is said, and it stays behind. Rejects with
   * `stream.fenced` when another process wrote one, and with any failure after the signal.
   */
  async save(draft: CheckpointDraft, signal: AbortSignal): Promise<void> {
    const begunMs = this.#clock.monotonicMs();
    try {
      this.#revision = await this.#store.save(draft, this.#revision, signal);
    } catch (thrown) {
      const failure = GatewayError.from(thrown, "stream.unavailable", "cannot save a checkpoint");
      if (failure.code === "stream.fenced" || signal.aborted) throw failure;
      this.#logger.warn("a checkpoint was not saved; it is tried again", {
        reason: failure.message,
      });
      return;
    }
    this.#savedMs = this.#clock.wallMs();
    this.#savedAtMs = this.#clock.monotonicMs();
    this.#savingMs = this.#savedAtMs - begunMs;
    this.#eventsSinceSave = 0;
    this.#isBehind = false;
  }
}
