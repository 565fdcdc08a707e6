/**
 * Where the ways in meet the log: a message becomes its events, each event one record, and the
 * message may be acknowledged when the last of them is on disk.
 *
 * All is synchronous up to the append, so records stand in the log in the order of arrival, and those
 * of one message together. A message without an event is counted, and acknowledged in its turn.
 */
import type { Clock } from "../core/clock.ts";
import type { DeliveryPart } from "../core/delivery-part.ts";
import type { EventBodies, GatewayEvent, Status } from "../core/event.ts";
import type { DraftEvent } from "../core/event-draft.ts";
import type { EventKind } from "../core/event-kind.ts";
import { staleExtensions } from "../core/extensions.ts";
import type { GatewayTime } from "../core/gateway-time.ts";
import type { DeviceId, Seq } from "../core/ids.ts";
import type { LogWriter } from "../core/log-writer.ts";
import type { ConnectionChange, MessageSink, RawMessage } from "../core/message.ts";
import type { Metrics } from "../core/metrics.ts";
import type { Receipt } from "../core/receipt.ts";
import type { Taps } from "../core/taps.ts";
import type { KnownDevice } from "../normalize/known-device.ts";
import type { Normalized, NormalizedEvent, PassedOverMessage } from "../normalize/normalized.ts";
import { DeviceTimes } from "./device-times.ts";
import { IngestCounter, type IngestCounts } from "./ingest-counts.ts";
import { isLate } from "./is-late.ts";
import type { LastMessages } from "./last-messages.ts";
import { NoiseQuota } from "./noise-quota.ts";
import { PassedOver } from "./passed-over.ts";
import { type RejectionEvent, RejectionQuota } from "./rejection-quota.ts";
import { Repeats } from "./repeats.ts";
import { showMessage } from "./show-message.ts";

export interface IngestDependencies {
  readonly clock: Clock;
  readonly log: Pick<LogWriter, "append" | "durableSeq" | "lastSeq" | "onDurable">;
  readonly draft: DraftEvent;
  readonly normalize: (message: RawMessage, clockSynced: boolean) => Normalized;
  readonly time: GatewayTime;
  readonly lastMessages: LastMessages;
  readonly taps: Taps;
  readonly metrics: Metrics;
  /** Called before an event of a device is appended. */
  readonly met: (device: KnownDevice, event: GatewayEvent, message: RawMessage) => void;
  /** Called with each event that is stored, or counted with others; `topic` is that of its message. */
  readonly noted: (event: GatewayEvent, topic?: string) => void;
  /** Called with each event that a message is stored as, where somebody follows their traces. */
  readonly traced?: ((event: GatewayEvent, seq: Seq) => void) | undefined;
  /** Called when a reading of the device is stored already. */
  readonly repeated: (device: DeviceId) => void;
  /** The device that the hub was told of and that is called as this client is; null for none. */
  readonly named: (client: string) => DeviceId | null;
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

/** What another broker had kept, and delivers again. */
const copy: PassedOverMessage = { passedOver: "repeat" };
function repeated(device: KnownDevice): PassedOverMessage {
  return { passedOver: "repeat", by: device.profile.name, device };
}

export class Ingest implements MessageSink {
  readonly #deps: IngestDependencies;
  readonly #counter: IngestCounter;
  readonly #rejections: RejectionQuota;
  readonly #noise: NoiseQuota;
  readonly #repeats = new Repeats();
  readonly #times = new DeviceTimes();
  /** Which messages were passed over, and for what. */
  readonly passedOver = new PassedOver();

  constructor(deps: IngestDependencies) {
    this.#deps = deps;
    const keep = (event: RejectionEvent): Seq => deps.log.append(deps.draft(event));
    this.#rejections = new RejectionQuota(deps.clock, keep);
    this.#noise = new NoiseQuota(deps.clock, deps.log, keep);
    this.#counter = new IngestCounter(deps.metrics);
  }

  get counts(): IngestCounts {
    return this.#counter.counts;
  }

  message(message: RawMessage): Receipt {
    const { counted, lastMessages, normalize, taps, time } = this.#deps;
    this.#counter.received();
    if (taps.wanted("received")) showMessage(taps, message);
    const client = message.client ?? message.source;
    const last = lastMessages.read(message);
    const found =
      last !== undefined && lastMessages.isCopy(message, last)
        ? copy
        : normalize(message, time.syncedAt(message.receivedMs));
    if (found.passedOver !== undefined) return this.#passOver(found, message, client);
    const receipt =
      found.more === undefined
        ? this.#take(message, client, found)
        : this.#takeAll(message, client, [found, ...found.more]);
    if (last !== undefined && typeof receipt === "number") lastMessages.remember(last, receipt);
    counted();
    return receipt;
  }

