/** What a partition could not take in, kept with its checkpoint: how often, and the last of it. */
import type { Clock } from "../core/clock.ts";
import { formatTime } from "../core/event-codec.ts";
import { isObject } from "../core/is-object.ts";

/** The last ones are named, this many, each reason with this many characters. */
const maxNamed = 50;
const maxReason = 300;

export type MishapKind =
  /** A message in a gateway's stream is no event of ours; it is still there. */
  | "message-unreadable"
  /** The rules fail on an event; it is still in its stream. */
  | "event-set-aside"
  /** The backbone can never take a transition. */
  | "transition-refused"
  /** A stream let go of records before they were read. */
  | "records-gone";

export interface Mishap {
  readonly kind: MishapKind;
  readonly stream: string;
  /**
   * `<run>.<seq>` of a record, `<run>.<seq>..<run>.<seq>` around those that are gone, `message <n>`
   * by its number in the stream, or the id of a transition.
   */
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

const none: MishapState["counts"] = {
  "message-unreadable": 0,
  "event-set-aside": 0,
  "transition-refused": 0,
  "records-gone": 0,
};

/** Goes on counting where a checkpoint left off. */
export class MishapLog {
  readonly #clock: Clock;
  #state: MishapState;

  constructor(state: MishapState | undefined, clock: Clock) {
    this.#clock = clock;
    // A checkpoint of an earlier version knows fewer kinds.
    this.#state = { counts: { ...none, ...state?.counts }, latest: state?.latest ?? [] };
  }

  add(mishap: Omit<Mishap, "at">): void {
    const { counts, latest } = this.#state;
    const { kind } = mishap;
    const reason = mishap.reason.slice(0, maxReason);
    const named = { ...mishap, reason, at: formatTime(this.#clock.wallMs()) };
    this.#state = {
      counts: { ...counts, [kind]: counts[kind] + 1 },
      latest: [...latest, named].slice(-maxNamed),
    };
  }

  state(): MishapState {
    return this.#state;
  }
}

/** True for what a checkpoint has of it. */
export function isMishapState(value: unknown): value is MishapState {
  if (!isObject(value)) return false;
  const { counts, latest } = value;
  return (
    isObject(counts) &&
    Object.values(counts).every((count) => typeof count === "number") &&
    Array.isArray(latest) &&
    latest.every((mishap) => isObject(mishap) && typeof mishap["reason"] === "string")
  );
}
