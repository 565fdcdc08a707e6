/**
 * The events of a gateway, as its rooms hand them on. On the wire each is a CloudEvent
 * (`event-codec.ts`).
 */
import type { AlertTransition } from "./alert.ts";
import type { EpochMs } from "./clock.ts";
import type { CommandReply } from "./command.ts";
import type { Decision } from "./decision.ts";
import type { DeviceRecord } from "./device.ts";
import type { EventKind, RecordClass } from "./event-kind.ts";
import type { Extensions } from "./extensions.ts";
import type { DeviceId, GatewayId, LogPosition, RunId, Seq, SiteId } from "./ids.ts";
import type { Measurement } from "./measurement.ts";
import type { Rejection } from "./rejection.ts";

/**
 * Whose clock an event's time is from. `unsynced`: the box itself did not know the time yet; such
 * an event proves life and moves no condition.
 */
export type ClockQuality = "device" | "gateway" | "unsynced";

/** The body of a `status` event. */
export interface Status {
  readonly state: "online" | "offline" | "unknown";
  /**
   * `connect`, `session-lost`, `disconnect`, `connection-lost`, `keepalive`, `takeover`, `will`, `reported`,
   * `gateway-started`, `gateway-stopped` (on purpose), `clock-unset`, `buffer-stopped`, `buffer-resumed`,
   * `buffer-filling`, `buffer-nearly-full`, `buffer-eased`, `device-removed`, and of the machine `space-low`,
   * `space-eased`, `disk-slow`, `disk-eased`, `clock-set` (soon after the start), `clock-stepped`.
   */
  readonly cause: string;
  /** MQTT client identifier, where there is one; of a broker outside its address. */
  readonly client?: string;
  /** What the will or the status message said, or why there is no connection, cut at 256 characters. */
  readonly text?: string;
}

/**
 * A declared loss: within `from` to `to` of one run, precisely `count` records are missing, all of
 * one class.
 */
export interface GapRange {
  readonly run: RunId;
  readonly from: Seq;
  readonly to: Seq;
  readonly count: number;
  /** `mixed` where the records are gone and nobody can tell any more. */
  readonly class: RecordClass | "mixed";
  /**
   * `dropped-full`, `damaged`, `too-large`, `set-aside`, `displaced`, `backbone-regressed`,
   * `identity-changed`.
   */
  readonly reason: string;
}

/** The body of a `gap` event. */
export interface Gap {
  readonly ranges: readonly GapRange[];
}

/** The body of a `watermark` event: everything received up to `t` stands before it in the log. */
export interface Watermark {
  readonly t: EpochMs;
  /** The wall clock was stepped; `t` may be earlier than the last one. */
  readonly reset?: true;
  /**
   * How long the gateway has listened to its devices since this run began, monotonic: not while it
   * held clients back, let them catch up, waited for its disk or stood still. Absent from gateways
   * of the first version.
   */
  readonly heardMs?: number;
}

/** The body of each kind. */
export interface EventBodies {
  measurement: readonly Measurement[];
  status: Status;
  rejection: Rejection;
  gap: Gap;
  watermark: Watermark;
  device: DeviceRecord;
  reply: CommandReply;
  "alert-transition": AlertTransition;
  decision: Decision;
}

/** One event of one kind. */
export interface EventOf<K extends EventKind> {
  readonly kind: K;
  /** Null for the gateway's own. */
  readonly device: DeviceId | null;
  /** Event time. */
  readonly timeMs: EpochMs;
  /** When the gateway received or made it, in gateway time. */
  readonly receivedMs: EpochMs;
  readonly clock: ClockQuality;
  /** Profile with version that made sense of it. */
  readonly profile?: string;
  /** What the device said, where it could not be believed: too far ahead, or a clock never set. */
  readonly deviceTimeMs?: EpochMs | undefined;
  /** What only some events carry, by names that the page of this room lists. */
  readonly extensions?: Extensions | undefined;
  readonly data: EventBodies[K];
}

/** Any event, told apart by `kind`. */
export type GatewayEvent = { [K in EventKind]: EventOf<K> }[EventKind];

/** Who speaks: the same for all events of one gateway. */
export interface Origin {
  readonly site: SiteId;
  readonly gateway: GatewayId;
}

/** An event read back from the road: what it says, who said it, and where it stands in that log. */
export type StoredEvent = GatewayEvent & {
  readonly origin: Origin;
  readonly position: LogPosition;
};
