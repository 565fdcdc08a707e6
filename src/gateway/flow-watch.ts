/**
 * How fast events come in and go out. Counters are looked at once a second, so it costs nothing per
 * event; a rate is the mean of a window that is named with it.
 */
import type { Clock, EpochMs, Timer } from "../core/clock.ts";
import type { LogState } from "../core/log-accounts.ts";
import type { ForwardState } from "../forward/forward-status.ts";
import { waitingPart } from "./buffer-watch.ts";
import { type FlowSample, FlowSamples } from "./flow-samples.ts";

const everyMs = 1_000;
/** Rates are means of so long. */
export const rateWindowMs = 10_000;
/** What is expected of the buffer rests on a longer look, since devices do not report evenly. */
const outlookWindowMs = 60_000;

/** Means over `rateWindowMs`, or over the time since the start where that is shorter. */
export interface FlowRates {
  readonly windowMs: number;
  /** Messages of devices. */
  readonly receivedPerSecond: number;
  /** Records that were appended. */
  readonly storedPerSecond: number;
  /** Records that the backbone confirmed. */
  readonly sentPerSecond: number;
}

/** What becomes of the buffer if all goes on as it did; absent where it does not come to that. */
export interface BufferOutlook {
  /** What waits fills it: then something has to be dropped. */
  readonly fullInMs?: number;
  /** Nothing waits any more. */
  readonly goneInMs?: number;
}

export interface FlowWatchDependencies {
  readonly clock: Clock;
  readonly received: () => number;
  readonly buffer: () => LogState;
  readonly link: () => Pick<ForwardState, "kind" | "sent">;
}

export class FlowWatch {
  readonly samples = new FlowSamples();
  readonly #deps: FlowWatchDependencies;
  #timer: Timer | undefined;
  #dropped = 0;
  #droppedMs: EpochMs | undefined;

  constructor(deps: FlowWatchDependencies) {
    this.#deps = deps;
  }

  start(): void {
    this.#look();
    this.#again();
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /** When records were dropped last; undefined where none were since the start. */
  get droppedMs(): EpochMs | undefined {
    return this.#droppedMs;
  }

  rates(): FlowRates {
    const [before, now] = this.#window(rateWindowMs);
    const passedMs = now.monotonicMs - before.monotonicMs;
    const perSecond = (of: "received" | "stored" | "sent"): number =>
      passedMs === 0 ? 0 : ((now[of] - before[of]) * 1_000) / passedMs;
    return {
      windowMs: Math.min(rateWindowMs, passedMs),
      receivedPerSecond: perSecond("received"),
      storedPerSecond: perSecond("stored"),
      sentPerSecond: perSecond("sent"),
    };
  }

  outlook(): BufferOutlook {
    const state = this.#deps.buffer();
    const isOut = this.#deps.link().kind !== "offline";
    const [before, now] = this.#window(isOut ? rateWindowMs : outlookWindowMs);
    const passedMs = now.monotonicMs - before.monotonicMs;
    const more = now.waiting - before.waiting;
    if (passedMs === 0 || more === 0 || now.waiting === 0) return {};
    if (more < 0) return { goneInMs: Math.round((now.waiting * passedMs) / -more) };
    const part = waitingPart(state);
    if (part >= 1) return { fullInMs: 0 };
    const partPerMs = (part / now.waiting) * (more / passedMs);
    return { fullInMs: Math.round((1 - part) / partPerMs) };
  }

  /** How it is now, and how it was at the beginning of the window. */
  #window(windowMs: number): readonly [FlowSample, FlowSample] {
    const now = this.#sample();
    return [this.samples.about(windowMs, now.monotonicMs) ?? now, now];
  }

  #again(): void {
    this.#timer = this.#deps.clock.setTimer(everyMs, () => {
      this.#look();
      this.#again();
    });
  }

  #look(): void {
    const { droppedRecords } = this.#deps.buffer();
    if (droppedRecords > this.#dropped) this.#droppedMs = this.#deps.clock.wallMs();
    this.#dropped = droppedRecords;
    this.samples.add(this.#sample());
  }

  #sample(): FlowSample {
    const { buffer, clock, link, received } = this.#deps;
    const { lastSeq, waitingRecords } = buffer();
    const { kind, sent } = link();
    return {
      atMs: clock.wallMs(),
      monotonicMs: clock.monotonicMs(),
      received: received(),
      stored: lastSeq,
      sent,
      waiting: waitingRecords,
      isCut: kind === "offline" || kind === "blocked",
    };
  }
}