  /**
   * All its devices are announced first, so that its records stand together. Rejections are the last,
   * since some are only counted and stand in a later record: the last of them vouches for all. Where an
   * earlier process stored some of the events, only the others are stored.
   */
  #takeAll(message: RawMessage, client: string, events: readonly NormalizedEvent[]): Receipt {
    for (const { device, event } of events)
      if (device !== undefined) this.#deps.met(device, event, message);
    const ordered = [
      ...events.filter(({ event }) => event.kind !== "rejection"),
      ...events.filter(({ event }) => event.kind === "rejection"),
    ];
    const { stored } = message.attributes;
    let receipt: Receipt = this.#deps.log.lastSeq;
    for (const [at, one] of ordered.entries()) {
      const part = { following: ordered.length - 1 - at, isFirst: at === 0 };
      if (!stored?.has(part.following)) receipt = this.#take(message, client, one, part);
    }
    return receipt;
  }

  #take(
    message: RawMessage,
    client: string,
    { device, event: said, identity, recordClass, repeat }: NormalizedEvent,
    part?: DeliveryPart,
  ): Receipt {
    const { draft, log, met, noted, taps, traced } = this.#deps;
    const { delivery: whole, unanswered } = message.attributes;
    const isOpen = whole !== undefined && whole.untilPuback === undefined;
    // Of a QoS 2 message with several events every one has a record, or none has.
    const mayRepeat = part === undefined || !isOpen;
    if (device !== undefined && repeat !== undefined && mayRepeat)
      if (this.#repeats.isRepeat(device.id, repeat, message.receivedMs))
        return this.#passOver(repeated(device), message, client);
    const isStale = device !== undefined && this.#times.isStale(device, said);
    const event = isStale
      ? { ...said, extensions: { ...said.extensions, ...staleExtensions } }
      : said;
    if (event.kind === "rejection") {
      this.#counter.rejected();
      noted(event, message.address);
    }
    if (device !== undefined) met(device, event, message);
    const stage = event.kind === "rejection" ? "rejected" : "normalized";
    if (taps.wanted(stage)) taps.offer(stage, event.device, { ...event, topic: message.address });
    if (isLate(event)) {
      this.#counter.late();
      if (taps.wanted("late"))
        taps.offer("late", event.device, { ...event, topic: message.address });
    }
    const delivery = whole && part ? { ...whole, part } : whole;
    if (event.kind === "rejection") {
      const isNoise = event.data.code === "no-profile";
      // An open QoS 2 message is known again by its record, so it has one.
      if (isOpen) {
        const kept = isNoise ? this.#noise.keepable(event) : event;
        this.#rejections.passing(client);
        return log.append(draft(kept, recordClass, identity, delivery));
      }
      return isNoise ? this.#noise.take(event, !unanswered) : this.#rejections.take(client, event);
    }
    this.#rejections.passing(client);
    const { lastSeq } = log;
    const seq = log.append(draft(event, recordClass, identity, delivery));
    if (seq > lastSeq) {
      noted(event, message.address);
      traced?.(event, seq);
    } else {
      this.#counter.storedBefore();
      if (device !== undefined) this.#deps.repeated(device.id);
    }
    return seq;
  }

  #passOver(
    passed: PassedOverMessage,
    { address, receivedMs }: RawMessage,
    client: string,
  ): Receipt {
    this.#counter.passedOver(passed.passedOver);
    this.passedOver.note(passed, address, receivedMs);
    if (passed.device !== undefined && passed.passedOver === "repeat")
      this.#deps.repeated(passed.device.id);
    // Acknowledgements keep their order: it waits for what came before it.
    return passed.until ?? this.#rejections.waitingOf(client) ?? this.#deps.log.lastSeq;
  }

  connection(change: ConnectionChange): Seq {
    const { cause, client, state, text } = change;
    const device = change.device ?? this.#deps.named(client);
    const data: Status = {
      state,
      cause,
      client,
      ...(text !== undefined && { text: text.slice(0, 256) }),
    };
    const seq = this.own({ kind: "status", data, device }, change.receivedMs);
    this.#deps.counted();
    return seq;
  }

  /** Appends what is only counted so far; to be called once no message comes any more. */
  stop(): void {
    this.#rejections.flush();
    this.#noise.stop();
  }

  /** Appends an event that the gateway itself makes; gives the seq of its record. */
  own(statement: OwnStatement, receivedMs = this.#deps.time.nowMs()): Seq {
    const { draft, log, noted, time } = this.#deps;
    // It promises that what was received stands before it: also what is only counted so far.
    if (statement.kind === "watermark") {
      this.#rejections.flush();
      this.#noise.flush();
    }
    const clock = time.syncedAt(receivedMs) ? "gateway" : "unsynced";
    const event = { device: null, ...statement, timeMs: receivedMs, receivedMs, clock } as const;
    noted(event);
    return log.append(draft(event));
  }
}
