/**
 * Tells the hub how it stands with the buffer: that it takes nothing, and why; that what waits for the
 * backbone fills it. What it says while the link is cut reaches the hub only after, like everything
 * else of that time, but with its true time.
 */
import type { Clock, Timer } from "../core/clock.ts";
import type { Status } from "../core/event.ts";
import type { LogState } from "../core/log-accounts.ts";

const everyMs = 1_000;
/** Parts of the buffer that wait; it is well again only clearly below the first. */
const fillingAt = 0.8;
const nearlyFullAt = 0.95;
const easedBelow = 0.7;

const causes = ["buffer-eased", "buffer-filling", "buffer-nearly-full"] as const;

type WatchedState = Pick<
  LogState,
  "firstSeq" | "lastSeq" | "maxBytes" | "sizeBytes" | "trouble" | "waitingRecords" | "writable"
>;

export interface BufferWatchDependencies {
  readonly clock: Clock;
  readonly state: () => WatchedState;
  /** Appends the event to the log. */
  readonly say: (status: Status) => void;
}

export class BufferWatch {
  readonly #deps: BufferWatchDependencies;
  #writable = true;
  /** Index in `causes`. */
  #filled = 0;
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
    const state = this.#deps.state();
    this.#lookIfWritable(state);
    this.#lookHowFull(state);
  }

  #lookIfWritable({ trouble = "", writable }: WatchedState): void {
    if (writable === this.#writable) return;
    this.#writable = writable;
    this.#deps.say(
      writable
        ? { state: "online", cause: "buffer-resumed" }
        : { state: "online", cause: "buffer-stopped", text: trouble },
    );
  }

  #lookHowFull(state: WatchedState): void {
    const part = waitingPart(state);
    const isBetween = part >= easedBelow && part < fillingAt;
    const filled =
      part >= nearlyFullAt ? 2 : part >= fillingAt || (isBetween && this.#filled) ? 1 : 0;
    if (filled === this.#filled) return;
    this.#filled = filled;
    const text = `${Math.round(part * 100)} % of the buffer wait for the backbone`;
    this.#deps.say({ state: "online", cause: causes[filled], text });
  }
}

/**
 * How much of the buffer waits for the backbone, 0 to 1: what is confirmed and held back makes room
 * when it is needed.
 */
export function waitingPart({
  firstSeq,
  lastSeq,
  maxBytes,
  sizeBytes,
  waitingRecords,
}: Pick<
  WatchedState,
  "firstSeq" | "lastSeq" | "maxBytes" | "sizeBytes" | "waitingRecords"
>): number {
  const heldRecords = Math.max(1, lastSeq - firstSeq + 1);
  return (sizeBytes * Math.min(1, waitingRecords / heldRecords)) / maxBytes;
}
