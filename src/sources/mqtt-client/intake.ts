/**
 * A message from the broker to the sink, and its PUBACK back once it is on disk.
 *
 * Invariants
 * - PUBACKs leave in the order in which the messages came on the connection, those of one commit of
 *   the log in one write; none of a message of an earlier connection that was not sent again.
 * - Messages go to the sink in the turn in which they are read.
 */
import type { EpochMs } from "../../core/clock.ts";
import type { MessageAttributes, MessageSink } from "../../core/message.ts";
import type { Counter } from "../../core/metrics.ts";
import { contentHash } from "../content-hash.ts";
import type { InFlight } from "../in-flight.ts";
import { Lane } from "../lane.ts";
import { messageProperties } from "./message-properties.ts";
import type { RecentDeliveries, Taken } from "./recent-deliveries.ts";
import { encodePubacks, type Publish } from "./wire.ts";

export interface IntakeDeps {
  readonly source: string;
  readonly sink: MessageSink;
  readonly nowMs: () => EpochMs;
  readonly inFlight: InFlight;
  readonly recent: RecentDeliveries;
  /** So many may wait for the disk; not every broker keeps to what it was told. */
  readonly mostWaiting: number;
  readonly resends: Counter;
  /** Writes to the connection. */
  readonly write: (bytes: Uint8Array) => void;
  /** The connection may be read on. */
  readonly resume: () => void;
}

/** The messages of one connection. */
export class Intake {
  readonly #deps: IntakeDeps;
  readonly #lane: Lane<Taken | undefined>;
  #answers: number[] = [];
  #waiting = 0;
  #isFull = false;
  #isOver = false;
  #drained: (() => void) | undefined;

  constructor(deps: IntakeDeps) {
    this.#deps = deps;
    this.#lane = new Lane<Taken | undefined>(deps.inFlight, {
      acked: (taken) => this.#acknowledge(taken),
      answered: () => this.#answer(),
      resume: () => {
        if (!this.#isOver) deps.resume();
      },
    });
  }

  /** False while nothing more is to be read. */
  mayRead(): boolean {
    this.#isFull ||= this.#waiting >= this.#deps.mostWaiting;
    return this.#deps.inFlight.mayRead(this.#lane) && !this.#isFull;
  }

  /** True while the broker waits for the disk. */
  get isFull(): boolean {
    return this.#isFull;
  }

  take(packet: Publish): void {
    this.#waiting += 1;
    const { recent, resends } = this.#deps;
    const { dup, messageId = 0, payload, qos, topic } = packet;
    const bytes = Buffer.isBuffer(payload) ? payload : Buffer.from(payload);
    const costBytes = topic.length + bytes.length;
    if (qos === 0) {
      this.#lane.add(undefined, costBytes, this.#give(packet, bytes));
      return;
    }
    const hash = contentHash(topic, bytes);
    const known = dup ? recent.find(messageId, hash) : undefined;
    if (known !== undefined) {
      resends.add();
      this.#lane.add(known, costBytes, known.receipt);
      return;
    }
    const receipt = this.#give(packet, bytes);
    this.#lane.add(recent.add(messageId, hash, receipt), costBytes, receipt);
  }

  /** Resolves when all that was read is acknowledged. */
  drained(): Promise<void> {
    if (this.#lane.isEmpty) return Promise.resolve();
    return new Promise((resolve) => {
      this.#drained = resolve;
    });
  }

  /** The connection is gone: what waits is not acknowledged on it any more. */
  end(): void {
    this.#isOver = true;
    this.#deps.inFlight.forget(this.#lane);
  }

  #give(packet: Publish, payload: Uint8Array): ReturnType<MessageSink["message"]> {
    const { nowMs, sink, source } = this.#deps;
    return sink.message({
      source,
      address: packet.topic,
      payload,
      receivedMs: nowMs(),
      client: undefined,
      device: undefined,
      attributes: attributesOf(packet),
    });
  }

  #acknowledge(taken: Taken | undefined): void {
    this.#waiting -= 1;
    if (taken === undefined || this.#isOver) return;
    taken.isAcknowledged = true;
    this.#answers.push(taken.packetId);
  }

  #answer(): void {
    if (this.#answers.length > 0) this.#deps.write(encodePubacks(this.#answers));
    this.#answers = [];
    if (this.#isFull && !this.#isOver && this.#waiting <= this.#deps.mostWaiting / 2) {
      this.#isFull = false;
      this.#deps.resume();
    }
    // An empty lane is seen behind this call.
    if (this.#drained !== undefined)
      queueMicrotask(() => {
        if (this.#lane.isEmpty) this.#drained?.();
      });
  }
}

const kept: MessageAttributes = { retained: true };
const keptQos0: MessageAttributes = { retained: true, unanswered: true };
/** It may be kept there, and come once more. */
const live: MessageAttributes = { relay: "live" };
const liveQos0: MessageAttributes = { relay: "live", unanswered: true };

function attributesOf(packet: Publish): MessageAttributes {
  const properties = messageProperties(packet);
  const isAnswered = packet.qos !== 0;
  const said = packet.retain ? (isAnswered ? kept : keptQos0) : isAnswered ? live : liveQos0;
  return properties === undefined ? said : { ...said, properties };
}
