/**
 * What a gateway said last of each thing, then everything that it says: for those who want to know how
 * it is now, and not how it came to be. Nothing is kept over a stream that turns out to be another one.
 */
import type { NatsConnection } from "@nats-io/transport-node";
import { GatewayError } from "../core/errors.ts";
import type { StoredEvent } from "../core/event.ts";
import { isMalformed } from "../core/event-codec.ts";
import { toStreamSeq } from "../core/ids.ts";
import { gatewaySubjects } from "../core/subject.ts";
import type { DiscoveredGateway } from "./discover-gateways.ts";
import type { FollowedMessage, FollowOptions } from "./follow-stream.ts";
import { getMessage, readStreamFacts } from "./message-get.ts";
import { readEventMessage } from "./read-event-message.ts";
import type { ReadingPlan } from "./steady-reader.ts";

export interface LastAndNewOptions {
  readonly messagesInFlight: () => number;
  /** What was handed out before says nothing any more. */
  readonly onAnew: () => void;
}

export class LastAndNew implements ReadingPlan<readonly StoredEvent[]> {
  readonly stream: string;
  readonly #filter: string;
  readonly #options: LastAndNewOptions;
  #created = "";
  #lastSeq = toStreamSeq(0);
  #lastId: string | undefined;

  constructor({ gateway, site, stream }: DiscoveredGateway, options: LastAndNewOptions) {
    this.stream = stream;
    this.#filter = gatewaySubjects(site, gateway);
    this.#options = options;
  }

  async locate(connection: NatsConnection): Promise<FollowOptions> {
    const facts = await readStreamFacts(connection, this.stream);
    if (!facts) throw new GatewayError("stream.unavailable", `stream ${this.stream} is not there`);
    const common = {
      natsSubjectFilter: this.#filter,
      messagesInFlight: this.#options.messagesInFlight(),
    };
    if (await this.#isTheSame(connection, facts))
      return { ...common, from: toStreamSeq(this.#lastSeq + 1) };
    if (this.#lastSeq > 0) this.#options.onAnew();
    this.#created = facts.created;
    this.#lastSeq = toStreamSeq(0);
    this.#lastId = undefined;
    return { ...common, from: "last-of-each" };
  }

  take(messages: readonly FollowedMessage[]): {
    readonly batch?: readonly StoredEvent[];
    readonly astray: boolean;
  } {
    const batch: StoredEvent[] = [];
    for (const message of messages) {
      const streamSeq = toStreamSeq(message.seq);
      if (streamSeq <= this.#lastSeq) return { batch, astray: true };
      this.#lastSeq = streamSeq;
      this.#lastId = message.headers?.get("Ce-Id");
      const event = readEventMessage(message, this.stream);
      if (!isMalformed(event)) batch.push(event);
    }
    return { batch, astray: false };
  }

  async isUpToDate(connection: NatsConnection): Promise<boolean> {
    const facts = await readStreamFacts(connection, this.stream);
    return facts?.created === this.#created && facts.lastSeq === this.#lastSeq;
  }

  /** True where the last message that was read stands where it stood, or went by its age. */
  async #isTheSame(
    connection: NatsConnection,
    { created, lastSeq }: { readonly created: string; readonly lastSeq: number },
  ): Promise<boolean> {
    if (created !== this.#created || lastSeq < this.#lastSeq || this.#lastSeq === 0) return false;
    const message = await getMessage(connection, this.stream, this.#lastSeq);
    return message === undefined || message.eventId === this.#lastId;
  }
}
