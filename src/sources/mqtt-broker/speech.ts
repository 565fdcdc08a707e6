/** What one client hears at the beginning and at the end of its connection, in its version of MQTT. */
import type { ClientSocket } from "./client-socket.ts";
import { swapConnack } from "./connack-swap.ts";
import type { FrameProblem } from "./frame-check.ts";
import type { Reason } from "./reasons.ts";
import { connack } from "./v5/answers.ts";
import { readConnect5 } from "./v5/connect.ts";
import { reasonCode } from "./v5/reason-codes.ts";
import { type BrokerLimits, Version5 } from "./version5.ts";

/** The CONNACK of MQTT 3.1.1 (§3.1.2.2), which is the one that a client of any version may know. */
const unacceptableVersion = Buffer.of(0x20, 2, 0, 1);

export interface SpeechOptions {
  readonly socket: ClientSocket;
  readonly limits: BrokerLimits;
  /** The identifier that the broker gave to a client that had none. */
  readonly assigned: () => string | undefined;
}

export class Speech {
  readonly #options: SpeechOptions;
  #version5: Version5 | undefined;
  #isWelcome = false;

  constructor(options: SpeechOptions) {
    this.#options = options;
  }

  /** Undefined for a client that speaks MQTT 3.1.1, and before its CONNECT was understood. */
  get version5(): Version5 | undefined {
    return this.#version5;
  }

  /** A CONNECT of version 5: gives the one of MQTT 3.1.1 that is handled in its place. */
  greet(bytes: Buffer, at: number, end: number): Buffer | FrameProblem {
    const { assigned, limits, socket } = this.#options;
    const read = readConnect5(bytes, at, end);
    if (typeof read === "string") return read;
    const version5 = new Version5(read.request, limits);
    this.#version5 = version5;
    if (version5.welcome(false, undefined).length > read.request.maxPacketBytes)
      return "takes-too-little";
    swapConnack(socket, (sessionPresent, returnCode) =>
      returnCode === 0 ? version5.welcome(sessionPresent, assigned()) : version5.refuse(),
    );
    return read.packet;
  }

  /** The client has its CONNACK. */
  welcome(): void {
    this.#isWelcome = true;
  }

  /**
   * Says why the connection ends, and sends nothing after it. False where nothing can be said, or
   * would not be heard soon. `greets5`: its CONNECT, good or bad, is one of version 5.
   */
  goodbye(reason: Reason, greets5: boolean): boolean {
    const { socket } = this.#options;
    const bytes = this.#lastWords(reason, greets5);
    if (bytes === undefined || socket.writableNeedDrain) return false;
    while (socket.writableCorked > 0) socket.uncork();
    socket.end(bytes);
    return true;
  }

  #lastWords(reason: Reason, greets5: boolean): Buffer | undefined {
    if (this.#isWelcome) return this.#version5?.goodbye(reason);
    if (reason.code === reasonCode.unsupportedProtocolVersion) return unacceptableVersion;
    // Of a CONNECT that was understood the answer is on its way.
    if (this.#version5 !== undefined || !greets5) return undefined;
    return connack({ sessionPresent: false, code: reason.code, text: reason.text });
  }
}
