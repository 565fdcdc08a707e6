/**
 * Carries letters to a target that takes one after the other: many at a time, of each lane one.
 *
 * Invariants
 * - A letter goes when all before it in its lane are done with.
 * - A parcel is called carried when each of its letters, and of those before it in its stream, is taken
 *   or set aside.
 */
import type { Clock } from "../core/clock.ts";
import { backoffMs, type Random } from "../core/retry.ts";
import type { Carrier, SetAsideLetter } from "./carrier.ts";
import { type Lane, Lanes } from "./lanes.ts";
import type { Letter, Parcel } from "./letter.ts";
import type { Delivered, LetterLink, Trouble } from "./link.ts";
import type { Pace } from "./pace.ts";
import { ParcelQueue } from "./parcel-queue.ts";
import type { TargetHealth } from "./target-health.ts";
import { WaitingRoom } from "./waiting-room.ts";

/** A letter that fails again and again waits by itself, so that others may go. */
const laneLimits = { baseMs: 250, maxMs: 30_000 };
const lookAgainMs = 500;

export interface LaneCarrierDependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly pace: Pace;
  readonly health: TargetHealth;
  readonly mostLetters: () => number;
  readonly setAside: SetAsideLetter;
  /** Why people want it set aside; undefined where they do not. */
  readonly skipped: (letter: Letter) => string | undefined;
  readonly onTaken: () => void;
  /** False while another process may have this share. */
  readonly mayWrite: () => boolean;
}

export class LaneCarrier implements Carrier {
  readonly #link: LetterLink;
  readonly #deps: LaneCarrierDependencies;
  readonly #room: WaitingRoom;
  readonly #lanes = new Lanes();
  readonly #parcels = new ParcelQueue();
  #onTheWay = 0;
  #ended = AbortSignal.abort();
  /** What is waited for, each ended at the stop; listeners of a signal would be as many as letters. */
  readonly #atStop = new Set<() => void>();
  #fail: (thrown: unknown) => void = () => {};
  #isLooking = false;

  constructor(link: LetterLink, deps: LaneCarrierDependencies) {
    this.#link = link;
    this.#deps = deps;
    this.#room = new WaitingRoom(deps.mostLetters);
  }

  get waiting(): number {
    return this.#room.letters;
  }

  async take(parcel: Parcel, signal: AbortSignal): Promise<void> {
    if (!(await this.#room.enter(parcel, signal))) return;
    const counted = this.#parcels.add(parcel);
    for (const letter of parcel.letters) this.#lanes.add(letter, counted);
    this.#send();
  }

  run(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#ended = signal;
      this.#fail = reject;
      const end = (): void => {
        for (const stop of [...this.#atStop]) stop();
        resolve();
      };
      signal.addEventListener("abort", end, { once: true });
      if (signal.aborted) end();
      this.#send();
    });
  }

  #send(): void {
    const { mayWrite, pace } = this.#deps;
    if (this.#ended.aborted) return;
    while (this.#lanes.hasReady && this.#onTheWay < pace.most(this.#link.atOnce)) {
      const waitMs = mayWrite() ? pace.restMs : lookAgainMs;
      if (waitMs > 0) {
        this.#sendIn(waitMs);
        return;
      }
      const lane = this.#lanes.takeReady();
      if (lane) void this.#carry(lane).catch((thrown: unknown) => this.#fail(thrown));
    }
  }

  #sendIn(waitMs: number): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#later(waitMs, () => {
      this.#isLooking = false;
      this.#send();
    });
  }

  /** Unless the stop comes first. */
  #later(waitMs: number, run: () => void): void {
    const timer = this.#deps.clock.setTimer(waitMs, () => {
      this.#atStop.delete(stop);
      run();
    });
    const stop = (): void => timer.cancel();
    this.#atStop.add(stop);
  }

  /** What is under way at the stop is not waited for. */
  #deliver(letter: Letter): Promise<Delivered> {
    return new Promise((resolve, reject) => {
      const stop = (): void => resolve({ kind: "trouble", reason: "stopped before an answer" });
      this.#atStop.add(stop);
      this.#link
        .deliver(letter, this.#ended)
        .then(resolve, reject)
        .finally(() => this.#atStop.delete(stop));
    });
  }

  async #carry(lane: Lane): Promise<void> {
    const { letter } = lane.first;
    this.#onTheWay += 1;
    const skipped = this.#deps.skipped(letter);
    const outcome: Delivered =
      skipped === undefined ? await this.#deliver(letter) : { kind: "refused", reason: skipped };
    const isDone = await this.#settle(letter, outcome, skipped !== undefined);
    this.#onTheWay -= 1;
    if (this.#ended.aborted) return;
    if (isDone) {
      this.#room.leave(letter);
      this.#lanes.next(lane);
    } else this.#rest(lane);
    this.#send();
  }

  async #settle(letter: Letter, outcome: Delivered, isSkipped: boolean): Promise<boolean> {
    const { health, onTaken, pace, setAside } = this.#deps;
    if (outcome.kind === "trouble") {
      if (!this.#ended.aborted) this.#noteTrouble(letter, outcome);
      return false;
    }
    if (!isSkipped) {
      pace.noteTaken();
      health.noteWell();
    }
    if (outcome.kind === "taken") onTaken();
    else {
      const kind = isSkipped ? "skipped" : "refused";
      if (!(await setAside(letter, kind, outcome.reason, this.#ended))) return false;
    }
    return true;
  }

  #noteTrouble({ id }: Letter, trouble: Trouble): void {
    this.#deps.pace.noteTrouble(trouble);
    this.#deps.health.noteTrouble(trouble.reason, id);
  }

  #rest(lane: Lane): void {
    lane.failures += 1;
    this.#later(backoffMs(laneLimits, lane.failures, this.#deps.random), () => {
      this.#lanes.ready(lane);
      this.#send();
    });
  }
}
