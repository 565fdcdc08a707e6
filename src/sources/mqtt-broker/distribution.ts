/** Hands each message on to whoever has subscribed to its topic, and keeps what is to be retained. */
import type { Connection } from "./connection.ts";
import { OutboundMessage, type Qos } from "./outbound-message.ts";
import type { Outbox } from "./outbox.ts";
import type { Retained } from "./retained.ts";

const dollar = 36;

export interface DistributionDeps {
  readonly sessions: {
    listeners(topic: string): ReadonlyMap<{ readonly outbox: Outbox }, Qos> | undefined;
  };
  readonly retained: Retained;
  /** A message was delivered, but there is no room to retain it; who sent it, where a client did. */
  notRetained(message: OutboundMessage, from: Connection | undefined): void;
}

/** A message of a client or of the gateway. */
export interface Distributed {
  readonly topic: string;
  readonly payload: Uint8Array | string;
  readonly qos: Qos;
  readonly retain: boolean;
  /** Only the beginning of a message that was too large: nothing for anybody. */
  readonly isCut?: true;
}

export class Distribution {
  readonly #deps: DistributionDeps;

  constructor(deps: DistributionDeps) {
    this.#deps = deps;
  }

  /**
   * Waits for no subscriber; what one does not take waits in its own outbox. Topics of the system go
   * to nobody.
   */
  deliver({ isCut, topic, payload, qos, retain }: Distributed, from?: Connection): void {
    if (isCut || topic.charCodeAt(0) === dollar) return;
    const { retained, sessions } = this.#deps;
    const listeners = sessions.listeners(topic);
    if (listeners === undefined && !retain) return;
    const bytes = typeof payload === "string" ? Buffer.from(payload) : payload;
    const message = new OutboundMessage(topic, bytes, qos);
    if (retain && !retained.keep(message)) this.#deps.notRetained(message, from);
    if (listeners === undefined) return;
    for (const [{ outbox }, granted] of listeners) {
      outbox.deliver(message, qos < granted ? qos : granted);
    }
  }
}
