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

/** Who is given what stands in the stream. */
export interface LastChanges {
  /** The last change of each run follows. */
  begin(): void;
  take(message: PlanMessage): void;
  /** That was all. Not called where reading ended before; then it begins again. */
  end(): void;
}

/** Reads until the signal. Makes the stream where it is missing. */
export function openPlanReader(
  signal: AbortSignal,
  deps: PlanReaderDependencies,
  last: LastChanges,
): SteadyReader<readonly PlanMessage[]> {
  return new SteadyReader(new PlanReading(deps, last), signal, deps);
}

class PlanReading implements ReadingPlan<readonly PlanMessage[]> {
  readonly stream = plansStream;
  readonly #deps: PlanReaderDependencies;
  readonly #last: LastChanges;
  #created = "";
  #lastSeq = 0;

  constructor(deps: PlanReaderDependencies, last: LastChanges) {
    this.#deps = deps;
    this.#last = last;
  }

  async locate(connection: NatsConnection): Promise<FollowOptions> {
    const facts = await ensureStream(connection, plansStreamContract(this.#deps.backboneOptions));
    this.#last.begin();
    await readLastChanges(connection, (message) => this.#last.take(message));
    this.#last.end();
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
