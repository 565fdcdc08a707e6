/**
 * Where the ways in meet the log: a message becomes one event, the event one record, and the
 * message is acknowledged when the record is on disk.
 *
 * All is synchronous up to the append, so records stand in the log in the order of arrival.
 */
import type { Clock } from "../core/clock.ts";
import type { EventBodies, GatewayEvent, Status } from "../core/event.ts";
import { type EventKind, eventKinds, type RecordClass } from "../core/event-kind.ts";
import type { GatewayTime } from "../core/gateway-time.ts";
import { type DeviceId, type EventId, toDeviceId } from "../core/ids.ts";
import type { ConnectionChange, MessageSink, RawMessage } from "../core/message.ts";
import type { Counter, Metrics } from "../core/metrics.ts";
import type { Delivery, MessageIdentity } from "../core/record.ts";
import type { RecordLog } from "../core/record-log.ts";
import type { Taps } from "../core/taps.ts";
import type { KnownDevice } from "../normalize/known-device.ts";
import type { Normalized } from "../normalize/normalizer.ts";
import { RejectionQuota } from "./rejection-quota.ts";

export interface IngestDependencies {
  readonly clock: Clock;
  readonly log: RecordLog;
  readonly encode: (event: GatewayEvent, id: EventId) => string;
  readonly normalize: (message: RawMessage, clockSynced: boolean) => Normalized;
  readonly time: GatewayTime;
  readonly taps: Taps;
  readonly metrics: Metrics;
  /** Called before the first event of a device is appended. */
  readonly met: (device: KnownDevice) => void;
  /** True for a device that the hub was told of. */
  readonly knows: (device: DeviceId) => boolean;
  /** Called after each event that a device caused. */
  readonly counted: () => void;
}

/** An event of the gateway's own: what it says, and of which device where it is of one. */
export type OwnStatement = {
  [K in EventKind]: {
    readonly kind: K;
    readonly data: EventBodies[K];
    readonly device?: DeviceId | null;
  };
}[EventKind];

/** What ingest did since the start; all counts of messages. */
export interface IngestCounts {
  readonly received: number;
  readonly rejected: number;
}

export class Ingest implements MessageSink {
  readonly #deps: IngestDependencies;
  readonly #receivedTotal: Counter;
  readonly #rejectedTotal: Counter;
  readonly #rejections: RejectionQuota;
  #received = 0;
  #rejected = 0;

  constructor(deps: IngestDependencies) {
    this.#deps = deps;
    this.#rejections = new RejectionQuota(deps.clock, (event, done) =>
      this.#append(event, eventKinds.rejection.recordClass, undefined, undefined, done),
    );
    this.#receivedTotal = deps.metrics.counter(
      "gateway_sources_messages_received_total",
      "Messages that devices sent.",
    );
    this.#rejectedTotal = deps.metrics.counter(
      "gateway_normalize_messages_rejected_total",
      "Messages that did not fit and were kept as rejections.",
    );
  }

  get counts(): IngestCounts {
    return { received: this.#received, rejected: this.#rejected };
  }

  message(message: RawMessage): void {
    const { counted, met, normalize, taps, time } = this.#deps;
    this.#received += 1;
    this.#receivedTotal.add();
    if (taps.wanted("received")) showMessage(taps, message);
    const { device, event, identity, recordClass } = normalize(message, time.synced);
    if (event.kind === "rejection") {
      this.#rejected += 1;
      this.#rejectedTotal.add();
    }
    if (device !== undefined) met(device);
    const stage = event.kind === "rejection" ? "rejected" : "normalized";
    if (taps.wanted(stage)) taps.offer(stage, event.device, { ...event, topic: message.address });
    const client = message.client ?? message.source;
    const { delivery } = message.attributes;
    const done = (): void => message.ack();
    // An open QoS 2 message is known again by its record, so it has one.
    if (event.kind === "rejection" && delivery === undefined)
      this.#rejections.take(client, event, done);
    else {
      this.#rejections.passing(client);
      this.#append(event, recordClass, identity, delivery, done);
    }
    counted();
  }

  connection(change: ConnectionChange, done: () => void): void {
    const named = change.device ?? toDeviceId(change.client);
    const device = change.device !== undefined || this.#deps.knows(named) ? named : null;
    const { cause, client, state } = change;
    const data: Status = { state, cause, client };
    this.own({ kind: "status", data, device }, change.receivedMs, done);
    this.#deps.counted();
  }

  /** Appends what is only counted so far; to be called once no message comes any more. */
  stop(): void {
    this.#rejections.flush();
  }

  /** Appends an event that the gateway itself makes; `done` is called once it is on disk. */
  own(statement: OwnStatement, receivedMs = this.#deps.time.nowMs(), done?: () => void): void {
    const clock = this.#deps.time.synced ? "gateway" : "unsynced";
    this.#append(
      { device: null, ...statement, timeMs: receivedMs, receivedMs, clock },
      eventKinds[statement.kind].recordClass,
      undefined,
      undefined,
      done,
    );
  }

  #append(
    event: GatewayEvent,
    recordClass: RecordClass,
    identity?: MessageIdentity,
    delivery?: Delivery,
    done?: () => void,
  ): void {
    const { encode, log } = this.#deps;
    log.append(
      {
        kind: event.kind,
        recordClass,
        device: event.device,
        ...(identity !== undefined && { identity }),
        ...(delivery !== undefined && { delivery }),
        encode: (id) => encode(event, id),
      },
      // A record that never became durable is not acknowledged: its device sends it again.
      done && ((failure) => failure === undefined && done()),
    );
  }
}

/** As much of the payload of a message as fits on a screen. */
const shownBytes = 2_048;

function showMessage(taps: Taps, message: RawMessage): void {
  const { address, client, payload, source, receivedMs } = message;
  const text = Buffer.from(
    payload.buffer,
    payload.byteOffset,
    Math.min(payload.byteLength, shownBytes),
  );
  taps.offer("received", message.device ?? null, {
    source,
    topic: address,
    ...(client !== undefined && { client }),
    receivedMs,
    bytes: payload.byteLength,
    payload: text.toString("utf8"),
  });
}
