/**
 * What the package gets in the place of its own session store and its own way to subscribers, both
 * of which are kept here: it asks on, is told the little that it needs, and remembers nothing.
 */
import type { IncomingStore } from "./incoming-store.ts";

/**
 * A subscription that no client has. The package says "session present" when it finds one to
 * restore; a session without any is one too (MQTT 3.1.1 §3.2.2.2). It is refused when it is
 * restored, since none is to be.
 */
const mark = { topic: "session", qos: 0 } as const;

/** In the place of the package's session store. */
export function sessionStore(isResumed: (client: string) => boolean, incoming: IncomingStore) {
  return {
    ...incoming,
    async setup() {},
    async subscriptionsByClient({ id }: { readonly id: string }) {
      return isResumed(id) ? [mark] : [];
    },
    async cleanSubscriptions() {},
    /** What waits is sent by the outbox. */
    outgoingStream() {
      return [];
    },
    /** Wills are taken from the client itself; stored ones are for clusters. */
    async putWill() {},
    async delWill() {},
    streamWill() {
      return [];
    },
  };
}

/** In the place of the package's emitter, which leads from publishers to subscribers. */
export const noEmitter = {
  on(_topic: string, _listener: unknown, done?: () => void) {
    done?.();
  },
  removeListener(_topic: string, _listener: unknown, done?: () => void) {
    done?.();
  },
  emit(_message: unknown, done?: () => void) {
    done?.();
  },
  close(done: () => void) {
    done();
  },
};
