/** Who can be asked about the way of an event. */
import type { AlertTransition } from "../core/alert.ts";
import type { EpochMs } from "../core/clock.ts";
import type { Origin, StoredEvent } from "../core/event.ts";
import type { DeviceId, EventId, SiteId, StreamSeq } from "../core/ids.ts";
import type { StoredReply } from "../stream/command-replies.ts";
import type { GatewayPosition } from "../stream/gateway-reader.ts";
import type { EntryMark } from "../stream/marked-reading.ts";
import type { DeliveryAttempt } from "../stream/notify-log.ts";
import type { PastEntry } from "./past-entry.ts";

/** An event as its gateway's own log has it. */
export interface LoggedEvent {
  readonly event: StoredEvent;
  readonly text: string;
  /** When it was appended, by the gateway's clock. */
  readonly appendedMs: EpochMs;
  /** The backbone has confirmed it. */
  readonly forwarded: boolean;
}

/** How far a reader of streams has said that it is, and when. */
export interface SavedProgress {
  readonly savedMs: EpochMs;
  readonly positionOf: (stream: string) => GatewayPosition | undefined;
  /** In the streams of alerts and of derived values, where it reads them. */
  readonly alerts?: EntryMark | undefined;
  readonly derived?: EntryMark | undefined;
}

/** A transition, and when the server stored it. */
export interface FoundTransition {
  readonly transition: AlertTransition;
  readonly streamSeq: StreamSeq;
  readonly storedMs: EpochMs;
}

/** What a backbone knows. Each may reject with `stream.unavailable`. */
export interface BackboneSources {
  find(id: string): Promise<PastEntry | undefined>;
  /** Of the processor that has the site; undefined where none ever saved anything. */
  processor(site: SiteId): Promise<SavedProgress | undefined>;
  historian(): Promise<SavedProgress | undefined>;
  /** Visits transitions of a site stored since then; false where there were too many to see all. */
  transitions(
    site: SiteId,
    sinceMs: EpochMs,
    visit: (found: FoundTransition) => void,
  ): Promise<boolean>;
  /** The same with deliveries to receivers. */
  attempts(sinceMs: EpochMs, visit: (attempt: DeliveryAttempt) => void): Promise<boolean>;
  /** Steps of a command, in order. */
  replies(
    scope: Origin & { readonly device: DeviceId },
    command: string,
    sinceMs: EpochMs,
  ): Promise<readonly StoredReply[]>;
}

export interface WaySources {
  /** Why the backbone cannot be asked, in words, where it cannot. */
  readonly backbone: BackboneSources | string;
  /** Asks the gateway that made the event; undefined where that cannot be asked, or has it no more. */
  readonly logged: (id: EventId) => Promise<LoggedEvent | undefined>;
}
