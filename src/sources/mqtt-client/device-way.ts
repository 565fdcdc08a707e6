/**
 * From the gateway to devices behind a broker outside. Its acknowledgment means that the broker has the
 * message; whether the device does, only the device can tell.
 *
 * Nothing is sent again at the next connection: what was not acknowledged on this one is unknown, and
 * whoever sent it decides.
 */
import type { DeviceWay, DeviceWrite, WriteOutcome } from "../../core/device-write.ts";
import type { DeviceId } from "../../core/ids.ts";
import { reasonWords } from "./reason-words.ts";
import { type Connack, encodePublish, type ProtocolLevel, type Puback } from "./wire.ts";

/** Messages that may wait for their PUBACK, and bytes that the socket has not taken. */
const mostInFlight = 64;
const mostUnsentBytes = 2 ** 20;
/** Numbers below are those of subscriptions. */
const firstPacketId = 10_000;
const lastPacketId = 65_535;
const firstFailure = 0x80;
const noMatchingSubscribers = 0x10;

/** A connection, as far as it is written to. */
export interface WayOut {
  readonly unsentBytes: number;
  write(bytes: Uint8Array): void;
}

interface Open {
  readonly connection: WayOut;
  /** What the broker takes, as its CONNACK says. */
  readonly maxInFlight: number;
  readonly maxPacketBytes: number;
  readonly maxQos: 0 | 1;
  readonly takesRetained: boolean;
}

interface Unanswered {
  readonly write: DeviceWrite & { readonly kind: "message" };
  readonly done: (outcome: WriteOutcome) => void;
}

export class OutsideWay implements DeviceWay {
  readonly #broker: string;
  readonly #level: ProtocolLevel;
  readonly #unanswered = new Map<number, Unanswered>();
  #open: Open | undefined;
  #packetId = lastPacketId;

  constructor(broker: string, level: ProtocolLevel) {
    this.#broker = broker;
    this.#level = level;
  }

  /** The broker let us in. */
  begin(connection: WayOut, { properties = {} }: Connack): void {
    this.#open = {
      connection,
      maxInFlight: Math.min(mostInFlight, properties.receiveMaximum ?? mostInFlight),
      maxPacketBytes: properties.maximumPacketSize ?? Number.POSITIVE_INFINITY,
      maxQos: properties.maximumQoS === 0 ? 0 : 1,
      takesRetained: properties.retainAvailable !== false,
    };
  }

  /** The connection is over. */
  end(): void {
    this.#open = undefined;
    const text = `the connection to ${this.#broker} ended before it acknowledged`;
    for (const { done } of this.#unanswered.values()) done({ outcome: "unknown", text });
    this.#unanswered.clear();
  }

  /** Without effect for a number that nobody waits for. */
  answered({ messageId = 0, properties, reasonCode = 0 }: Puback): void {
    const unanswered = this.#unanswered.get(messageId);
    this.#unanswered.delete(messageId);
    unanswered?.done(this.#outcomeOf(unanswered.write, reasonCode, properties?.reasonString));
  }

  reaches(_device: DeviceId, write: DeviceWrite): "now" | "later" | "never" {
    if (write.kind !== "message") return "never";
    return typeof this.#wayOut() === "string" ? "later" : "now";
  }

  async write(_: DeviceId, write: DeviceWrite, signal: AbortSignal): Promise<WriteOutcome> {
    if (write.kind !== "message") return { outcome: "absent", text: "it takes MQTT messages only" };
    const open = this.#wayOut();
    if (typeof open === "string") return { outcome: "absent", text: open };
    if (signal.aborted) return { outcome: "absent", text: "there was no time left" };
    const qos = write.qos > open.maxQos ? 0 : write.qos;
    const packetId = qos === 0 ? 0 : this.#freePacketId();
    const refusal =
      write.retain && !open.takesRetained ? "it keeps no retained messages" : undefined;
    const frame = encodePublish(this.#level, packetId, { ...write, qos });
    if (refusal !== undefined || frame.length > open.maxPacketBytes) {
      const tooLarge = `it takes at most ${open.maxPacketBytes} bytes, and this has ${frame.length}`;
      return { outcome: "refused", text: `${this.#broker}: ${refusal ?? tooLarge}` };
    }
    open.connection.write(frame);
    if (qos === 0) return { outcome: "sent" };
    return new Promise((resolve) => {
      const giveUp = (): void =>
        resolve({ outcome: "unknown", text: `${this.#broker} did not acknowledge in time` });
      signal.addEventListener("abort", giveUp, { once: true });
      const done = (outcome: WriteOutcome): void => {
        signal.removeEventListener("abort", giveUp);
        resolve(outcome);
      };
      this.#unanswered.set(packetId, { write, done });
    });
  }

  /** Why nothing can leave, in words, where nothing can. */
  #wayOut(): Open | string {
    const open = this.#open;
    if (open === undefined) return `there is no connection to ${this.#broker}`;
    const isFull =
      this.#unanswered.size >= open.maxInFlight || open.connection.unsentBytes > mostUnsentBytes;
    return isFull ? `${this.#broker} has not taken what it was sent before` : open;
  }

  #freePacketId(): number {
    do this.#packetId = this.#packetId >= lastPacketId ? firstPacketId : this.#packetId + 1;
    while (this.#unanswered.has(this.#packetId));
    return this.#packetId;
  }

  #outcomeOf(write: Unanswered["write"], code: number, text?: string): WriteOutcome {
    if (code >= firstFailure)
      return { outcome: "refused", text: `${this.#broker}: ${reasonWords(code, text)}` };
    if (code === noMatchingSubscribers && !write.retain)
      return {
        outcome: "absent",
        text: `${this.#broker} says that nobody has subscribed to ${write.topic}`,
      };
    return { outcome: "delivered", text: `the broker ${this.#broker} has it` };
  }
}
