/**
 * What a client is told once its messages are on disk. The PUBACKs of one commit leave in one write;
 * the package answers the rest itself.
 */
import type { LaneOwner } from "../lane.ts";
import type { InboundPacket } from "./inbound-packet.ts";
import type { Wire } from "./wire-writer.ts";

/**
 * What is left to do for a message: its PUBACK and handing it on (a packet), whatever the function
 * does, or nothing.
 */
export type Unanswered = InboundPacket | (() => void) | undefined;

const pubackBytes = 4;

export interface AnswersOptions {
  readonly socket: Pick<Wire, "destroyed" | "write">;
  /** Hands a message on to subscribers. */
  deliver(packet: InboundPacket): void;
  /** Makes the client's bytes flow again. */
  resume(): void;
}

export class Answers implements LaneOwner<Unanswered> {
  readonly #options: AnswersOptions;
  #packetIds: number[] = [];

  constructor(options: AnswersOptions) {
    this.#options = options;
  }

  acked(message: Unanswered): void {
    if (typeof message === "function") message();
    else if (message !== undefined) {
      this.#packetIds.push(message.messageId ?? 0);
      this.#options.deliver(message);
    }
  }

  answered(): void {
    const { socket } = this.#options;
    const packetIds = this.#packetIds;
    if (packetIds.length === 0) return;
    if (!socket.destroyed) socket.write(pubacks(packetIds));
    packetIds.length = 0;
  }

  resume(): void {
    this.#options.resume();
  }
}

/** MQTT 3.1.1 §3.4. */
function pubacks(packetIds: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(packetIds.length * pubackBytes);
  let at = 0;
  for (const packetId of packetIds) {
    bytes[at] = 0x40;
    bytes[at + 1] = 2;
    bytes[at + 2] = packetId >>> 8;
    bytes[at + 3] = packetId & 0xff;
    at += pubackBytes;
  }
  return bytes;
}
