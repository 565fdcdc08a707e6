import type { EpochMs } from "./clock.ts";
import type { DeliveryPart } from "./delivery-part.ts";
import type { DeviceWay } from "./device-write.ts";
import type { DeviceId, Seq } from "./ids.ts";
import type { Receipt } from "./receipt.ts";
import type { Delivery } from "./record.ts";
import type { Refusal } from "./refusal.ts";

/**
 * What the publisher says of a message beside its topic and payload (MQTT 5 §3.3.2.3). Of a
 * stranger: whoever fills it bounds it with `mostPropertyBytes`.
 */
export interface MessageProperties {
  /** A media type, most often. */
  readonly contentType?: string;
  /** Where an answer is expected. */
  readonly responseTopic?: string;
  /** What the answer has to repeat. */
  readonly correlationData?: Uint8Array;
  /** In their order; a name may come more than once. */
  readonly user?: readonly (readonly [name: string, value: string])[];
}

/** Of the properties of one message, names and values together; what is behind is left out. */
export const mostPropertyBytes = 4_096;

/** How large a message was that did not fit, and which limit it was against. */
export interface CutMessage {
  readonly bytes: number;
  /** The limit by its name in the configuration. */
  readonly limit: string;
  /** Its value in bytes. */
  readonly atMost: number;
}

/** What only some ways in say of a message. */
export interface MessageAttributes {
  /** MQTT: a broker publishes it for a client that went away (MQTT 3.1.1 §3.1.2.5). */
  readonly will?: true;
  /**
   * MQTT: a broker outside had kept it and delivers it again, so it was said some time before it was
   * received and proves no life. Never what a client publishes with RETAIN to our own broker: that is
   * said now, and the flag only asks that it be kept for others.
   */
  readonly retained?: true;
  /**
   * Another broker passes it on, and may deliver it once more at its next connection. `live`: it was
   * said now. `either`: it may be such a second delivery, and is one where it has the bytes of the last
   * message of its topic.
   */
  readonly relay?: "live" | "either";
  /** Nobody waits for its acknowledgment: MQTT QoS 0. */
  readonly unanswered?: true;
  /** MQTT QoS 2: to be stored with the event, so that a resend is known after a restart too. */
  readonly delivery?: Delivery;
  /** An earlier process stored these of its events, by how many follow them, and no others. */
  readonly stored?: ReadonlyMap<number, DeliveryPart>;
  /** It was larger than the way in allows, and `payload` is only its beginning. */
  readonly cut?: CutMessage;
  /** A line: what arrived is no whole frame, and why in words; `payload` is what there is of it. */
  readonly damaged?: string;
  /** MQTT 5: what the publisher added. */
  readonly properties?: MessageProperties;
}

/** Those of most messages. */
export const noAttributes: MessageAttributes = {};

/**
 * What a source received, before anyone looked inside.
 *
 * The source gives it to the sink synchronously, in the order of arrival, and acknowledges it when
 * the record that the sink answered with is on disk, in the same order per connection. A message
 * that is never acknowledged (the disk holds, the process dies) comes again from the device.
 */
export interface RawMessage {
  /** Which source: `mqtt 127.0.0.1:1883`. For people and metrics. */
  readonly source: string;
  /** Where it came in: MQTT topic name, or the name of the port. */
  readonly address: string;
  readonly payload: Uint8Array;
  /** When it arrived, in gateway time. */
  readonly receivedMs: EpochMs;
  /** Who sent it, where the way in knows: MQTT client identifier. */
  readonly client: string | undefined;
  /** The device that the credentials name; wins over anything the address says. */
  readonly device: DeviceId | undefined;
  readonly attributes: MessageAttributes;
}

/** A client came or went, or a broker outside, a port, a member of a bus did. */
export interface ConnectionChange {
  readonly source: string;
  /** MQTT client identifier, or the address of the broker or port. */
  readonly client: string;
  readonly device?: DeviceId;
  readonly state: "online" | "offline";
  readonly cause:
    | "connect"
    | "session-lost"
    | "disconnect"
    | "connection-lost"
    | "keepalive"
    | "takeover"
    /** It was asked, as often as it is, and said nothing. */
    | "no-answer";
  /** Why, in words, where there are any. */
  readonly text?: string | undefined;
  readonly receivedMs: EpochMs;
}

/** Where sources deliver. Both calls return at once and never throw; they give what to wait for. */
export interface MessageSink {
  message(message: RawMessage): Receipt;
  connection(change: ConnectionChange): Seq;
}

/** How a way in that goes out to others reaches them. */
export interface LinkState {
  readonly isConnected: boolean;
  readonly sinceMs: EpochMs;
  /** Why there is no connection, in words. */
  readonly reason: string | undefined;
}

/** A device that a source asks. */
export interface BusMember {
  readonly device: DeviceId;
  /** Its address on the bus. */
  readonly unit: number;
  /** Absent until it was asked. */
  readonly state?: "online" | "offline";
  /** When it said something last, gateway time. */
  readonly lastAnswerMs?: EpochMs;
  /** Polls in a row without an answer. */
  readonly misses: number;
  /** Why the last poll brought less than all. */
  readonly trouble?: string;
}

/** One way in: a broker, a client of an outside broker, a serial port. */
export interface Source {
  readonly name: string;
  /** Where it can be reached once started: `127.0.0.1:1883`. */
  readonly address: string;
  /** True while clients are held back because too much waits for the disk. */
  readonly holding: boolean;
  /** What it refused since it was started, by reason, the latest first. */
  readonly refusals: readonly Refusal[];
  /** Absent where devices come by themselves. */
  readonly link?: LinkState;
  /** Absent where devices are not asked. */
  readonly members?: readonly BusMember[];
  /** How much of the time the line is in use, 0 to 1. */
  readonly load?: number;
  /** Absent where nothing can be sent to devices. */
  readonly toDevices?: DeviceWay;
  /** Stops accepting, then closes every connection. No message reaches the sink afterwards. */
  stop(): Promise<void>;
}
