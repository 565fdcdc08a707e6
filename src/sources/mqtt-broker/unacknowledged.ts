/** What a subscriber was sent at QoS 1 and 2 and has not acknowledged, and the numbers in use. */
import type { Grant } from "./grant.ts";
import type { OutboundMessage, Qos } from "./outbound-message.ts";

/**
 * What became of a message that is for who is there now. `dropped`: it was not sent. `lost`: it was
 * sent, and the connection ended before the answer. A number is the reason code of the answer.
 */
export type Fate = "written" | "dropped" | "lost" | number;

/** Learns it, once. */
export type TellFate = (fate: Fate) => void;

/** A message for one subscriber; undefined once only its number is in use (PUBREC was there). */
export interface Outgoing {
  message: OutboundMessage | undefined;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly identifiers: readonly number[];
  /** There for a message that does not outlive the connection. */
  readonly tell: TellFate | undefined;
}

/** The message as a grant has it; `retain` is what the flag would be. */
export function outgoing(
  message: OutboundMessage,
  grant: Grant,
  retain: boolean,
  tell?: TellFate,
): Outgoing & { message: OutboundMessage } {
  const qos = message.qos < grant.qos ? message.qos : grant.qos;
  return { message, qos, retain, identifiers: grant.identifiers, tell };
}

const maxPacketId = 65_535;

export class Unacknowledged {
  readonly #byId = new Map<number, Outgoing>();
  /** What this connection was sent. */
  readonly #underWay = new Set<number>();
  /** What a former connection was sent, and this one not yet; oldest first. */
  #again: number[] = [];
  #packetId = 0;

  /** How many are under way on this connection. */
  get underWay(): number {
    return this.#underWay.size;
  }

  /** Another connection has come: nothing of it was sent on that one. */
  restart(): void {
    this.#underWay.clear();
    this.#again = [...this.#byId.keys()];
  }

  /** The next that is to be sent again; it counts as sent. */
  nextAgain(): { readonly packetId: number; readonly again: Outgoing } | undefined {
    for (;;) {
      const packetId = this.#again.shift();
      if (packetId === undefined) return undefined;
      const again = this.#byId.get(packetId);
      if (again === undefined) continue;
      this.#underWay.add(packetId);
      return { packetId, again };
    }
  }

  freePacketId(): number {
    do this.#packetId = (this.#packetId % maxPacketId) + 1;
    while (this.#byId.has(this.#packetId));
    return this.#packetId;
  }

  /** A message is sent for the first time. */
  add(packetId: number, sent: Outgoing): void {
    this.#byId.set(packetId, sent);
    this.#underWay.add(packetId);
  }

  get(packetId: number): Outgoing | undefined {
    return this.#byId.get(packetId);
  }

  delete(packetId: number): void {
    this.#byId.delete(packetId);
    this.#underWay.delete(packetId);
  }

  /** What was sent and does not outlive the connection. */
  momentary(): (readonly [packetId: number, sent: Outgoing])[] {
    return [...this.#byId].filter(([, { tell }]) => tell !== undefined);
  }

  clear(): void {
    this.#byId.clear();
    this.#underWay.clear();
    this.#again = [];
  }
}
