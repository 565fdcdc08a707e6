/**
 * Writes publishes as the bytes of the protocol, one behind the other, and hands the client a whole
 * run of them at once.
 *
 * The client's own `publish` makes and encodes strings for each message, which costs more than all
 * else on its way. Only the numbers differ from one message of a device to the next, so everything
 * else is kept as bytes and copied.
 */
import { type NatsConnection, NatsConnectionImpl } from "@nats-io/transport-node";
import { bug } from "../core/errors.ts";
import type { Origin } from "../core/event.ts";
import type { EventKind } from "../core/event-kind.ts";
import type { RunId } from "../core/ids.ts";
import type { StoredRecord } from "../core/record.ts";
import { remember } from "../core/remember.ts";
import { gatewayStream, gatewaySubjectPrefix } from "../core/subject.ts";
import { eventIdHeader } from "../stream/stream-contract.ts";
import { digitsOf, writeDigits } from "./digits.ts";
import { traceHeaders } from "./trace-headers.ts";

/** Memory of a run, which grows for a larger message. It is handed over when full, or with the turn. */
const runBytes = 64 * 1024;
/** Beginnings of messages that are kept, for each kind of event. */
const mostLeads = 1_024;
const lineEnd = Buffer.from("\r\n");
const headersEnd = Buffer.from("\r\n\r\n");
const nothing = Buffer.alloc(0);
/** Spaces, line ends and numbers of a message take less. */
const numbersBytes = 128;

export interface PublishWriterOptions {
  readonly connection: NatsConnection;
  readonly origin: Origin;
  /** Messages have the trace of their event as headers. */
  readonly traceHeaders?: boolean;
  /** What comes before the number of the message in the subject for its answer, until `answerTo`. */
  readonly replyPrefix: string;
}

export class PublishWriter {
  readonly #connection: NatsConnectionImpl;
  readonly #options: PublishWriterOptions;
  readonly #subjectPrefix: string;
  readonly #leads = new Map<EventKind, (token: string) => Buffer>();
  /** Headers in front of the seq, and between it and the expected sequence. */
  #beforeSeq = Buffer.alloc(0);
  readonly #behindSeq: Buffer;
  #replyPrefix: string;
  #run: RunId | undefined;
  #memory = Buffer.allocUnsafe(runBytes);
  #used = 0;

  constructor(options: PublishWriterOptions) {
    const { connection, origin } = options;
    if (!(connection instanceof NatsConnectionImpl)) bug("the client has another connection");
    this.#connection = connection;
    this.#options = options;
    this.#replyPrefix = options.replyPrefix;
    this.#subjectPrefix = gatewaySubjectPrefix(origin.site, origin.gateway);
    this.#behindSeq = Buffer.from(
      `\r\nNats-Expected-Stream: ${gatewayStream(origin.gateway)}` +
        "\r\nNats-Expected-Last-Sequence: ",
    );
  }

  /** From now on answers are asked for at other subjects. Costly: the beginnings are made anew. */
  answerTo(replyPrefix: string): void {
    this.#replyPrefix = replyPrefix;
    this.#leads.clear();
  }

  /**
   * Writes message `n` with a record that is to be stored behind `expectedLast`. Gives the bytes that
   * the server counts; 0, and nothing is written, when they are more than `maxBytes`. `behindNumber`
   * ends the subject for the answer.
   */
  write(
    record: StoredRecord,
    n: number,
    expectedLast: number,
    maxBytes: number,
    behindNumber: Uint8Array = nothing,
  ): number {
    const { body, run, seq } = record;
    if (run !== this.#run) this.#begin(run);
    const trace = this.#options.traceHeaders ? traceHeaders(body) : nothing;
    const headerBytes =
      this.#beforeSeq.length +
      digitsOf(seq) +
      this.#behindSeq.length +
      digitsOf(expectedLast) +
      trace.length +
      headersEnd.length;
    const bytes = headerBytes + body.length;
    if (bytes > maxBytes) return 0;
    const lead = this.#leadOf(record);
    const memory = this.#takeRoom(lead.length + bytes + numbersBytes);
    let at = this.#copy(lead, this.#used);
    at = writeDigits(memory, at, n);
    if (behindNumber.length > 0) at = this.#copy(behindNumber, at);
    memory[at] = 0x20;
    at = writeDigits(memory, at + 1, headerBytes);
    memory[at] = 0x20;
    at = writeDigits(memory, at + 1, bytes);
    at = this.#copy(lineEnd, at);
    at = writeDigits(memory, this.#copy(this.#beforeSeq, at), seq);
    at = this.#copy(this.#behindSeq, at);
    at = writeDigits(memory, at, expectedLast);
    if (trace.length > 0) at = this.#copy(trace, at);
    at = this.#copy(body, this.#copy(headersEnd, at));
    this.#used = this.#copy(lineEnd, at);
    return bytes;
  }

  /** The memory of the present run, with so much free. */
  #takeRoom(bytes: number): Buffer {
    if (this.#used + bytes > this.#memory.length) this.handOver();
    if (bytes > this.#memory.length) this.#memory = Buffer.allocUnsafe(bytes);
    if (this.#used === 0) queueMicrotask(() => this.handOver());
    return this.#memory;
  }

  /** Gives the client what is written; done by itself at the end of the turn. */
  handOver(): void {
    if (this.#used === 0) return;
    this.#connection.protocol.sendCommand(Buffer.from(this.#memory.subarray(0, this.#used)));
    this.#used = 0;
  }

  #copy(bytes: Uint8Array, at: number): number {
    this.#memory.set(bytes, at);
    return at + bytes.length;
  }

  #begin(run: RunId): void {
    this.#run = run;
    const { gateway } = this.#options.origin;
    this.#beforeSeq = Buffer.from(`NATS/1.0\r\n${eventIdHeader}: ${gateway}.${run}.`);
  }

  /** The message up to its number: the verb, the subject, and the subject for the answer. */
  #leadOf({ deviceToken, kind }: StoredRecord): Buffer {
    let leadOf = this.#leads.get(kind);
    if (!leadOf) {
      const replyPrefix = this.#replyPrefix;
      leadOf = remember(mostLeads, (token) =>
        Buffer.from(`HPUB ${this.#subjectPrefix}${token}.${kind} ${replyPrefix}`),
      );
      this.#leads.set(kind, leadOf);
    }
    return leadOf(deviceToken);
  }
}
