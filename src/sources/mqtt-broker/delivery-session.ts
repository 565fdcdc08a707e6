/** The open messages of one session. */
import type { OpenDelivery } from "./open-delivery.ts";
import type { UnansweredSession } from "./unanswered-messages.ts";

/** Open messages of one session. */
export const mostPerSession = 10_000;

/** What a broker asks about the messages of one session. */
export interface DeliverySession {
  /** Its messages of QoS 1; undefined where the session ends with its connection. */
  readonly unanswered: UnansweredSession | undefined;
  /** The open message with this number and content: a resend of it is not stored again. */
  find(packetId: number, hash: number): OpenDelivery | undefined;
  /**
   * Opens a message, in place of another one with its number: a client that uses a number for
   * something else has forgotten the first. Undefined when too many are open.
   */
  begin(packetId: number, hash: number): OpenDelivery | undefined;
  /**
   * The client released the number. Gives what ends the message that is open under it now, and
   * resolves when that is on disk; undefined when none is. To be called in the turn in which the
   * PUBREL is read: the next message may take the number in the same turn.
   */
  release(packetId: number): (() => Promise<void>) | undefined;
  /** To be called when the connection has ended. */
  end(): void;
}

/** By packet id. */
export type OpenMessages = Map<number, OpenDelivery>;

/** A message is a resend only with the content that it had before. */
export function findIn(
  messages: OpenMessages | undefined,
  packetId: number,
  hash: number,
): OpenDelivery | undefined {
  const open = messages?.get(packetId);
  return open?.hash === hash ? open : undefined;
}

export function addTo(messages: OpenMessages, open: OpenDelivery): OpenDelivery {
  messages.set(open.packetId, open);
  return open;
}
