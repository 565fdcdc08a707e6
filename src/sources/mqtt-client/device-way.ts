/**
 * From the gateway to devices behind a broker outside. Its acknowledgment means that the broker has the
 * message; whether the device does, only the device can tell.
 *
 * Nothing is sent again at the next connection: what was not acknowledged on this one is unknown, and
 * whoever sent it decides. Nor does anything arrive long after its time: a connection on which it was not
 * acknowledged by then may hold it in a network that stalls, so it is cut with all that it holds. That is
 * judged when it could be heard: behind a slow disk the acknowledgment may be there and not read yet.
 */
import type { Clock, Timer } from "../../core/clock.ts";
import {
  answeredAlready,
  type DeviceWay,
  type DeviceWrite,
  type WriteOutcome,
} from "../../core/device-write.ts";
import type { DeviceId } from "../../core/ids.ts";
import { judgeSilence } from "../judge-silence.ts";
import { reasonWords } from "./reason-words.ts";
import { type Connack, encodePublish, type ProtocolLevel, type Puback } from "./wire.ts";

/** Messages that may wait for their PUBACK, and bytes that the socket has not taken. */
const mostInFlight = 64;
const mostUnsentBytes = 2 ** 20;
/** Numbers below are those of subscriptions. */
const firstPacketId = 10_000;
const lastPacketId = 65_535;
const firstFailure = 0x80;
/** What stood behind a slow disk is read by then. */
const heardMs = 500;
const noMatchingSubscribers = 0x10;

/** A connection, as far as it is written to. */
export interface WayOut {
  readonly unsentBytes: number;
  /** When it was kept from reading last, on the clock that never jumps; now, while it is. */
  readonly heldMs: number;
  write(bytes: Uint8Array): void;
  /** Ends it at once; what has not arrived does not arrive later. */
  cut(words: string): void;
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
  /** The end of its time. */
  readonly expiry: Timer | undefined;
}

export class OutsideWay implements DeviceWay {
  readonly #broker: string;
  readonly #level: ProtocolLevel;
  readonly #clock: Clock;
  readonly #unanswered = new Map<number, Unanswered>();
  #open: Open | undefined;
  #packetId = lastPacketId;

  constructor(broker: string, level: ProtocolLevel, clock: Clock) {
    this.#broker = broker;
    this.#level = level;
    this.#clock = clock;
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
    for (const { done, expiry } of this.#unanswered.values()) {
      expiry?.cancel();
      done({ outcome: "unknown", text });
    }
    this.#unanswered.clear();
  }

  /** Without effect for a number that nobody waits for. */
  answered({ messageId = 0, properties, reasonCode = 0 }: Puback): void {
    const unanswered = this.#unanswered.get(messageId);
    this.#unanswered.delete(messageId);
    unanswered?.expiry?.cancel();
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
      const giveUp = (): void => {
        if (signal.reason === answeredAlready) expiry?.cancel();
        resolve({ outcome: "unknown", text: `${this.#broker} did not acknowledge in time` });
      };
      signal.addEventListener("abort", giveUp, { once: true });
      const done = (outcome: WriteOutcome): void => {
        signal.removeEventListener("abort", giveUp);
        resolve(outcome);
      };
      const { connection } = open;
      const silence = {
        isDeaf: () => this.#clock.monotonicMs() - connection.heldMs < heardMs,
        judge: () => connection.cut("it did not acknowledge a command before that expired"),
      };
      const { validMs } = write;
      const expiry =
        validMs === undefined ? undefined : judgeSilence(this.#clock, validMs, silence);
      this.#unanswered.set(packetId, { write, done, expiry });
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
