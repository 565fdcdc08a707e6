import type { AlertTransition } from "../core/alert.ts";
import type { EpochMs } from "../core/clock.ts";
import type { DerivedValue } from "../core/derived-value.ts";
import type { EventOf, Origin, StoredEvent } from "../core/event.ts";
import type { GatewayId } from "../core/ids.ts";
import type { DocumentPart } from "../stream/parted-document-writer.ts";
import type { BoundCounts } from "./bound-journal.ts";

/** A transition as the rules compute it from the data alone. */
export type TransitionDraft = Omit<
  AlertTransition,
  "observed_at" | "late" | "read_up_to" | "read_also" | "traceparent" | "tracestate"
>;

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
   * The same for a watermark, in steps: it is about every device of its gateway. In between the rules
   * may be looked at, and nothing else.
   */
  pass(event: StoredEvent & EventOf<"watermark">): Generator<void, readonly TransitionDraft[]>;
  /** The derived values that came about since it was asked last, in the order to store them in. */
  derived(): readonly DerivedValue[];
  /**
   * Events of a gateway are gone unread, up to the one that was received at `atMs` and is fed next:
   * no condition is known until its next sample.
   */
  forget(gateway: GatewayId, atMs: EpochMs): void;
  /** What it found when it was taken up under rules that were edited since; once. */
  found(): readonly TransitionDraft[];
  /** Tells what the hub sees of a gateway's stream; nothing in it is left to feed. */
  see(sighting: GatewaySighting): readonly TransitionDraft[];
  /** These gateways have streams, and no others; to be told before any of them is fed. */
  expect(gateways: Iterable<Origin>): readonly TransitionDraft[];
  /** True where the other gateways of its site should be read first. */
  isAhead(gateway: GatewayId): boolean;
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
   * Everything it remembers. Parts are made as they are asked for, and nothing is fed before the
   * last one was; whoever asks for one saves it.
   */
  memory(): EngineMemory;
  /** What it counted since it was created, plain JSON for people. */
  readonly counts: BoundCounts;
  /** Devices whose samples or clocks somebody should look at, the worst first. */
  devicesInTrouble(): readonly object[];
  /** How one alert of one device is and why, at each gateway that has it; plain JSON for people. */
  explain(alert: string, device: string): readonly object[];
  /** How many instances each rule has, and how they are; the same. */
  tally(): readonly object[];
  /** Rules that fail with what some device sent. */
  failingRules(): readonly FailingRule[];
}

/** A rule that fails, and the device that it failed with last. */
export interface FailingRule {
  readonly rule: string;
  /** How often, over all devices. */
  readonly failures: number;
  readonly device: string;
  readonly error: string;
  readonly at: string;
}

/** What people may ask of the rules. */
export type AskedRules = Pick<Engine, "explain" | "failingRules" | "tally">;

/** What an engine remembers. */
export interface EngineMemory {
  /** What belongs to no part; plain JSON. */
  readonly head: unknown;
  /** All that there are. One that did not change since it was last asked for says so. */
  readonly parts: Iterable<DocumentPart>;
}

/** The same as it came back from storage. */
export interface StoredMemory {
  readonly head: unknown;
  /** By name, in the order in which the engine gave them. */
  readonly parts: ReadonlyMap<string, unknown>;
}

/**
 * Gives an engine with nothing behind it, or one that goes on from what another remembered. Throws
 * when it cannot read that.
 */
export type CreateEngine = (memory?: StoredMemory) => Engine | Promise<Engine>;
