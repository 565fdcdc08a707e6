/**
 * Writes the watermark: the gateway's promise, in band and therefore behind its data, that
 * everything received up to `t` stands before it in the log.
 *
 * Invariants
 * - `t` never goes back, except in a watermark that says `reset`.
 * - While clients are held back or have just been let in, `t` repeats: what they queued meanwhile
 *   may still be on its way, and nobody may be declared silent for it.
 * - `heardMs` grows only while a word of a device would be taken in: silence is counted in it.
 * - A wall clock that is behind the log is waited for, and believed in the end: a clock that ran
 *   ahead and was set right must not silence the gateway until it catches up.
 * - At most one waits for the disk: a disk that takes nothing does not fill the memory with them.
 *   A `reset` does not wait its turn: it stands before the first event of the new time.
 */
import type { Clock, EpochMs, Timer } from "../core/clock.ts";
import type { Watermark } from "../core/event.ts";
import { formatTime } from "../core/event-codec.ts";
import type { GatewayTime } from "../core/gateway-time.ts";
import { type Seq, toSeq } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";
import { ListeningTime } from "./listening-time.ts";

/** How often a watermark is written while nothing arrives. */
const idleEveryMs = 5_000;
/** How many events stand between two watermarks at most. */
const everyEvents = 5_000;
/** By then a box without a clock of its own has the time from the network, if ever. */
const setWithinMs = 10 * 60_000;
/** Timers come early by up to this; whoever took that for too early would wait twice as long. */
const earlyMs = 2;
/** A disk that lets a watermark wait for longer than this takes nothing. */
const stuckMs = 1_000;

export interface WatermarkDependencies {
  readonly clock: Clock;
  readonly time: GatewayTime;
  readonly logger: Logger;
  /** How often a watermark is written while events arrive. */
  readonly everyMs: number;
  /** How long after the start devices may still be catching up. */
  readonly catchUpMs: number;
  /** The last `t` this log promised; undefined for a new log. */
  readonly lastMs: EpochMs | undefined;
  /**
   * How long a wall clock behind the log is waited for before it is believed; default: 10 minutes. 0
   * where the same boot of the machine knew the time before, so that somebody set it back.
   */
  readonly believeAfterMs?: number | undefined;
  /** True while a source holds clients back. */
  readonly holding: () => boolean;
  /** Lets the hub hear something of a gateway that has nothing to say and may not promise. */
  readonly sayAlive?: () => void;
  /** Appends the event to the log. */
  readonly append: (watermark: Watermark) => Seq;
  /** How far the log is on disk. */
  readonly durableSeq: () => Seq;
}

export class Watermarks {
  readonly #deps: WatermarkDependencies;
  readonly #openFromMs: number;
  readonly #believeFromMs: number;
  readonly #listening: ListeningTime;
  #promisedMs: EpochMs | undefined;
  #writtenAtMs = Number.NEGATIVE_INFINITY;
  #events = 0;
  #reset = false;
  #lastSeq = toSeq(0);
  #timer: Timer | undefined;

  constructor(deps: WatermarkDependencies) {
    this.#deps = deps;
    this.#openFromMs = deps.clock.monotonicMs() + deps.catchUpMs;
    this.#believeFromMs = deps.clock.monotonicMs() + (deps.believeAfterMs ?? setWithinMs);
    this.#promisedMs = deps.lastMs;
    this.#listening = new ListeningTime(deps.clock, () => !this.#isDeaf());
  }

  start(): void {
    this.#listening.start();
    this.#tick();
  }

  stop(): void {
    this.#listening.stop();
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** Counts an event that was appended; writes when enough of them stand behind the last promise. */
  counted(): void {
    this.#events += 1;
    if (this.#events >= everyEvents) this.#write();
  }

  #tick(): void {
    const { clock, everyMs, lastMs, logger, time } = this.#deps;
    const stepMs = time.adoptStep();
    if (stepMs !== undefined) {
      logger.warn("the wall clock was stepped", { stepMs });
      this.#reset = true;
    }
    if (clock.monotonicMs() >= this.#believeFromMs && time.believe()) {
      logger.warn("the wall clock is behind the log, and taken for right: it was set back", {
        wall: formatTime(time.nowMs()),
        ...(lastMs !== undefined && { log: formatTime(lastMs) }),
      });
      this.#reset = true;
    }
    const waitedMs = clock.monotonicMs() - this.#writtenAtMs + earlyMs;
    if (this.#reset || (this.#events > 0 ? waitedMs >= everyMs : waitedMs >= idleEveryMs))
      this.#write();
    this.#timer = clock.setTimer(everyMs, () => this.#tick());
  }

  #write(): void {
    const { clock, time } = this.#deps;
    if (this.#waits && !this.#reset) return;
    this.#writtenAtMs = clock.monotonicMs();
    const isIdle = this.#events === 0;
    this.#events = 0;
    // A box that does not know the time yet promises nothing.
    if (!time.synced) {
      if (isIdle) this.#deps.sayAlive?.();
      return;
    }
    const nowMs = time.nowMs();
    const heardMs = this.#listening.totalMs();
    if (this.#reset) {
      this.#reset = false;
      this.#promisedMs = nowMs;
      this.#append({ t: nowMs, reset: true, heardMs });
      return;
    }
    if (!this.#mayMissWords() || this.#promisedMs === undefined) {
      this.#promisedMs = Math.max(nowMs, this.#promisedMs ?? nowMs);
    }
    this.#append({ t: this.#promisedMs, heardMs });
  }

  /** Clients are held back, or may still be sending what they queued before the start. */
  #mayMissWords(): boolean {
    return this.#deps.holding() || this.#deps.clock.monotonicMs() < this.#openFromMs;
  }

  #isDeaf(): boolean {
    const waitedMs = this.#deps.clock.monotonicMs() - this.#writtenAtMs;
    return this.#mayMissWords() || (this.#waits && waitedMs > stuckMs);
  }

  /** The last one is not on disk yet. */
  get #waits(): boolean {
    return this.#deps.durableSeq() < this.#lastSeq;
  }

  #append(watermark: Watermark): void {
    this.#lastSeq = this.#deps.append(watermark);
  }
}
