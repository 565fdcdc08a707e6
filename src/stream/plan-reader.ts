/**
 * Changes of runs as they are appended. At the start, and after each time that the stream was lost
 * sight of, the last change of every run comes first: who reads knows by its number whether it is
 * news.
 */
import type { NatsConnection } from "@nats-io/transport-node";
import { toStreamSeq } from "../core/ids.ts";
import { allPlans, plansStream } from "../core/subject.ts";
import { ensureStream } from "./ensure-stream.ts";
import type { FollowedMessage, FollowOptions } from "./follow-stream.ts";
import { readStreamFacts } from "./message-get.ts";
import type { BackboneOptions } from "./options.ts";
import { type PlanMessage, readLastChanges } from "./plan-log.ts";
import { type ReadingPlan, SteadyReader, type SteadyReaderDependencies } from "./steady-reader.ts";
import { plansStreamContract } from "./stream-contract.ts";

const messagesInFlight = 200;

export interface PlanReaderDependencies extends SteadyReaderDependencies {
  readonly backboneOptions: BackboneOptions;
}

/** Reads until the signal. Makes the stream where it is missing. `onLast` is given what is there. */
export function openPlanReader(
  signal: AbortSignal,
  deps: PlanReaderDependencies,
  onLast: (message: PlanMessage) => void,
): SteadyReader<readonly PlanMessage[]> {
  return new SteadyReader(new PlanReading(deps, onLast), signal, deps);
}

class PlanReading implements ReadingPlan<readonly PlanMessage[]> {
  readonly stream = plansStream;
  readonly #deps: PlanReaderDependencies;
  readonly #onLast: (message: PlanMessage) => void;
  #created = "";
  #lastSeq = 0;

  constructor(deps: PlanReaderDependencies, onLast: (message: PlanMessage) => void) {
    this.#deps = deps;
    this.#onLast = onLast;
  }

  async locate(connection: NatsConnection): Promise<FollowOptions> {
    const facts = await ensureStream(connection, plansStreamContract(this.#deps.backboneOptions));
    await readLastChanges(connection, this.#onLast);
    this.#created = facts.created;
    this.#lastSeq = facts.lastSeq;
    return {
      from: toStreamSeq(facts.lastSeq + 1),
      natsSubjectFilter: allPlans,
      messagesInFlight,
    };
  }

  take(messages: readonly FollowedMessage[]): {
    readonly batch?: readonly PlanMessage[];
    readonly astray: boolean;
  } {
    const batch: PlanMessage[] = [];
    for (const { data: body, seq, subject: natsSubject } of messages) {
      if (seq <= this.#lastSeq) return { batch, astray: true };
      this.#lastSeq = seq;
      batch.push({ natsSubject, streamSeq: toStreamSeq(seq), body });
    }
    return { batch, astray: false };
  }

  async isUpToDate(connection: NatsConnection): Promise<boolean> {
    const facts = await readStreamFacts(connection, plansStream);
    return facts?.created === this.#created && facts.lastSeq <= this.#lastSeq;
  }
}
