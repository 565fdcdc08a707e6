/** One stay of this process with the runs of plans: from the lease until it is lost, or the stop. */
import { type Clock, sleep } from "../core/clock.ts";
import type { CommandReply } from "../core/command.ts";
import { GatewayError } from "../core/errors.ts";
import { toGatewayId } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";
import type { Counter, Gauge, Metrics } from "../core/metrics.ts";
import { Backoff, type Random } from "../core/retry.ts";
import { gatewayStream } from "../core/subject.ts";
import type { Backbone } from "../stream/backbone.ts";
import type { BackboneOptions } from "../stream/options.ts";
import type { PlanMessage, RunPlace } from "../stream/plan-log.ts";
import { openPlanReader } from "../stream/plan-reader.ts";
import { hear } from "./advance.ts";
import { hasEnded, isOver, type PlanRun } from "./plan-run.ts";
import type { PlanWorld, StoredRun } from "./plan-world.ts";
import { ReplyEars } from "./reply-ears.ts";
import { RunKeeper } from "./run-keeper.ts";
import { createStreamWorld, storedRunOf } from "./stream-world.ts";
import { WaitingRuns } from "./waiting-runs.ts";

const mostShown = 20;
const overdueEveryMs = 5_000;
const backoffLimits = { baseMs: 250, maxMs: 5_000 };

/** What is told of the runs that are kept. */
export interface PlanStayState {
  /** Not ended, or stuck and not settled; the first 20. */
  readonly runs: readonly Pick<PlanRun, "run" | "plan" | "state" | "why" | "stuckMs">[];
  readonly open: number;
  readonly stuck: number;
  /** Requested, and not begun: others have their devices, or so many are under way. */
  readonly waiting: number;
}

export interface PlanStayDependencies {
  readonly backbone: Backbone;
  readonly backboneOptions: BackboneOptions;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly counters: {
    readonly ended: Counter;
    readonly open: Gauge;
    readonly stuck: Gauge;
  };
  /** How long behind its expiry the last word of a command is waited for. */
  readonly graceMs?: number;
}

export class PlanStay {
  readonly #deps: PlanStayDependencies;
  readonly #signal: AbortSignal;
  readonly #ears: ReplyEars;
  readonly #keepers = new Map<string, RunKeeper>();
  readonly #kept = new Set<Promise<void>>();
  readonly #waiting = new WaitingRuns((place) => this.#keepFor(this.#takeUp(place)));
  readonly #world: PlanWorld;
  /** Runs whose last change was not given while what the stream holds is read. */
  #unseen = new Set<string>();
  #isFullTold = false;

  constructor(signal: AbortSignal, deps: PlanStayDependencies) {
    this.#deps = deps;
    this.#signal = signal;
    this.#world = createStreamWorld({ ...deps, signal });
    this.#ears = new ReplyEars({ ...deps, signal, onReply: (reply) => this.#hear(reply) });
  }

