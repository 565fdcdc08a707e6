/**
 * What a client is told once its messages are on disk. The PUBACKs of one commit leave in one write;
 * the package answers the rest itself.
 */
import type { LaneOwner } from "../lane.ts";
import type { InboundPacket } from "./inbound-packet.ts";
import type { Wire } from "./wire-writer.ts";

/**
 * What is left to do for a message: its PUBACK and handing it on (a packet), whatever the function
 * does, an answer as it is (bytes), or nothing.
 */
export type Unanswered = InboundPacket | Uint8Array | (() => void) | undefined;

const pubackBytes = 4;

export interface AnswersOptions {
  readonly socket: Pick<Wire, "writable" | "write">;
  /** Hands a message on to subscribers. */
  deliver(packet: InboundPacket): void;
  /** A message of QoS 1 is on disk, and nobody is there to take its PUBACK. */
  left(packet: InboundPacket): void;
  /** Makes the client's bytes flow again. */
  resume(): void;
}

export class Answers implements LaneOwner<Unanswered> {
  readonly #options: AnswersOptions;
  /** Packet identifiers of PUBACKs, and other answers as they are. */
  readonly #unsent: (number | Uint8Array)[] = [];
  #onlyPubacks = true;

  constructor(options: AnswersOptions) {
    this.#options = options;
  }

  acked(message: Unanswered): void {
    if (message === undefined) return;
    if (typeof message === "function") message();
    else if (message instanceof Uint8Array) this.add(message);
    else {
      const { deliver, left, socket } = this.#options;
      this.#unsent.push(message.messageId ?? 0);
      if (message.delivery !== undefined && !socket.writable) left(message);
      deliver(message);
    }
  }

  /** Puts a PUBACK behind those that are to be sent; false when nobody takes it any more. */
  acknowledge(packetId: number): boolean {
    this.#unsent.push(packetId);
    return this.#options.socket.writable;
  }

  /** Puts an answer behind those that are to be sent; to be called where a message is answered. */
  add(answer: Uint8Array): void {
    this.#unsent.push(answer);
    this.#onlyPubacks = false;
  }

  answered(): void {
    const { socket } = this.#options;
    const unsent = this.#unsent;
    if (unsent.length === 0) return;
    if (socket.writable) socket.write(this.#onlyPubacks ? pubacks(unsent) : bytesOf(unsent));
    unsent.length = 0;
    this.#onlyPubacks = true;
  }

  resume(): void {
    this.#options.resume();
  }
}

function bytesOf(answers: readonly (number | Uint8Array)[]): Buffer {
  return Buffer.concat(
    answers.map((answer) => (typeof answer === "number" ? pubacks([answer]) : answer)),
  );
}

/** True for a message, whose PUBACK is left to send. */
export function isPacket(waiting: Unanswered): waiting is InboundPacket {
  return typeof waiting === "object" && "topic" in waiting;
}

/** MQTT 3.1.1 §3.4; with success MQTT 5 has the same. */
function pubacks(packetIds: readonly (number | Uint8Array)[]): Buffer {
  const bytes = Buffer.allocUnsafe(packetIds.length * pubackBytes);
  let at = 0;
  for (const packetId of packetIds) {
    if (typeof packetId !== "number") continue;
    bytes[at] = 0x40;
    bytes[at + 1] = 2;
    bytes[at + 2] = packetId >>> 8;
    bytes[at + 3] = packetId & 0xff;
    at += pubackBytes;
  }
  return bytes;
}
