/** Writes a receiver's cursor where it changed, over the one that was read. */
import type { Clock } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Backbone } from "../stream/backbone.ts";
import type { CursorStore, ReceiverCursor } from "./receiver-cursor.ts";

/** How far the counts of attempts may fall behind at a crash. */
const saveTriedEveryMs = 10_000;

export interface CursorKeeperDependencies {
  readonly backbone: Backbone;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class CursorKeeper {
  readonly #receiver: string;
  readonly #store: CursorStore;
  readonly #deps: CursorKeeperDependencies;
  #revision: number;
  #changed = false;
  #tried = false;
  #savedAtMs: number;
  /** Two writes at a time would refuse each other. */
  #saving: Promise<boolean> = Promise.resolve(true);

  /** `revision` is that of the cursor that the next one replaces. */
  constructor(
    receiver: string,
    revision: number,
    store: CursorStore,
    deps: CursorKeeperDependencies,
  ) {
    this.#receiver = receiver;
    this.#revision = revision;
    this.#store = store;
    this.#deps = deps;
    this.#savedAtMs = deps.clock.monotonicMs();
  }

  /** Something was read, told or given up. */
  noteChange(): void {
    this.#changed = true;
  }

  /** Something was tried and failed: not worth a write each time. */
  noteTry(): void {
    this.#tried = true;
  }

  /**
   * Writes the cursor where that is worth it; `last` where there will be no other. False where it is
   * not stored now. Rejects only with `stream.fenced`, when another process tells the receiver.
   */
  save(cursor: () => ReceiverCursor, last: boolean): Promise<boolean> {
    const next = async (): Promise<boolean> => {
      const nowMs = this.#deps.clock.monotonicMs();
      this.#changed ||= this.#tried && (last || nowMs - this.#savedAtMs >= saveTriedEveryMs);
      return !this.#changed || this.#write(cursor, nowMs);
    };
    this.#saving = this.#saving.then(next, next);
    return this.#saving;
  }

  async #write(cursor: () => ReceiverCursor, nowMs: number): Promise<boolean> {
    const { backbone, logger } = this.#deps;
    if (!backbone.connection()) return false;
    this.#changed = false;
    this.#tried = false;
    this.#savedAtMs = nowMs;
    try {
      const signal = new AbortController().signal;
      this.#revision = await this.#store.save(cursor(), this.#revision, signal);
      return true;
    } catch (thrown) {
      this.#changed = true;
      const failure = GatewayError.from(thrown, "stream.unavailable", "cannot save a cursor");
      if (failure.code === "stream.fenced") throw failure;
      logger.warn("a receiver's cursor was not saved; it is tried again", {
        receiver: this.#receiver,
        reason: failure.message,
      });
      return false;
    }
  }
}
