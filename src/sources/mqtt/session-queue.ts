/**
 * Keeps what the broker queues for absent subscribers within bounds.
 *
 * The broker's session store is in memory and takes everything: messages for a client that never
 * comes back, filters that were refused in the SUBACK. This replaces the few functions of the store
 * that add something. Only local subscribers lose by a full queue; events are safe before that.
 */
import { bug } from "../../core/errors.ts";

/** Messages that wait for one session. */
const maxMessages = 1_000;
/** Payload bytes that wait for all sessions together. */
const maxBytes = 16 * 2 ** 20;

interface QueuedPacket {
  readonly payload: Uint8Array | string;
}

interface Subscriber {
  readonly clientId: string;
}

interface StoreClient {
  readonly id: string;
}

/** The part of the broker's session store that is bounded. */
interface SessionStore {
  outgoingEnqueueCombi(subscribers: readonly Subscriber[], packet: QueuedPacket): Promise<void>;
  outgoingClearMessageId(
    client: StoreClient,
    packet: object,
  ): Promise<Partial<QueuedPacket> | undefined>;
  addSubscriptions(client: StoreClient, added: readonly { topic: string }[]): Promise<void>;
}

function isSessionStore(value: unknown): value is SessionStore {
  const names = ["outgoingEnqueueCombi", "outgoingClearMessageId", "addSubscriptions"];
  return (
    typeof value === "object" &&
    value !== null &&
    names.every((name) => typeof Reflect.get(value, name) === "function")
  );
}

export interface SessionQueueOptions {
  /** True for a filter that was granted to the client. */
  isSubscribed(client: string, filter: string): boolean;
  /** A message was not queued for one session. */
  dropped(): void;
}

/** Bounds a session store, as the broker made it, for the rest of its life. */
export function boundSessionQueues(store: unknown, options: SessionQueueOptions): void {
  if (!isSessionStore(store)) bug("the broker's session store has another form than expected");
  const enqueue = store.outgoingEnqueueCombi.bind(store);
  const clear = store.outgoingClearMessageId.bind(store);
  const subscribe = store.addSubscriptions.bind(store);
  const queues = new Map<string, { messages: number; bytes: number }>();
  let bytes = 0;

  store.outgoingEnqueueCombi = (subscribers, packet) => {
    if (subscribers.length === 0) return enqueue(subscribers, packet);
    const size = packet.payload.length;
    const room: Subscriber[] = [];
    for (const subscriber of subscribers) {
      const queue = queues.get(subscriber.clientId) ?? { messages: 0, bytes: 0 };
      if (queue.messages >= maxMessages || bytes + size > maxBytes) {
        options.dropped();
        continue;
      }
      queue.messages += 1;
      queue.bytes += size;
      bytes += size;
      queues.set(subscriber.clientId, queue);
      room.push(subscriber);
    }
    // A copy, since the payload is a part of a read buffer that may be many times its size.
    return enqueue(room, { ...packet, payload: Buffer.from(packet.payload) });
  };
  store.outgoingClearMessageId = async (client, packet) => {
    const cleared = await clear(client, packet);
    const queue = queues.get(client.id);
    if (cleared === undefined || queue === undefined) return cleared;
    queue.messages -= 1;
    // Where a PUBREL took the message's place its size is not known any more: then the bytes are
    // given back when the queue is empty.
    const size = queue.messages === 0 ? queue.bytes : (cleared.payload?.length ?? 0);
    queue.bytes -= size;
    bytes -= size;
    if (queue.messages === 0) queues.delete(client.id);
    return cleared;
  };
  store.addSubscriptions = (client, added) =>
    subscribe(
      client,
      added.filter(({ topic }) => options.isSubscribed(client.id, topic)),
    );
}
