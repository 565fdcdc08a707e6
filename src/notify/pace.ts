/**
 * How much may be under way to one receiver at a time, and when nothing may.
 *
 * Who waits long for an answer gives the place to the next: a receiver that never answers about
 * some alerts still hears of the others. Attempts that follow a failure have half of the places at
 * most. After a receiver asked for rest, one goes first and each answer makes room for one more.
 */
import type { Clock, Timer } from "../core/clock.ts";
import type { Delivery } from "./receiver.ts";

const mostPlaces = 32;
/** An attempt that is older than this has no place any more. */
const placeForMs = 1_000;
/** All that are under way, with a place or without. */
const mostUnderWay = 256;
/** A failing receiver that answers again after this long is told of everything that waits. */
const outageMs = 10_000;

export class Pace {
  readonly #clock: Clock;
  readonly #onRoom: () => void;
  #places = mostPlaces;
  #placesTaken = 0;
  #againTaken = 0;
  #underWay = 0;
  #restUntilMs = Number.NEGATIVE_INFINITY;
  #restTimer: Timer | undefined;
  #failingSinceMs: number | undefined;
  #lastWasAgain = false;

  /** `onRoom` is called when more may go than before. */
  constructor(clock: Clock, onRoom: () => void) {
    this.#clock = clock;
    this.#onRoom = onRoom;
  }

  /** True when one more may go. */
  get open(): boolean {
    return (
      this.#placesTaken < this.#places &&
      this.#underWay < mostUnderWay &&
      this.#clock.monotonicMs() >= this.#restUntilMs
    );
  }

  /** True when that may be one that was tried before. */
  get openAgain(): boolean {
    return this.#againTaken < Math.max(1, Math.floor(this.#places / 2));
  }

  /** True when one that was not tried before comes first, whatever its severity. */
  get prefersFresh(): boolean {
    return this.#lastWasAgain;
  }

  /**
   * An attempt begins; to be called with its outcome, undefined where there was none. True when
   * with it an outage ended.
   */
  begin(again: boolean): (delivery: Delivery | undefined) => boolean {
    this.#lastWasAgain = again;
    this.#underWay += 1;
    this.#placesTaken += 1;
    if (again) this.#againTaken += 1;
    let hasPlace = true;
    const leavePlace = (): void => {
      if (!hasPlace) return;
      hasPlace = false;
      this.#placesTaken -= 1;
      if (again) this.#againTaken -= 1;
    };
    const timer = this.#clock.setTimer(placeForMs, () => {
      leavePlace();
      this.#onRoom();
    });
    return (delivery) => {
      timer.cancel();
      leavePlace();
      this.#underWay -= 1;
      if (delivery?.kind === "failed" && delivery.restMs !== undefined) this.#rest(delivery.restMs);
      else if (delivery) this.#places = Math.min(mostPlaces, this.#places + 1);
      return this.#endsOutage(delivery);
    };
  }

  stop(): void {
    this.#restTimer?.cancel();
  }

  #rest(ms: number): void {
    const untilMs = this.#clock.monotonicMs() + ms;
    this.#places = 1;
    if (untilMs <= this.#restUntilMs) return;
    this.#restUntilMs = untilMs;
    this.#restTimer?.cancel();
    this.#restTimer = this.#clock.setTimer(ms, this.#onRoom);
  }

  #endsOutage(delivery: Delivery | undefined): boolean {
    const nowMs = this.#clock.monotonicMs();
    if (delivery?.kind === "failed") this.#failingSinceMs ??= nowMs;
    if (delivery?.kind !== "delivered") return false;
    const failedForMs = nowMs - (this.#failingSinceMs ?? nowMs);
    this.#failingSinceMs = undefined;
    return failedForMs >= outageMs;
  }
}
