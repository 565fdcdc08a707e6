/** Hands each message on to whoever has subscribed to its topic, and keeps what is to be retained. */
import type { Clock } from "../../core/clock.ts";
import type { Connection } from "./connection.ts";
import type { Grant } from "./grant.ts";
import { OutboundMessage, type Qos } from "./outbound-message.ts";
import type { Outbox } from "./outbox.ts";
import type { Retained } from "./retained.ts";
import type { TellFate } from "./unacknowledged.ts";

const dollar = 36;
const toNobody: TellFate = () => {};

export interface DistributionDeps {
  readonly sessions: {
    listeners(
      topic: string,
    ): ReadonlyMap<{ readonly client: string; readonly outbox: Outbox }, Grant> | undefined;
  };
  readonly retained: Retained;
  readonly clock: Clock;
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
  /** MQTT 5: what the publisher said of it, as it goes on to subscribers. */
  readonly properties5?:
    | { readonly forwarded: Uint8Array; readonly expirySeconds: number | undefined }
    | undefined;
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
  deliver(distributed: Distributed, from?: Connection): void {
    const { isCut, topic, retain } = distributed;
    if (isCut || topic.charCodeAt(0) === dollar) return;
    const listeners = this.#deps.sessions.listeners(topic);
    if (listeners === undefined && !retain) return;
    const message = this.#outbound(distributed, from);
    if (listeners === undefined) return;
    for (const [{ client, outbox }, grant] of listeners) {
      const granted = client === from?.client ? grant.own : grant;
      if (granted !== undefined) outbox.deliver(message, granted);
    }
  }

  /**
   * The same for those that are connected: it waits for nobody who is away, and is not sent again.
   * `to` is told what became of it there.
   */
  deliverNow(distributed: Distributed, to: string, tell: TellFate): void {
    const listeners = this.#deps.sessions.listeners(distributed.topic);
    const message = this.#outbound(distributed, undefined);
    for (const [{ client, outbox }, grant] of listeners ?? [])
      if (outbox.isAttached) outbox.deliver(message, grant, client === to ? tell : toNobody);
  }

  /** Retained, where it is to be. */
  #outbound(distributed: Distributed, from: Connection | undefined): OutboundMessage {
    const { payload, qos, retain, topic } = distributed;
    const bytes = typeof payload === "string" ? Buffer.from(payload) : payload;
    const message = new OutboundMessage(topic, bytes, qos, {
      retain,
      properties: distributed.properties5?.forwarded,
      expiresAtMs: this.#expiresAtMs(distributed),
    });
    if (retain && !this.#deps.retained.keep(message)) this.#deps.notRetained(message, from);
    return message;
  }

  #expiresAtMs({ properties5 }: Distributed): number | undefined {
    const seconds = properties5?.expirySeconds;
    return seconds === undefined ? undefined : this.#deps.clock.monotonicMs() + seconds * 1_000;
  }
}
