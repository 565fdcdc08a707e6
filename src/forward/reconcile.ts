/**
 * Finds where to go on: the stream says how far it is, the log says what it has.
 *
 * The position is the last message of ours in the stream, by the event id it carries. The log's own
 * note of what was confirmed is a hint; it decides only where the stream has nothing to say, and it
 * is how a stream that went backwards is noticed.
 */
import type { NatsConnection } from "@nats-io/transport-node";
import type { Clock, EpochMs } from "../core/clock.ts";
import { formatDuration } from "../core/duration.ts";
import type { Origin } from "../core/event.ts";
import {
  type LogPosition,
  parseEventId,
  type Seq,
  type StreamSeq,
  toSeq,
  toStreamSeq,
} from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";
import type { Counter, Metrics } from "../core/metrics.ts";
import type { RecordLog, StreamPosition } from "../core/record.ts";
import { ensureStream } from "../stream/ensure-stream.ts";
import { getMessage, type StoredMessage, type StreamFacts } from "../stream/message-get.ts";
import type { StreamContract } from "../stream/stream-contract.ts";
import type { DeclareGap } from "./declare-gap.ts";
import { lastOfRun, runAt, stepBack, stepForward } from "./log-walk.ts";
import type { PassedOver } from "./passed-over.ts";

/** A writer that was silent for this long is taken for gone. */
export const foreignQuietMs = 60_000;
/** How far back a message of ours is looked for before those of a writer that is taken over from. */
const mostForeign = 1_000;

/** Where publishing goes on, or why it cannot. */
export type Verdict =
  | {
      readonly kind: "go-on";
      /** The next record is the first behind this one. */
      readonly after: Seq;
      /** The stream's last sequence. */
      readonly lastStreamSeq: StreamSeq;
    }
  | { readonly kind: "blocked"; readonly reason: string; readonly retryMs: number };

export interface ReconcilerDependencies {
  readonly log: RecordLog;
  readonly origin: Origin;
  readonly contract: StreamContract;
  readonly declareGap: DeclareGap;
  readonly passedOver: PassedOver;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Allows, once, to continue a stream whose last writer is unknown here. */
  readonly takeOver: boolean;
  /** False trusts the log's own note and never asks: only for the proof of what asking is for. */
  readonly asking: boolean;
}

/** The last message of ours in the stream. */
interface Found extends StreamPosition {
  readonly storedMs: EpochMs;
}

export class Reconciler {
  readonly #deps: ReconcilerDependencies;
  readonly #regressions: Counter;
  /** The foreign message that is looked at, and when it was seen first, monotonic. */
  #sighting: { readonly streamSeq: StreamSeq; readonly firstMs: number } | undefined;
  #mayTakeOver: boolean;
  /** The stream sequence of the unknown writer's message that was taken over. */
  #takenOver: StreamSeq | undefined;
  /** When the server made the stream that was used last. */
  #created: string | undefined;
  #toldTuned = "";

