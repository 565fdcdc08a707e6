/** Writes packets to one subscriber, in its version of MQTT and no larger than it takes them. */
import { type OutboundMessage, pubrel } from "./outbound-message.ts";
import type { Terms } from "./terms.ts";
import type { Outgoing } from "./unacknowledged.ts";
import { answer, answerTo } from "./v5/answers.ts";
import { reasonCode } from "./v5/reason-codes.ts";
import { type Wire, WireWriter, type WireWriterOptions } from "./wire-writer.ts";

export interface PacketWriterOptions extends WireWriterOptions {
  readonly terms: Terms;
  /** A message was larger than the client takes: it never gets it. */
  tooLarge(): void;
}

export class PacketWriter extends WireWriter {
  readonly #options: PacketWriterOptions;

  constructor(wire: Wire, options: PacketWriterOptions) {
    super(wire, options);
    this.#options = options;
  }

  /** Sends a message for which there are no packet identifier and no wishes. */
  live(message: OutboundMessage): void {
    this.#send(this.#is5 ? message.live5(this.#nowMs) : message.live());
  }

  /** Sends a message; false when it was too large. */
  publish(
    message: OutboundMessage,
    { identifiers, qos, retain }: Outgoing,
    packetId: number,
    dup: boolean,
  ): boolean {
    const sending = { qos, retain, dup, packetId };
    return this.#send(
      this.#is5
        ? message.frame5({ ...sending, identifiers, nowMs: this.#nowMs })
        : message.frame(sending),
    );
  }

  /** `isKnown`: a message of QoS 2 has the number. */
  pubrel(packetId: number, isKnown: boolean): void {
    const isTold = this.#is5 && !isKnown;
    this.write(
      isTold
        ? answer(answerTo.pubrel, packetId, reasonCode.packetIdentifierNotFound)
        : pubrel(packetId),
    );
  }

  get #is5(): boolean {
    return this.#options.terms.version === 5;
  }

  get #nowMs(): number {
    return this.#options.clock.monotonicMs();
  }

  #send(frame: Buffer): boolean {
    const isSent = frame.length <= this.#options.terms.maxPacketBytes;
    if (isSent) this.write(frame);
    else this.#options.tooLarge();
    return isSent;
  }
}
