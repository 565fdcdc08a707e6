/**
 * Finds where to go on: the stream says how far it is, the log says what it has.
 *
 * The position is the last message of ours in the stream, by the event id it carries. The log's own
 * note of what was confirmed is a hint; it decides only where the stream has nothing to say, and it
 * is how a stream that went backwards is noticed.
 */
import type { NatsConnection } from "@nats-io/transport-node";
import { type Clock, sleep } from "../core/clock.ts";
import type { Origin } from "../core/event.ts";
import { type LogPosition, type Seq, type StreamSeq, toSeq, toStreamSeq } from "../core/ids.ts";
import type { LogAccounts, StreamPosition } from "../core/log-accounts.ts";
import type { ReadableLog } from "../core/log-reader.ts";
import type { LogWriter } from "../core/log-writer.ts";
import type { Logger } from "../core/logger.ts";
import type { Counter, Metrics } from "../core/metrics.ts";
import { ensureStream } from "../stream/ensure-stream.ts";
import type { StreamFacts } from "../stream/message-get.ts";
import type { StreamContract } from "../stream/stream-contract.ts";
import { AskForBatches } from "./ask-for-batches.ts";
import type { DeclareGap } from "./declare-gap.ts";
import { lastOfRun, runAt, stepBack, stepForward } from "./log-walk.ts";
import type { PassedOver } from "./passed-over.ts";
import { foreignQuietMs, UnknownWriter } from "./unknown-writer.ts";
import { type Found, WalkBack } from "./walk-back.ts";

/**
 * A server forgets a deleted stream before it has deleted its files. One that is made in between
 * loses its own files to that, and then refuses every publish.
 */
const vanishedRestMs = 2_000;

/** Where publishing goes on, or why it cannot. */
export type Verdict =
  | {
      readonly kind: "go-on";
      /** The next record is the first behind this one. */
      readonly after: Seq;
      /** The stream's last sequence. */
      readonly lastStreamSeq: StreamSeq;
      /** The stream takes batches. */
      readonly batches: boolean;
    }
  | { readonly kind: "blocked"; readonly reason: string; readonly retryMs: number };

interface SeenStream extends StreamFacts {
  readonly batches: boolean;
}

export interface ReconcilerDependencies {
  readonly log: ReadableLog & LogAccounts & Pick<LogWriter, "lastSeq">;
  readonly origin: Origin;
  readonly contract: StreamContract;
  readonly declareGap: DeclareGap;
  readonly passedOver: PassedOver;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Allows, once, to continue a stream whose last writer is unknown here. */
  readonly takeOver: boolean;
}

export class Reconciler {
  readonly #deps: ReconcilerDependencies;
  readonly #walkBack: WalkBack;
  readonly #unknownWriter: UnknownWriter;
  readonly #regressions: Counter;
  readonly #askForBatches: AskForBatches;
  /** When the server made the stream that was used last. */
  #created: string | undefined;
  #toldTuned = "";

  constructor(deps: ReconcilerDependencies) {
    this.#deps = deps;
    this.#walkBack = new WalkBack(deps.contract.name, deps.origin.gateway);
    this.#unknownWriter = new UnknownWriter(deps);
    this.#askForBatches = new AskForBatches(deps.contract.name, deps.logger);
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
    const { clock, contract, log } = this.#deps;
    const ensured = await ensureStream(connection, contract, async () => {
      if (log.confirmed) await sleep(clock, vanishedRestMs, signal);
    });
    this.#tellTuned(ensured.tuned);
    const end = await this.#walkBack.readEnd(connection, ensured.firstSeq, signal);
    this.#tellStrangers(end.strangers);
    const { found } = end;
    const batches = await this.#askForBatches.allowed(connection, ensured);
    const lastSeq = toStreamSeq(Math.max(ensured.lastSeq, end.lastSeq));
    const facts = { ...ensured, lastSeq, batches };
    if (!found) return this.#goOn(await this.#trustOwnNote(facts, signal), facts);
    if (!log.knowsRun(found.run)) return this.#judgeUnknown(connection, found, facts, signal);
    this.#unknownWriter.forget();
    return this.#goOn(await this.#matchPosition(found, signal), facts);
  }

  #goOn(after: Seq, { batches, created, lastSeq }: SeenStream): Verdict {
    this.#created = created;
    return { kind: "go-on", after, lastStreamSeq: lastSeq, batches };
  }

  #tellStrangers(messages: number): void {
    if (messages === 0) return;
    this.#deps.logger.error("somebody else publishes into this gateway's stream", {
      stream: this.#deps.contract.name,
      messages,
      advice: "allow only the gateway's own user to publish there",
    });
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
    facts: SeenStream,
    signal: AbortSignal,
  ): Promise<Verdict> {
    const { log } = this.#deps;
    const reason = await this.#unknownWriter.judge(found, signal);
    if (reason !== undefined) return { kind: "blocked", reason, retryMs: foreignQuietMs };
    const isOurs = log.knowsRun.bind(log);
    const ours = await this.#walkBack.findBefore(connection, found, isOurs, signal);
    const after = ours ? await this.#matchPosition(ours, signal) : log.confirmed?.seq;
    return this.#goOn(after ?? toSeq(0), facts);
  }

  /** The backbone lost what it had confirmed: everything behind `to` is sent again. */
  async #regress(to: StreamPosition | undefined, signal: AbortSignal): Promise<void> {
    const { declareGap, log, logger } = this.#deps;
    const noted = log.confirmed;
    if (!noted) return;
    await this.#deps.passedOver.recall();
    const lost = await log.regress(to);
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
