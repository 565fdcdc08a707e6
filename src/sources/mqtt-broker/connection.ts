import { bug } from "../../core/errors.ts";
import { toSeq } from "../../core/ids.ts";
import type { Receipt } from "../../core/receipt.ts";
import type { RefusalFacts } from "../../core/refusal.ts";
import type { InFlight } from "../in-flight.ts";
import { Lane } from "../lane.ts";
import { Answers, isPacket, type Unanswered } from "./answers.ts";
import type { ClientSocket } from "./client-socket.ts";
import type { DeliverySession } from "./delivery-session.ts";
import type { FrameProblem } from "./frame-check.ts";
import { FrameGuard } from "./frame-guard.ts";
import type { ConnectRefusal } from "./gatekeeper.ts";
import { Guest, type GuestOptions } from "./guest.ts";
import type { InboundPacket } from "./inbound-packet.ts";
import { LargePublishes } from "./large-publish.ts";
import type { Visitor } from "./presence.ts";
import { Pulse } from "./pulse.ts";
import { endings, problemReasons, type Reason } from "./reasons.ts";
import { Speech } from "./speech.ts";
import { plainTerms, type Terms } from "./terms.ts";
import type { Turns } from "./turns.ts";
import type { Unfinished } from "./unfinished.ts";
import type { BrokerLimits, Version5 } from "./version5.ts";

export interface ConnectionOptions extends GuestOptions {
  readonly limits: BrokerLimits;
  readonly inFlight: InFlight;
  readonly turns: Turns;
  readonly unfinished: Unfinished;
  /** Hands a message on to subscribers. */
  deliver(packet: InboundPacket, from: Connection): void;
  /** The client's bytes are not MQTT; the connection is already closing. */
  malformed(problem: FrameProblem, facts: RefusalFacts): void;
}

/** One connection of a client: its socket behind a guard, its messages under way, and who it is. */
export class Connection extends Guest implements Visitor {
  readonly socket: ClientSocket;
  readonly lane: Lane<Unanswered>;
  readonly large = new LargePublishes();
  readonly #answers: Answers;
  readonly #options: ConnectionOptions;
  readonly #pulse: Pulse;
  readonly #guard: FrameGuard;
  readonly #speech: Speech;
  #deliveries: DeliverySession | undefined;
  #isRefused = false;
  #readsOn = false;
  #cause: "takeover" | "keepalive" | undefined;
  #isClosing = false;
  #keepsWill = false;

