/**
 * Runs plans: takes up what was requested, and goes on with what another process left, whichever step
 * it had come to. Of several processors one does it, by a lease.
 */
import type { ProcessMark } from "../core/process-mark.ts";
import { leasesBucket } from "../core/subject.ts";
import { cacheBucket } from "../stream/kv.ts";
import { takeLease } from "../stream/lease.ts";
import { PlanStay, type PlanStayDependencies, type PlanStayState } from "./plan-stay.ts";

const leaseKey = "plans";

/** What is told of the plans that are run here. */
export interface PlanRunnerState extends PlanStayState {
  /** False while another process runs them, or while the backbone is away. */
  readonly held: boolean;
}

export interface PlanRunner {
  /** Begins in the background; never fails, waits for the backbone as long as it takes. Once. */
  start(): void;
  /** Leaves every run where it is; whoever has the lease next goes on. */
  stop(): Promise<void>;
  state(): PlanRunnerState;
}

export interface PlanRunnerDependencies extends Omit<PlanStayDependencies, "counters"> {
  /** Of this process; without it others wait longer when it is no more. */
  readonly mark?: ProcessMark;
}

export function createPlanRunner(deps: PlanRunnerDependencies): PlanRunner {
  const { backbone, backboneOptions, logger, metrics } = deps;
  const stopping = new AbortController();
  const bucket = cacheBucket(backbone, leasesBucket, backboneOptions);
  const counters = {
    ended: metrics.counter("gateway_plans_runs_ended_total", "Runs of plans that ended, by state."),
    open: metrics.gauge("gateway_plans_runs_open", "Runs of plans that this process keeps going."),
    stuck: metrics.gauge("gateway_plans_runs_stuck", "Runs of plans that wait for a person."),
  };
  let stay: PlanStay | undefined;
  let running: Promise<void> = Promise.resolve();

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const lease = await takeLease(leaseKey, stopping.signal, { ...deps, bucket });
      if (!lease) return;
      logger.info("plans are run here");
      const leaving = AbortSignal.any([stopping.signal, lease.lost]);
      stay = new PlanStay(leaving, { ...deps, counters });
      await stay.run();
      stay = undefined;
      await lease.release();
      if (!stopping.signal.aborted) logger.warn("plans are run by another process");
    }
  };

  return {
    start() {
      running = run();
    },
    async stop() {
      stopping.abort();
      await running;
    },
    state: () => ({ held: stay !== undefined, ...(stay?.state() ?? nothing) }),
  };
}

const nothing = { runs: [], open: 0, stuck: 0, waiting: 0 };
