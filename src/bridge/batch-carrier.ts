/** Carries letters to a target that takes many of them and where we are, all or nothing. */
import { type Clock, sleep } from "../core/clock.ts";
import type { Carrier, SetAsideLetter } from "./carrier.ts";
import type { Letter, Parcel } from "./letter.ts";
import type { BatchSession } from "./link.ts";
import { WaitingRoom } from "./waiting-room.ts";

/** Letters in one batch, about: what a reader gave stays together. */
const mostLetters = 2_000;
const mostCharacters = 4 * 1_048_576;
/** How long a letter waits for others; and how long one waits who only moved on. */
const gatherMs = 50;
const idleMs = 5_000;

export interface BatchCarrierDependencies {
  readonly clock: Clock;
  readonly mostLetters: () => number;
  readonly setAside: SetAsideLetter;
  readonly skipped: (letter: Letter) => string | undefined;
  /** So many letters were taken. */
  readonly onTaken: (letters: number) => void;
  readonly mayWrite: () => boolean;
}

export class BatchCarrier implements Carrier {
  readonly #session: BatchSession;
  readonly #deps: BatchCarrierDependencies;
  readonly #room: WaitingRoom;
  #parcels: Parcel[] = [];
  #onParcel: () => void = () => {};

  constructor(session: BatchSession, deps: BatchCarrierDependencies) {
    this.#session = session;
    this.#deps = deps;
    this.#room = new WaitingRoom(deps.mostLetters);
  }

  get waiting(): number {
    return this.#room.letters;
  }

  async take(parcel: Parcel, signal: AbortSignal): Promise<void> {
    if (!(await this.#room.enter(parcel, signal))) return;
    this.#parcels.push(parcel);
    this.#onParcel();
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, mayWrite } = this.#deps;
    while (!signal.aborted) {
      if (this.#parcels.length === 0) await this.#untilParcel(idleMs, signal);
      else if (this.#room.letters > 0) await sleep(clock, gatherMs, signal);
      else await this.#untilLetters(signal);
      if (signal.aborted || this.#parcels.length === 0 || !mayWrite()) continue;
      await this.#carry(this.#gather(), signal);
    }
  }

  #gather(): readonly Parcel[] {
    let letters = 0;
    let characters = 0;
    let taken = 0;
    for (const parcel of this.#parcels) {
      if (taken > 0 && (letters >= mostLetters || characters >= mostCharacters)) break;
      taken += 1;
      letters += parcel.letters.length;
      for (const { text } of parcel.letters) characters += text.length;
    }
    return this.#parcels.splice(0, taken);
  }

  async #carry(parcels: readonly Parcel[], signal: AbortSignal): Promise<void> {
    const { onTaken, setAside, skipped } = this.#deps;
    const positions = new Map(parcels.map(({ position, stream }) => [stream, position]));
    const letters: Letter[] = [];
    for (const letter of parcels.flatMap((parcel) => parcel.letters)) {
      const reason = skipped(letter);
      if (reason === undefined) letters.push(letter);
      else if (!(await setAside(letter, "skipped", reason, signal))) return;
    }
    let aside = 0;
    await this.#session.carry(letters, positions, async (letter, reason) => {
      aside += 1;
      return setAside(letter, "refused", reason, signal);
    });
    onTaken(letters.length - aside);
    for (const { letters: carried, whenCarried } of parcels) {
      for (const letter of carried) this.#room.leave(letter);
      whenCarried();
    }
  }

  /** Where nothing but places moved, one time for many will do. */
  async #untilLetters(signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    const untilMs = clock.monotonicMs() + idleMs;
    while (!signal.aborted && this.#room.letters === 0) {
      const leftMs = untilMs - clock.monotonicMs();
      if (leftMs <= 0) return;
      await this.#untilParcel(leftMs, signal);
    }
  }

  async #untilParcel(waitMs: number, signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    this.#onParcel = () => stop.abort();
    await sleep(this.#deps.clock, waitMs, AbortSignal.any([signal, stop.signal]));
  }
}
