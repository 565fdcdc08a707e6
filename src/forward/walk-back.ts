/**
 * Finds messages of ours from the end of the stream backwards, over what others have written.
 *
 * The last message is asked for by its subject, which only the leader of a stream answers. What the
 * server says about the stream as a whole may come from one that was just started and is behind.
 */
import type { NatsConnection } from "@nats-io/transport-node";
import type { EpochMs } from "../core/clock.ts";
import { type GatewayId, parseEventId, type RunId } from "../core/ids.ts";
import type { StreamPosition } from "../core/log-accounts.ts";
import { getLastMessage, getMessagesBack, type StoredMessage } from "../stream/message-get.ts";

/** How far back a message of ours is looked for before those of a writer that is taken over from. */
const mostForeign = 1_000;

/** A message with an id of this gateway's name. */
export interface Found extends StreamPosition {
  readonly storedMs: EpochMs;
}

/** The end of a stream. */
export interface StreamEnd {
  /** The last message's; 0 when the stream holds none. */
  readonly lastSeq: number;
  /** The last message with an id of the name; undefined when the stream holds none. */
  readonly found: Found | undefined;
  /** Messages without one that stand behind it. */
  readonly strangers: number;
}

export class WalkBack {
  readonly #stream: string;
  readonly #gateway: GatewayId;

  constructor(stream: string, gateway: GatewayId) {
    this.#stream = stream;
    this.#gateway = gateway;
  }

  /** Reads the last message, and those before it until one carries an id of the name. */
  async readEnd(
    connection: NatsConnection,
    firstSeq: number,
    signal: AbortSignal,
  ): Promise<StreamEnd> {
    const last = await getLastMessage(connection, this.#stream, ">");
    const lastSeq = last?.streamSeq ?? 0;
    let found = last && this.#named(last);
    let strangers = last && !found ? 1 : 0;
    const before = { from: found ? 0 : lastSeq - 1, to: Math.max(1, firstSeq) };
    for await (const message of getMessagesBack(connection, this.#stream, before)) {
      signal.throwIfAborted();
      found = this.#named(message);
      if (found) break;
      strangers += 1;
    }
    return { lastSeq, found, strangers };
  }

  /** The last message of a run of ours, not far before another message; undefined for none. */
  async findBefore(
    connection: NatsConnection,
    before: Found,
    isOurs: (run: RunId) => boolean,
    signal: AbortSignal,
  ): Promise<Found | undefined> {
    const to = Math.max(1, before.streamSeq - mostForeign);
    const span = { from: before.streamSeq - 1, to };
    for await (const message of getMessagesBack(connection, this.#stream, span)) {
      signal.throwIfAborted();
      const found = this.#named(message);
      if (found && isOurs(found.run)) return found;
    }
    return undefined;
  }

  #named({ eventId, storedMs, streamSeq }: StoredMessage): Found | undefined {
    const id = eventId === undefined ? undefined : parseEventId(eventId);
    if (id?.gateway !== this.#gateway) return undefined;
    return { run: id.run, seq: id.seq, streamSeq, storedMs };
  }
}
