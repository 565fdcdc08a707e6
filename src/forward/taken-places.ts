/**
 * Whose place in the stream was taken by somebody else.
 *
 * A refusal does not tell. While a cluster changes its leader two servers may take the same publish;
 * one refuses what the other stores. So the place itself is read, as soon as the stream is known to
 * reach behind it.
 */
import type { NatsConnection } from "@nats-io/transport-node";
import { eventIdOf, type GatewayId, type Seq, type StreamSeq } from "../core/ids.ts";
import { gatewayStream } from "../core/subject.ts";
import { getMessage } from "../stream/message-get.ts";
import type { Candidate, GiveUp } from "./give-up.ts";

/** A record that a lane could not store, and the only stream sequence that it could have got. */
export interface RefusedRecord extends Candidate {
  readonly place: StreamSeq;
}

export class TakenPlaces {
  readonly #gateway: GatewayId;
  readonly #giveUp: GiveUp;
  #refused: readonly RefusedRecord[] = [];

  constructor(gateway: GatewayId, giveUp: GiveUp) {
    this.#gateway = gateway;
    this.#giveUp = giveUp;
  }

  /** Remembers what a lane was refused, until the stream is seen again. */
  doubt(refused: readonly RefusedRecord[]): void {
    this.#refused = refused;
  }

  /**
   * Gives up those of them that are passed by when publishing goes on behind `after`, and whose place
   * holds another message; then there is no doubt any more. A message that has expired since counts
   * as the record itself.
   */
  async settle(connection: NatsConnection, after: Seq, signal: AbortSignal): Promise<void> {
    const stream = gatewayStream(this.#gateway);
    const passed = this.#refused.filter(({ seq }) => seq <= after);
    const messages = await Promise.all(
      passed.map(({ place }) => getMessage(connection, stream, place)),
    );
    this.#refused = [];
    for (const [index, record] of passed.entries()) {
      const message = messages[index];
      const ownId = eventIdOf(this.#gateway, record.run, record.seq);
      if (message && message.eventId !== ownId) await this.#giveUp(record, "displaced", signal);
    }
  }
}
