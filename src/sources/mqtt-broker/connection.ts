import { bug } from "../../core/errors.ts";
import { type DeviceId, toSeq } from "../../core/ids.ts";
import type { RefusalFacts } from "../../core/refusal.ts";
import type { InFlight } from "../in-flight.ts";
import { Lane } from "../lane.ts";
import { Answers, type Unanswered } from "./answers.ts";
import type { ClientSocket } from "./client-socket.ts";
import type { DeliverySession } from "./delivery-session.ts";
import type { FrameProblem } from "./frame-check.ts";
import { FrameGuard } from "./frame-guard.ts";
import type { InboundPacket } from "./inbound-packet.ts";
import { type Introduction, noIntroduction } from "./introduction.ts";
import { LargePublishes } from "./large-publish.ts";
import type { Visitor } from "./presence.ts";
import type { Turns } from "./turns.ts";
import type { Unfinished } from "./unfinished.ts";
import type { User } from "./users.ts";

/** A client that does not take its answers for so long is closed. */
export const stuckMs = 10_000;

export interface ConnectionOptions {
  readonly source: string;
  /** The common name of its certificate; undefined where nobody asked for one. */
  readonly certified: string | undefined;
  readonly maxPacketBytes: number;
  readonly inFlight: InFlight;
  readonly turns: Turns;
  readonly unfinished: Unfinished;
  /** Hands a message on to subscribers. */
  deliver(packet: InboundPacket, from: Connection): void;
  /** The client's bytes are not MQTT; the connection is already closed. */
  malformed(problem: FrameProblem, facts: RefusalFacts): void;
}

/**
 * One connection of a client: its socket with the guard in front, its messages under way, and who
 * it turned out to be.
 */
export class Connection implements Visitor {
  readonly source: string;
  readonly certified: string | undefined;
  readonly address: string;
  readonly socket: ClientSocket;
  readonly lane: Lane<Unanswered>;
  readonly large = new LargePublishes();
  readonly #guard: FrameGuard;
  #client = "";
  #deliveries: DeliverySession | undefined;
  #user: User | undefined;
  #introduction = noIntroduction;
  #isRefused = false;
  #readsOn = false;
  #cause: "takeover" | "keepalive" | undefined;
  #heardBytes = 0;
  #heardAtMs = 0;
  #stuckSinceMs: number | undefined;

  /** Puts the guard in front of the socket; call before the broker gets it. */
  constructor(socket: ClientSocket, options: ConnectionOptions) {
    this.source = options.source;
    this.certified = options.certified;
    this.address = socket.remoteAddress ?? "";
    this.socket = socket;
    const answers = new Answers({
      socket,
      deliver: (packet) => options.deliver(packet, this),
      resume: () => this.#guard.resume(),
    });
    this.lane = new Lane(options.inFlight, answers);
    this.#guard = new FrameGuard(socket, {
      maxPacketBytes: options.maxPacketBytes,
      turns: options.turns,
      unfinished: options.unfinished,
      large: (publish) => this.large.add(publish),
      mayRead: () => options.inFlight.mayRead(this.lane),
      refuse: (problem, facts) => {
        socket.destroy();
        options.malformed(problem, { ...this.who, ...facts });
      },
    });
    socket.on("drain", () => {
      this.#stuckSinceMs = undefined;
      this.#guard.resume();
    });
    socket.once("close", () => options.inFlight.forget(this.lane));
  }

  /** Client identifier; empty before the client was let in. */
  get client(): string {
    return this.#client;
  }

  /** Who it is, or says that it is. */
  get who(): RefusalFacts {
    const { client, user } = this.#introduction;
    return {
      address: this.address,
      client: this.#client || client,
      user: this.#user?.name ?? user,
    };
  }

  get user(): User | undefined {
    return this.#user;
  }

  get device(): DeviceId | undefined {
    return this.#user?.device;
  }

  get introduction(): Introduction {
    return this.#introduction;
  }

  /** Its open QoS 2 messages. */
  get deliveries(): DeliverySession {
    return this.#deliveries ?? bug("a client that was not let in sent a message");
  }

  /** What it has not taken yet of what it was sent. */
  get waitingBytes(): number {
    return this.socket.writableLength;
  }

  /** True once nothing can be sent to the client any more. */
  get gone(): boolean {
    return this.socket.destroyed;
  }

  get cause(): "takeover" | "keepalive" | "disconnect" | "connection-lost" {
    return this.#cause ?? (this.#guard.disconnectSeen ? "disconnect" : "connection-lost");
  }

  /** Says that it is closed for something that was told of. */
  refused(): void {
    this.#isRefused = true;
  }

  get isRefused(): boolean {
    return this.#isRefused;
  }

  introduce(introduction: Introduction): void {
    this.#introduction = introduction;
  }

  /** True once the client may do what its user may; before that it may do nothing. */
  get isIn(): boolean {
    return this.#client !== "";
  }

  /** True once the client said that it leaves, whatever happened after that. */
  get saidGoodbye(): boolean {
    return this.#guard.disconnectSeen;
  }

  letIn(client: string, user: User | undefined): void {
    this.#client = client;
    this.#user = user;
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
    this.#deliveries?.end();
  }

  /** The broker has answered the CONNECT; what came behind it is handled in the same turn. */
  welcome(): void {
    this.socket.uncork();
    this.#guard.open();
  }

  /** The broker is about to close this connection for a newer one of the same client. */
  takenOver(): void {
    this.#cause = "takeover";
  }

  /**
   * Closes the connection of a client that said nothing for one and a half times its keep alive
   * (MQTT 3.1.1 §3.1.2.10). Bytes that wait here unread, and messages that wait for the disk, are
   * the gateway's delay, not the client's silence. `nowMs` is monotonic time.
   */
  closeIfSilent(nowMs: number): void {
    const { keepAliveSeconds } = this.#introduction;
    const { bytesRead, readableLength } = this.socket;
    if (bytesRead !== this.#heardBytes || readableLength > 0 || this.lane.bytes > 0) {
      this.#heardBytes = bytesRead;
      this.#heardAtMs = nowMs;
    }
    if (!this.isIn || keepAliveSeconds === 0) return;
    if (nowMs - this.#heardAtMs <= keepAliveSeconds * 1_500) return;
    this.#cause = "keepalive";
    this.socket.destroy();
  }

  /**
   * Closes the connection of a client that did not take its answers for 10 s, or that has gone and
   * left packets which cannot be handled for so long. True when it did; `nowMs` is monotonic time.
   */
  closeIfStuck(nowMs: number): boolean {
    const isStuck = this.socket.writableNeedDrain || this.#guard.leaving;
    if (!isStuck) this.#stuckSinceMs = undefined;
    else this.#stuckSinceMs ??= nowMs;
    if (nowMs - (this.#stuckSinceMs ?? nowMs) <= stuckMs) return false;
    this.socket.destroy();
    return true;
  }
}