  /** Puts the guard in front of the socket; call before the broker gets it. */
  constructor(socket: ClientSocket, options: ConnectionOptions) {
    super(socket.remoteAddress ?? "", options);
    this.socket = socket;
    this.#options = options;
    this.#pulse = new Pulse(socket);
    this.#speech = new Speech({
      socket,
      limits: options.limits,
      assigned: () => (this.introduction.client === "" ? this.client : undefined),
    });
    this.#answers = new Answers({
      socket,
      deliver: (packet) => {
        this.version5?.window.close(1, 0);
        options.deliver(packet, this);
      },
      left: (packet) => this.#leave(packet),
      resume: () => this.#guard.resume(),
    });
    this.lane = new Lane(options.inFlight, this.#answers);
    this.#guard = new FrameGuard(socket, {
      maxPacketBytes: options.limits.maxPacketBytes,
      turns: options.turns,
      unfinished: options.unfinished,
      large: (publish) => this.large.add(publish),
      mayRead: () => options.inFlight.mayRead(this.lane),
      greet: (bytes, at, end) => this.#speech.greet(bytes, at, end),
      refuse: (problem, facts) => this.refuse(problem, facts),
    });
    socket.on("drain", () => this.#guard.resume());
    socket.once("close", () => options.inFlight.forget(this.lane));
  }

  /** Its open messages. */
  get deliveries(): DeliverySession {
    return this.#deliveries ?? bug("a client that was not let in sent a message");
  }

  /** What it has not taken yet of what it was sent. */
  get waitingBytes(): number {
    return this.socket.writableLength;
  }

  /** True once nothing can be sent to the client any more. */
  get gone(): boolean {
    return this.socket.destroyed || this.#isClosing;
  }

  /** Undefined for a client that speaks MQTT 3.1.1. */
  get version5(): Version5 | undefined {
    return this.#speech.version5;
  }

  /** What the client takes. */
  get terms(): Terms {
    return this.version5?.terms ?? plainTerms;
  }

  get cause(): "takeover" | "keepalive" | "disconnect" | "connection-lost" {
    return this.#cause ?? (this.#guard.disconnectSeen ? "disconnect" : "connection-lost");
  }

  /** Says that it is closed for something that was told of; `why` the client was not let in. */
  refused(why?: ConnectRefusal): void {
    this.#isRefused = true;
    if (this.version5 !== undefined) this.version5.refusal = why;
  }

  get isRefused(): boolean {
    return this.#isRefused;
  }

  /** True once the client said that it leaves and wants no will, whatever happened after that. */
  get saidGoodbye(): boolean {
    return this.#guard.disconnectSeen && !this.#keepsWill;
  }

  /** The client leaves, and its will is to be published. */
  keepWill(): void {
    this.#keepsWill = true;
  }

  /**
   * To be called once the client was let in, before it may publish. Its CONNACK is kept back until
   * `welcome`: a client that left without reading it breaks the connection as soon as it arrives,
   * and what the client sent before has to be taken first.
   */
  resume(deliveries: DeliverySession): void {
    this.#deliveries = deliveries;
    this.socket.cork();
  }

  /**
   * Gives what ends the QoS 2 message that is open under the number; undefined when none is. Every
   * PUBLISH that came before the PUBREL has its PUBREC before the PUBCOMP: later it would answer the
   * next message with this number.
   */
  release(packetId: number): (() => Promise<void>) | undefined {
    const release = this.deliveries.release(packetId);
    if (release === undefined) return undefined;
    if (this.lane.isEmpty) return release;
    const answered = new Promise<void>((resolve) => this.lane.add(resolve, 0, toSeq(0)));
    return () => answered.then(release);
  }

  /** Reads on after what was just handled; called for each packet that nothing else waits for. */
  readOn(): void {
    if (this.#readsOn) return;
    this.#readsOn = true;
    queueMicrotask(() => {
      this.#readsOn = false;
      this.#guard.resume();
    });
  }

  /** To be called when the socket is closed. */
  end(): void {
    for (const { message, receipt } of this.lane.waiting())
      if (isPacket(message)) this.#leave(message, receipt);
    this.#deliveries?.end();
  }

  #leave({ delivery }: InboundPacket, receipt?: Receipt): void {
    if (delivery !== undefined) this.#deliveries?.unanswered?.leave(delivery, receipt);
  }

  /** The broker has answered the CONNECT; what came behind it is handled in the same turn. */
  welcome(): void {
    this.#speech.welcome();
    this.socket.uncork();
    this.#guard.open();
  }

  /** The broker is about to close this connection for a newer one of the same client. */
  takenOver(): void {
    this.#cause = "takeover";
    if (this.version5 !== undefined) this.close(endings.takenOver);
  }

  /** Says something to the client, in its turn when its messages are just answered. */
  answer(bytes: Uint8Array): void {
    this.#answers.add(bytes);
  }

  /** The same for a PUBACK of what is not handed on; false when nobody takes it any more. */
  acknowledge(packetId: number): boolean {
    this.version5?.window.close(1, packetId);
    return this.#answers.acknowledge(packetId);
  }

  /** Says something to the client at once. */
  write(bytes: Uint8Array): void {
    if (!this.gone) this.socket.write(bytes);
  }

  /** What the client sent is not to be had: it is told so, closed, and noted. */
  refuse(problem: FrameProblem, facts: RefusalFacts): void {
    // It may be sending still, and would not hear the reason if its bytes were answered by a reset.
    this.#close(problemReasons[problem], true);
    this.#options.malformed(problem, { ...this.who, ...facts });
  }

  /** Closes the connection; nothing of it is read any more. A client of version 5 is told why. */
  close(reason: Reason): void {
    this.#close(reason, false);
  }

  #close(reason: Reason, lingers: boolean): void {
    if (this.gone) return;
    this.#isClosing = this.#speech.goodbye(reason, this.#guard.greets5);
    if (!this.#isClosing) this.socket.destroy();
    else {
      this.#guard.shut();
      if (!lingers) this.socket.once("finish", () => this.socket.destroy());
    }
  }

  /** Closes the connection of a client that said nothing; `nowMs` is monotonic time. */
  closeIfSilent(nowMs: number): void {
    const { keepAliveSeconds } = this.introduction;
    const isSilent = this.#pulse.isSilent(nowMs, keepAliveSeconds, this.lane.bytes > 0);
    if (!this.isIn || !isSilent) return;
    this.#cause = "keepalive";
    this.close(endings.silent);
  }

  /**
   * Closes the connection of a client that did not take its answers for 10 s, or that has gone and
   * left packets which cannot be handled for so long. True when it did; `nowMs` is monotonic time.
   */
  closeIfStuck(nowMs: number): boolean {
    if (this.#isClosing && this.#pulse.hasLingered(nowMs)) this.socket.destroy();
    if (!this.#pulse.isStuck(nowMs, this.#guard.leaving)) return false;
    this.socket.destroy();
    return true;
  }
}
