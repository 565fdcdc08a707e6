/**
 * Messages of one stream as they arrive, in order, from a given sequence.
 *
 * An ordered consumer of the client does the pulling. It starts itself anew when the server lost
 * it, and after a stream came back shorter it may go on anywhere without an error; so who follows
 * a stream looks at each sequence and stops following where one is not the next.
 */
import { DeliverPolicy, type JsMsg, jetstream } from "@nats-io/jetstream";
import type { MsgHdrs, NatsConnection } from "@nats-io/transport-node";
import type { Clock, EpochMs } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { StreamSeq } from "../core/ids.ts";
import { toStreamError } from "./stream-error.ts";

/** Fewer in flight cost a single reader a factor of six. */
const mostInFlight = 2_000;
/** Most messages handed out at once. */
const batchMessages = 500;

/** What is known of a message by whoever follows its stream. */
export type FollowedMessage = Pick<JsMsg, "seq" | "subject" | "data" | "time" | "string"> & {
  readonly headers?: MsgHdrs | undefined;
};

export interface FollowedStream {
  /**
   * What has arrived, at least one message, at most 500; waits for the first. Empty after
   * `silenceMs` without any. Throws `stream.unavailable` once the consumer or connection is gone.
   * Not to be called while a call is under way.
   */
  next(silenceMs: number, signal: AbortSignal): Promise<readonly FollowedMessage[]>;
  /** Stops; the server forgets the consumer. */
  close(): Promise<void>;
}

export interface FollowOptions {
  /**
   * The first message wanted, or what was stored from when on; where it is gone, the next one held
   * comes first. `last-of-each`: the last message of each subject, then what is new; needs a filter.
   */
  readonly from: StreamSeq | { readonly storedMs: EpochMs } | "last-of-each";
  /** Only subjects that match; then sequences have holes. */
  readonly natsSubjectFilter?: string;
  /**
   * Without a consumer: by single reads, when something is heard on these subjects. For a stream of
   * which every message is wanted, from a sequence on.
   */
  readonly wakenBy?: string;
  /** Messages on their way at once, default 2,000; as many more may wait to be taken, 500 at most. */
  readonly messagesInFlight?: number;
}

/** Begins to follow a stream on this connection. Throws when the stream is not there. */
export async function followStream(
  connection: NatsConnection,
  stream: string,
  options: FollowOptions,
  clock: Clock,
): Promise<FollowedStream> {
  try {
    const consumer = await jetstream(connection).consumers.get(stream, {
      ...startOf(options.from),
      // As one text: servers before 2.10 drop the other forms in silence and deliver everything.
      ...(options.natsSubjectFilter !== undefined && {
        filter_subjects: options.natsSubjectFilter,
      }),
    });
    const inFlight = options.messagesInFlight ?? mostInFlight;
    const messages = await consumer.consume({ max_messages: inFlight });
    const close = async (): Promise<void> => {
      messages.stop();
      if (!connection.isClosed()) await consumer.delete().catch(() => false);
    };
    return new Arrivals(messages, stream, Math.min(batchMessages, inFlight), close, clock);
  } catch (thrown) {
    throw toStreamError(thrown, `cannot read stream ${stream}`);
  }
}

/** How a consumer is told where to begin. */
export function startOf(from: FollowOptions["from"]) {
  if (from === "last-of-each") return { deliver_policy: DeliverPolicy.LastPerSubject };
  return typeof from === "number"
    ? { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: from }
    : {
        deliver_policy: DeliverPolicy.StartTime,
        opt_start_time: new Date(from.storedMs).toISOString(),
      };
}

class Arrivals implements FollowedStream {
  readonly #stream: string;
  readonly #mostWaiting: number;
  readonly #close: () => Promise<void>;
  readonly #clock: Clock;
  #arrived: JsMsg[] = [];
  #ended: GatewayError | undefined;
  #closed = false;
  #wake: () => void = () => {};
  #makeRoom: () => void = () => {};

  constructor(
    messages: AsyncIterable<JsMsg>,
    stream: string,
    mostWaiting: number,
    close: () => Promise<void>,
    clock: Clock,
  ) {
    this.#stream = stream;
    this.#mostWaiting = mostWaiting;
    this.#close = close;
    this.#clock = clock;
    void this.#collect(messages);
  }

  async next(silenceMs: number, signal: AbortSignal): Promise<readonly FollowedMessage[]> {
    if (this.#arrived.length === 0) await this.#waitForMore(silenceMs, signal);
    if (this.#arrived.length === 0 && this.#ended) throw this.#ended;
    const batch = this.#arrived;
    this.#arrived = [];
    this.#makeRoom();
    return batch;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#makeRoom();
    await this.#close();
  }

  async #waitForMore(silenceMs: number, signal: AbortSignal): Promise<void> {
    if (this.#ended) return;
    if (!signal.aborted)
      await new Promise<void>((resolve) => {
        const finish = (): void => {
          timer.cancel();
          signal.removeEventListener("abort", finish);
          this.#wake = () => {};
          resolve();
        };
        const timer = this.#clock.setTimer(silenceMs, finish);
        this.#wake = finish;
        signal.addEventListener("abort", finish, { once: true });
      });
    // The rest of what the socket brought in the same turn.
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Pulling goes on only while the client's iterator is read, so not reading it holds back. */
  async #collect(messages: AsyncIterable<JsMsg>): Promise<void> {
    try {
      for await (const message of messages) {
        this.#arrived.push(message);
        this.#wake();
        if (this.#arrived.length < this.#mostWaiting) continue;
        await new Promise<void>((resolve) => {
          this.#makeRoom = resolve;
        });
        if (this.#closed) return;
      }
      this.#ended = new GatewayError(
        "stream.unavailable",
        `reading stream ${this.#stream} ended; the connection was lost`,
      );
    } catch (thrown) {
      this.#ended = toStreamError(thrown, `cannot read stream ${this.#stream}`);
    }
    this.#wake();
  }
}
