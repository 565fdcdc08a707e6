/** What a partition could not take in, kept with its checkpoint: how often, and the last of it. */
import type { Clock } from "../core/clock.ts";
import { formatTime } from "../core/event-codec.ts";

/** The last ones are named, this many. */
const maxNamed = 50;

export type MishapKind =
  /** The rules fail on an event; it is still in its stream. */
  | "event-set-aside"
  /** The backbone can never take a transition. */
  | "transition-refused"
  /** A stream let go of records before they were read. */
  | "records-gone";

export interface Mishap {
  readonly kind: MishapKind;
  readonly stream: string;
  /** `<run>.<seq>` of a record, `<run>.<seq>..<run>.<seq>` around those that are gone, or an id. */
  readonly where: string;
  readonly reason: string;
  /** When it was met, RFC 3339. */
  readonly at: string;
}

/** Plain JSON. */
export interface MishapState {
  readonly counts: Readonly<Record<MishapKind, number>>;
  /** The oldest first, 50 at most. */
  readonly latest: readonly Mishap[];
}

const none: MishapState = {
  counts: { "event-set-aside": 0, "transition-refused": 0, "records-gone": 0 },
  latest: [],
};

/** Goes on counting where a checkpoint left off. */
export class MishapLog {
  readonly #clock: Clock;
  #state: MishapState;

  constructor(state: MishapState | undefined, clock: Clock) {
    this.#clock = clock;
    this.#state = state ?? none;
  }

  add(mishap: Omit<Mishap, "at">): void {
    const { counts, latest } = this.#state;
    const { kind } = mishap;
    this.#state = {
      counts: { ...counts, [kind]: counts[kind] + 1 },
      latest: [...latest, { ...mishap, at: formatTime(this.#clock.wallMs()) }].slice(-maxNamed),
    };
  }

  state(): MishapState {
    return this.#state;
  }
}