  constructor(deps: ReconcilerDependencies) {
    this.#deps = deps;
    this.#mayTakeOver = deps.takeOver;
    this.#regressions = deps.metrics.counter(
      "gateway_forward_regressions_total",
      "Times the backbone had lost events that it had confirmed.",
    );
  }

  /**
   * Makes the stream when it is missing, and reads the position. Only with nothing of ours on its
   * way. Rejects with the failures of the stream, and with `shutdown` on abort.
   */
  async reconcile(connection: NatsConnection, signal: AbortSignal): Promise<Verdict> {
    const { contract, log } = this.#deps;
    const facts = await ensureStream(connection, contract);
    this.#tellTuned(facts.tuned);
    if (!this.#deps.asking) return this.#goOn(log.confirmed?.seq ?? toSeq(0), facts);
    const found = await this.#findLastNamed(connection, facts, signal);
    if (!found) return this.#goOn(await this.#trustOwnNote(facts, signal), facts);
    if (!log.knowsRun(found.run)) return this.#judgeUnknown(connection, found, facts, signal);
    this.#sighting = undefined;
    return this.#goOn(await this.#matchPosition(found, signal), facts);
  }

  #goOn(after: Seq, facts: StreamFacts): Verdict {
    this.#created = facts.created;
    return { kind: "go-on", after, lastStreamSeq: facts.lastSeq };
  }

  /** The last message with an id of this gateway's name; walks back over those without. */
  async #findLastNamed(
    connection: NatsConnection,
    facts: StreamFacts,
    signal: AbortSignal,
  ): Promise<Found | undefined> {
    const { contract, logger } = this.#deps;
    let strangers = 0;
    let found: Found | undefined;
    for (let at: number = facts.lastSeq; at > 0 && at >= facts.firstSeq && !found; at -= 1) {
      signal.throwIfAborted();
      const message = await getMessage(connection, contract.name, toStreamSeq(at));
      found = message && this.#named(message);
      if (message && !found) strangers += 1;
    }
    if (strangers > 0) {
      logger.error("somebody else publishes into this gateway's stream", {
        stream: contract.name,
        messages: strangers,
        advice: "allow only the gateway's own user to publish there",
      });
    }
    return found;
  }

  #named({ eventId, storedMs, streamSeq }: StoredMessage): Found | undefined {
    const id = eventId === undefined ? undefined : parseEventId(eventId);
    if (id?.gateway !== this.#deps.origin.gateway) return undefined;
    return { run: id.run, seq: id.seq, streamSeq, storedMs };
  }

  /** The last message of a run of this log, not far before the unknown writer's. */
  async #findLastOfThisLog(
    connection: NatsConnection,
    unknown: Found,
    signal: AbortSignal,
  ): Promise<Found | undefined> {
    const { contract, log } = this.#deps;
    const oldest = Math.max(1, unknown.streamSeq - mostForeign);
    for (let at: number = unknown.streamSeq - 1; at >= oldest; at -= 1) {
      signal.throwIfAborted();
      const message = await getMessage(connection, contract.name, toStreamSeq(at));
      const found = message && this.#named(message);
      if (found && log.knowsRun(found.run)) return found;
    }
    return undefined;
  }

  /**
   * The stream has nothing of ours to read. What it had of ours has expired, so it stood before all
   * that is left, and the log's note tells which record that number was. In a stream that was made
   * since we looked last there was never anything.
   */
  async #trustOwnNote(facts: StreamFacts, signal: AbortSignal): Promise<Seq> {
    const { log, passedOver } = this.#deps;
    const noted = log.confirmed;
    if (!noted) return toSeq(0);
    const isNew = this.#created !== undefined && this.#created !== facts.created;
    const streamSeq = toStreamSeq(isNew ? 0 : Math.max(0, facts.firstSeq - 1));
    const ahead = streamSeq - noted.streamSeq;
    if (ahead === 0) return noted.seq;
    if (streamSeq === 0) {
      await this.#regress(undefined, signal);
      return toSeq(0);
    }
    await passedOver.recall();
    const isSendable = ({ seq }: LogPosition): boolean => !passedOver.has(seq);
    if (ahead > 0) {
      const record = await stepForward(log, noted.seq, ahead, isSendable);
      if (record) log.confirm({ ...record, streamSeq });
      return record?.seq ?? noted.seq;
    }
    const record = await stepBack(log, noted.seq, -ahead, isSendable);
    await this.#regress(record && { ...record, streamSeq }, signal);
    return record?.seq ?? toSeq(0);
  }

  /** The last message is of a run that this log wrote. */
  async #matchPosition(found: Found, signal: AbortSignal): Promise<Seq> {
    const { log, logger } = this.#deps;
    const { run, seq, streamSeq } = found;
    const noted = log.confirmed;
    if (noted && noted.run === run && noted.seq === seq) {
      if (noted.streamSeq !== streamSeq) log.confirm({ run, seq, streamSeq });
      return seq;
    }
    if (seq > log.lastSeq || (await this.#isOfOtherRun(found))) {
      logger.error("the backbone has events that this log has lost", {
        run,
        seq,
        lastSeq: log.lastSeq,
        advice: "was the data folder restored from a copy, or did the disk lie?",
      });
      // Of that run everything here is stored; what later runs wrote is not.
      return (await lastOfRun(log, run))?.seq ?? toSeq(0);
    }
    if (noted && seq < noted.seq) await this.#regress({ run, seq, streamSeq }, signal);
    else log.confirm({ run, seq, streamSeq });
    return seq;
  }

  /** True when this log has another run's record in that place. */
  async #isOfOtherRun({ run, seq }: LogPosition): Promise<boolean> {
    const here = await runAt(this.#deps.log, seq);
    return here !== undefined && here !== run;
  }

  /** The last message is of this gateway's name, and of a run that this log never wrote. */
  async #judgeUnknown(
    connection: NatsConnection,
    found: Found,
    facts: StreamFacts,
    signal: AbortSignal,
  ): Promise<Verdict> {
    const { clock, log, logger, origin, declareGap } = this.#deps;
    const goOnBehindOurs = async (): Promise<Verdict> => {
      const ours = await this.#findLastOfThisLog(connection, found, signal);
      const after = ours ? await this.#matchPosition(ours, signal) : log.confirmed?.seq;
      return this.#goOn(after ?? toSeq(0), facts);
    };
    if (this.#takenOver === found.streamSeq) return goOnBehindOurs();
    const nowMs = clock.monotonicMs();
    if (this.#sighting?.streamSeq !== found.streamSeq) {
      this.#sighting = { streamSeq: found.streamSeq, firstMs: nowMs };
    }
    // Seen here for long enough counts as old too: the clock of the box may be wrong.
    const ageMs = Math.max(clock.wallMs() - found.storedMs, nowMs - this.#sighting.firstMs);
    const who = `run ${found.run}, which this log never wrote`;
    if (ageMs < foreignQuietMs) {
      return blocked(
        `another gateway named ${origin.gateway} is alive: the stream's last event is of ${who}`,
      );
    }
    if (log.confirmed && !this.#mayTakeOver) {
      return blocked(
        `the stream's last event is of ${who}, ${formatDuration(ageMs)} ago; if that gateway is ` +
          "gone for good, start with --take-over",
      );
    }
    logger.warn("taking over a stream from a writer that is gone", {
      run: found.run,
      seq: found.seq,
    });
    const next = toSeq(found.seq + 1);
    await declareGap(
      [
        {
          run: found.run,
          from: next,
          to: next,
          count: 0,
          class: "mixed",
          reason: "identity-changed",
        },
      ],
      signal,
    );
    if (log.confirmed) this.#mayTakeOver = false;
    this.#takenOver = found.streamSeq;
    return goOnBehindOurs();
  }

  /** The backbone lost what it had confirmed: everything behind `to` is sent again. */
  async #regress(to: StreamPosition | undefined, signal: AbortSignal): Promise<void> {
    const { declareGap, log, logger } = this.#deps;
    const noted = log.confirmed;
    if (!noted) return;
    await this.#deps.passedOver.recall();
    const lost = log.regress(to);
    this.#regressions.add();
    logger.error("the backbone lost events that it had confirmed; they are sent again", {
      confirmed: noted.seq,
      found: to?.seq ?? 0,
      noLongerHeld: lost,
    });
    if (lost === 0) return;
    const from = toSeq((to?.seq ?? 0) + 1);
    const last = toSeq(log.firstSeq - 1);
    const run = to?.run ?? noted.run;
    await declareGap(
      [{ run, from, to: last, count: lost, class: "mixed", reason: "backbone-regressed" }],
      signal,
    );
  }

  #tellTuned(tuned: readonly string[]): void {
    const words = tuned.join("; ");
    if (words !== "" && words !== this.#toldTuned) {
      this.#deps.logger.warn("the stream keeps settings of its own", {
        stream: this.#deps.contract.name,
        differences: words,
      });
    }
    this.#toldTuned = words;
  }
}

function blocked(reason: string): Verdict {
  return { kind: "blocked", reason, retryMs: foreignQuietMs };
}