  state(): PlanStayState {
    const runs = Array.from(this.#keepers.values(), (keeper) => keeper.run);
    return {
      runs: runs.slice(0, mostShown).map(({ plan, run, state, stuckMs, why }) => ({
        ...{ run, plan, state },
        ...(stuckMs !== undefined && { stuckMs }),
        ...(why !== undefined && { why }),
      })),
      open: runs.length,
      stuck: runs.filter(({ state }) => state === "stuck").length,
      waiting: this.#waiting.size,
    };
  }

  /** Resolves after the signal, when nothing of it is under way any more. */
  async run(): Promise<void> {
    const leave = (): void => {
      for (const keeper of this.#keepers.values()) keeper.leave();
    };
    this.#signal.addEventListener("abort", leave, { once: true });
    this.#keepFor(this.#endOverdue());
    const reader = openPlanReader(this.#signal, this.#deps, {
      begin: () => {
        this.#unseen = new Set(this.#keepers.keys());
      },
      take: (message) => this.#meet(message),
      end: () => {
        for (const run of this.#unseen) this.#keepers.get(run)?.storeAgain();
        this.#waiting.open();
      },
    });
    for (;;) {
      const batch = await reader.next();
      if (!batch) break;
      for (const message of batch) this.#meet(message);
    }
    await Promise.all([...this.#kept, this.#ears.stop()]);
    this.#show();
  }

  #meet(message: PlanMessage): void {
    const { natsSubject, streamSeq } = message;
    const stored = storedRunOf(message);
    if (stored) this.#take(stored);
    else
      this.#deps.logger.error("a message is no run of a plan, and was passed over", {
        natsSubject,
        streamSeq,
        advice: "if a later version wrote it, run plans with that; else see to its devices",
      });
  }

  #take(stored: StoredRun): void {
    const { cancel, change, run, state } = stored.run;
    const keeper = this.#keepers.get(run);
    if (keeper) {
      if (change >= keeper.run.change) this.#unseen.delete(run);
      keeper.meet(stored);
    } else if (isOver(stored.run)) this.#waiting.ended(run);
    else if (state !== "requested" || cancel) this.#keep(stored);
    else if (!this.#waiting.add(stored.run)) this.#tellFull(run);
  }

  #tellFull(run: string): void {
    if (this.#isFullTold) return;
    this.#isFullTold = true;
    this.#deps.logger.error("too many runs of plans wait; those from this one on begin later", {
      run,
      waiting: this.#waiting.size,
      advice: "they are taken up when the stream is read again, at the latest at the next start",
    });
  }

  /** Reads a run that may begin, which nobody has kept so far, and keeps it. */
  async #takeUp(place: RunPlace): Promise<void> {
    const backoff = new Backoff(backoffLimits, this.#deps.random);
    while (!this.#signal.aborted) {
      try {
        const head = await this.#world.read(place);
        if (this.#keepers.has(place.run)) return;
        if (!head?.run || isOver(head.run)) return this.#waiting.ended(place.run);
        return this.#keep({ run: head.run, streamSeq: head.streamSeq });
      } catch {
        // The backbone is away; nothing begins meanwhile.
        await sleep(this.#deps.clock, backoff.nextMs(), this.#signal);
      }
    }
  }

  async #endOverdue(): Promise<void> {
    const { clock } = this.#deps;
    while (!this.#signal.aborted) {
      await sleep(clock, overdueEveryMs, this.#signal);
      if (!this.#signal.aborted) this.#waiting.endOverdue(clock.wallMs());
    }
  }

  #keep(stored: StoredRun): void {
    const { clock, counters, graceMs, logger, random } = this.#deps;
    const signal = this.#signal;
    if (signal.aborted) return;
    const keeper = new RunKeeper(stored, {
      worldUntil: (leaving) => createStreamWorld({ ...this.#deps, signal: leaving }),
      ...{ clock, random, logger, graceMs },
      listenFor: (command) => this.#ears.listenFor(command),
      onStored: (run) => {
        if (hasEnded(run)) this.#waiting.ended(run.run);
        this.#show();
      },
    });
    const { run } = stored.run;
    this.#keepers.set(run, keeper);
    if (!hasEnded(stored.run)) this.#waiting.begun(stored.run);
    this.#show();
    const isKept = keeper.keep().then(() => {
      if (signal.aborted) return;
      this.#keepers.delete(run);
      counters.ended.add(1, { state: keeper.run.state });
      this.#waiting.ended(run);
      this.#ears.keepOnly(new Set(this.#gateways()));
      this.#show();
    });
    this.#keepFor(isKept);
  }

  /** What the stay does not end before. */
  #keepFor(work: Promise<void>): void {
    const kept = work
      .catch((thrown: unknown) => {
        const { message } = GatewayError.from(thrown, "internal.bug", "a run broke");
        this.#deps.logger.error("a run of a plan broke; it is taken up at the next start", {
          reason: message,
        });
      })
      .then(() => void this.#kept.delete(kept));
    this.#kept.add(kept);
  }

  *#gateways(): Generator<string> {
    for (const { run } of this.#keepers.values()) yield* streamsOf(run);
  }

  #hear(reply: CommandReply): void {
    const [run = ""] = reply.command.split(".");
    this.#keepers.get(run)?.note((known) => hear(known, reply, this.#deps.clock.wallMs()));
  }

  #show(): void {
    const { open, stuck } = this.#deps.counters;
    const state = this.state();
    open.set(state.open);
    stuck.set(state.stuck);
  }
}

/** The streams of the gateways that a run gives commands to. */
function* streamsOf({ steps }: PlanRun): Generator<string> {
  for (const step of steps) {
    if (step.kind !== "command") continue;
    yield gatewayStream(toGatewayId(step.order.gateway));
    if (step.compensate) yield gatewayStream(toGatewayId(step.compensate.gateway));
  }
}
