/**
 * What the package gets in the place of its own session store and its own way to subscribers, both
 * of which are kept here: it asks on, is told the little that it needs, and remembers nothing.
 */
import { connectTimeoutMs } from "./client-failure.ts";
import { type ClientStepsDeps, clientSteps, sessionNameOf } from "./client-steps.ts";
import type { Distributed } from "./distribution.ts";
import { type IncomingStore, incomingStore } from "./incoming-store.ts";
import { stuckMs } from "./pulse.ts";

/**
 * A subscription that no client has. The package says "session present" when it finds one to
 * restore; a session without any is one too (MQTT 3.1.1 §3.2.2.2). It is refused when it is
 * restored, since none is to be.
 */
const mark = { topic: "session", qos: 0 } as const;

/** In the place of the package's session store. */
function sessionStore(isResumed: (client: string) => boolean, incoming: IncomingStore) {
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
const noEmitter = {
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

/** A message on its way through the package; without a client the callback stands in its place. */
type Publish = (packet: Distributed, from: unknown, done?: () => void) => void;

/**
 * In the place of the package's own way to subscribers. The callback writes the PUBREC of a message
 * of QoS 2, so it is `answered` behind it.
 */
export function publishBy(
  deliver: (packet: Distributed, client: object | undefined) => void,
  answered: (packet: object) => void,
): Publish {
  return (packet, from, done) => {
    deliver(packet, typeof from === "object" && from !== null ? from : undefined);
    if (typeof from === "function") from();
    else done?.();
    answered(packet);
  };
}

/** Announcements between the brokers of a cluster; there is one here. */
const heartbeatMs = 86_400_000;

/** The package's own limits, where there is a choice. */
const packageLimits = {
  concurrency: 1_000,
  queueLimit: 1_000,
  // Open messages are bounded by the table, which takes their payloads out of memory.
  maxInflightInbound: 0,
  connectTimeout: connectTimeoutMs,
  drainTimeout: stuckMs,
  heartbeatInterval: heartbeatMs,
};

/** What the package is opened with. */
export function packageOptions(deps: ClientStepsDeps) {
  const { connectionOf, deliveries, ingest, sessions } = deps;
  const incoming = incomingStore({
    resendOf: (packet) => ingest.resendOf(packet),
    release: (client, packetId) => connectionOf(client).release(packetId),
    clear: (client) => deliveries.clear(sessionNameOf(connectionOf(client))),
  });
  return {
    ...packageLimits,
    mq: noEmitter,
    persistence: sessionStore((client) => sessions.isResumed(client), incoming),
    ...clientSteps(deps),
  };
}
