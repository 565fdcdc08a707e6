/**
 * Puts the table of open QoS 2 messages in the place of the broker's own, which is in memory, keeps
 * whole payloads, and takes a message for a new one when its release overtakes a resend.
 *
 * The broker asks at PUBLISH whether it has the message (then it only answers PUBREC), and at PUBREL
 * whether it has the number; it writes PUBCOMP when the deletion has resolved.
 */
import type { OpenDelivery } from "./open-delivery.ts";

interface IncomingPacket {
  readonly cmd?: string;
  readonly messageId?: number;
}

/** The part of the broker's session store that is about these messages. */
export interface IncomingStore {
  incomingGetPacket(client: object, packet: IncomingPacket): Promise<IncomingPacket>;
  incomingStorePacket(client: object, packet: IncomingPacket): Promise<void>;
  incomingDelPacket(client: object, packet: IncomingPacket): Promise<void>;
  cleanIncoming(client: { readonly closed?: boolean }): Promise<void>;
}

export interface IncomingStoreOptions {
  /** What a PUBLISH repeats, where it was recognized before the broker went on with it. */
  resendOf(packet: object): OpenDelivery | undefined;
  /**
   * The client releases a number; gives what resolves when the client may hear that it is free,
   * undefined when nothing is open under it.
   */
  release(client: object, packetId: number): (() => Promise<void>) | undefined;
  /** The client has connected and wants to begin anew. */
  clear(client: object): Promise<void>;
}

/** How the broker is told that it does not have a packet; one for all, since it is asked often. */
const notThere = new Error("no such packet");

/** The functions that a session store has in the place of the broker's own. */
export function incomingStore(options: IncomingStoreOptions): IncomingStore {
  const releases = new WeakMap<object, () => Promise<void>>();
  return {
    async incomingGetPacket(client, packet) {
      if (packet.cmd === "publish") {
        const repeated = options.resendOf(packet);
        if (repeated === undefined) throw notThere;
        await repeated.whenAnswered();
      } else {
        const release = options.release(client, packet.messageId ?? 0);
        if (release === undefined) throw notThere;
        releases.set(packet, release);
      }
      return packet;
    },
    async incomingStorePacket() {},
    async incomingDelPacket(_, packet) {
      await releases.get(packet)?.();
    },
    // Asked at the end of a connection too, when another one may have the session by then.
    async cleanIncoming(client) {
      if (!client.closed) await options.clear(client);
    },
  };
}
