import type { EpochMs } from "../core/clock.ts";
import type { StreamSeq } from "../core/ids.ts";

/** One event on its way to a target, whole as it stands in its stream. */
export interface Letter {
  /** The id of the event: who gets it twice knows it by that. */
  readonly id: string;
  /** What keeps its order: letters of one lane are carried one after the other. */
  readonly lane: string;
  /** What it is about, where a target wants a key: the device, else the gateway or the instance. */
  readonly key: string;
  readonly isAlert: boolean;
  /** Where it stands, for who looks for it. */
  readonly stream: string;
  /** Undefined for what a bridge says itself. */
  readonly streamSeq: StreamSeq | undefined;
  /** Its subject on the backbone. */
  readonly natsSubject: string;
  readonly timeMs: EpochMs;
  /** What topics are made of: `site`, `gateway`, `device`, `kind`; of an alert `site`, `rule`, `instance`. */
  readonly labels: Readonly<Record<string, string>>;
  /** The bridges that carried what it was made of, by their names; empty for what is new here. */
  readonly carriedBy: readonly string[];
  /** The CloudEvent as JSON. */
  readonly text: string;
}

/** What a batch of a stream comes to: letters in their order, and where the stream was read up to. */
export interface Parcel {
  readonly stream: string;
  readonly letters: readonly Letter[];
  /** To be called once all letters up to here are done with. */
  readonly whenCarried: () => void;
  /** The same as a value to keep: plain JSON. */
  readonly position: object;
}
