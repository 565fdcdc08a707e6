import type { AlertTransition } from "../core/alert.ts";
import type { EpochMs } from "../core/clock.ts";
import type { Origin, StoredEvent } from "../core/event.ts";
import type { GatewayId } from "../core/ids.ts";
import type { BoundCounts } from "./bound-journal.ts";

/** A transition as the rules compute it from the data alone. */
export type TransitionDraft = Omit<AlertTransition, "observed_at" | "late" | "read_up_to">;

/** What the hub sees of a gateway's stream, by the clocks of the hub. */
export interface GatewaySighting extends Origin {
  /** When the server stored its last message. */
  readonly storedMs: EpochMs;
  /** Where in the stream that stands. */
  readonly lastSeq: number;
  /** For how long it was seen, without a break, that nothing was added. */
  readonly quietMs: number;
}

/**
 * What the processor needs of a rule engine: a pure function with a memory. The same events after
 * the same snapshot give the same drafts.
 */
export interface Engine {
  /** The list is good until the next call. */
  feed(event: StoredEvent): readonly TransitionDraft[];
  /**
   * Events of a gateway are gone unread, up to the one that was received at `atMs` and is fed next:
   * no condition is known until its next sample.
   */
  forget(gateway: GatewayId, atMs: EpochMs): void;
  /** Tells what the hub sees of a gateway's stream; nothing in it is left to feed. */
  see(sighting: GatewaySighting): readonly TransitionDraft[];
  /** A gateway is gone for good. Gives the ends of its alerts. */
  remove(gateway: GatewayId): readonly TransitionDraft[];
  /** The last transitions of all episodes that are open. */
  open(): Iterable<TransitionDraft>;
  /**
   * `stored` is the last stored transition of its alert, and the events behind it can never come:
   * the rules go on behind it. Gives the end of its episode where that is open and does not go on.
   */
  goOnBehind(stored: TransitionDraft): TransitionDraft | undefined;
  /**
   * Everything it remembers as JSON text, in small pieces that are made as they are asked for.
   * Nothing is fed before the last one.
   */
  snapshotText(): Iterable<string>;
  /** What it counted since it was created, plain JSON for people. */
  readonly counts: BoundCounts;
  /** Devices whose samples or clocks somebody should look at, the worst first. */
  devicesInTrouble(): readonly object[];
}

/**
 * Gives an engine with nothing behind it, or one that goes on from a snapshot as it came back from
 * storage. Throws when it cannot read the snapshot.
 */
export type CreateEngine = (snapshot?: unknown) => Engine;
