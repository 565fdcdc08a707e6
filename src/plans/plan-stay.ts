/** One stay of this process with the runs of plans: from the lease until it is lost, or the stop. */
import type { Clock } from "../core/clock.ts";
import type { CommandReply } from "../core/command.ts";
import { GatewayError } from "../core/errors.ts";
import { toGatewayId } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";
import type { Counter, Gauge, Metrics } from "../core/metrics.ts";
import type { Random } from "../core/retry.ts";
import { gatewayStream } from "../core/subject.ts";
import type { Backbone } from "../stream/backbone.ts";
import type { BackboneOptions } from "../stream/options.ts";
import type { PlanMessage } from "../stream/plan-log.ts";
import { openPlanReader } from "../stream/plan-reader.ts";
import { hear } from "./advance.ts";
import { isOver, type PlanRun } from "./plan-run.ts";
import type { StoredRun } from "./plan-world.ts";
import { ReplyEars } from "./reply-ears.ts";
import { RunKeeper } from "./run-keeper.ts";
import { createStreamWorld, storedRunOf } from "./stream-world.ts";

/** Runs at once; more wait for their turn. */
const mostOpen = 500;
/** Runs that may wait; what is beyond is taken up at the next start. */
const mostWaiting = 10_000;
const mostShown = 20;

/** What is told of the runs that are kept. */
export interface PlanStayState {
  /** Not ended, or stuck and not settled; the first 20. */
  readonly runs: readonly Pick<PlanRun, "run" | "plan" | "state" | "why" | "stuckMs">[];
  readonly open: number;
  readonly stuck: number;
  /** Requested, and not begun while so many others are open. */
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
  readonly #waiting = new Map<string, StoredRun>();

  constructor(signal: AbortSignal, deps: PlanStayDependencies) {
    this.#deps = deps;
    this.#signal = signal;
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
    const reader = openPlanReader(this.#signal, this.#deps, (message) => this.#meet(message));
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
      this.#deps.logger.warn("a message is no run of a plan, and was passed over", {
        natsSubject,
        streamSeq,
      });
  }

  #take(stored: StoredRun): void {
    const { run } = stored.run;
    const keeper = this.#keepers.get(run);
    if (keeper) keeper.meet(stored);
    else if (isOver(stored.run)) this.#waiting.delete(run);
    else if (this.#keepers.size < mostOpen) this.#keep(stored);
    else if (this.#waiting.size < mostWaiting || this.#waiting.has(run))
      this.#waiting.set(run, stored);
  }

  #keep(stored: StoredRun): void {
    const { clock, counters, graceMs, logger, random } = this.#deps;
    const signal = this.#signal;
    if (signal.aborted) return;
    const keeper = new RunKeeper(stored, {
      worldUntil: (leaving) => createStreamWorld({ ...this.#deps, signal: leaving }),
      ...{ clock, random, logger, graceMs },
      listenFor: (command) => this.#ears.listenFor(command),
      onStored: () => this.#show(),
    });
    const { run } = stored.run;
    this.#keepers.set(run, keeper);
    this.#show();
    const kept = keeper.keep().then(
      () => {
        this.#kept.delete(kept);
        if (signal.aborted) return;
        this.#keepers.delete(run);
        counters.ended.add(1, { state: keeper.run.state });
        this.#goOn();
      },
      (thrown: unknown) => {
        this.#kept.delete(kept);
        const { message } = GatewayError.from(thrown, "internal.bug", "a run broke");
        logger.error("a run of a plan broke; it is taken up at the next start", {
          run,
          reason: message,
        });
      },
    );
    this.#kept.add(kept);
  }

  /** After the end of a run: the next one, and no ears for what nobody awaits. */
  #goOn(): void {
    const [next] = this.#waiting.values();
    if (next) {
      this.#waiting.delete(next.run.run);
      this.#keep(next);
    }
    this.#ears.keepOnly(new Set(this.#gateways()));
    this.#show();
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
