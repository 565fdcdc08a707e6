/** Looks at the runs of plans as they change, and asks for new ones, over any number of connections. */
import { connect } from "@nats-io/transport-node";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { allPlans, gatewayCommands } from "../../src/core/subject.ts";
import { hasEnded, type PlanRun } from "../../src/plans/plan-run.ts";
import { decodeRun, encodeRun } from "../../src/plans/run-document.ts";
import { storedRunOf } from "../../src/plans/stream-world.ts";
import { openBackbone } from "../../src/stream/backbone.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import { backboneOptions } from "../../src/stream/options.ts";
import { appendChange, readLastChange, readLastChanges } from "../../src/stream/plan-log.ts";
import { plansStreamContract } from "../../src/stream/stream-contract.ts";
import { origin } from "../support/gateway-stream.ts";
import { silentMetrics } from "../support/silence.ts";
import { waitUntil } from "../support/wait-until.ts";

const lookEveryMs = 250;
/** A run that was killed in ever so many ways has ended by then. */
const longestRunMs = 300_000;

export interface PlanWatch {
  /** Changes that were published so far, as far as they were seen. */
  readonly count: number;
  /** Runs that have not ended, as they were seen last. */
  open(): Iterable<PlanRun>;
  /** Resolves at the first change that is of interest, true; or false when none came in time. */
  untilChange(isMeant: (run: PlanRun) => boolean, limitMs: number): Promise<boolean>;
  /** Resolves when the next command is issued, or none was in time. */
  untilCommand(limitMs: number): Promise<void>;
  /** Stores it, however long that takes. */
  request(run: PlanRun): Promise<void>;
  /** Waits for its end; does not reject where none comes. */
  untilEnded(run: PlanRun): Promise<void>;
  /** All runs as they are stored. */
  stored(): Promise<readonly PlanRun[]>;
  close(): Promise<void>;
}

export async function openPlanWatch(natsUrl: string): Promise<PlanWatch> {
  const options = backboneOptions.parse({ servers: [natsUrl] });
  const backbone = openBackbone(options, {
    ...{ name: "play", clock: systemClock, random: Math.random },
    ...{ logger: silentLogger, metrics: silentMetrics, backoff: { baseMs: 20, maxMs: 100 } },
  });
  const connected = () => backbone.connected(new AbortController().signal);
  const seen = new Map<string, PlanRun>();
  const watchers = new Set<(run: PlanRun) => void>();
  let count = 0;
  const see = (run: PlanRun): void => {
    if ((seen.get(run.run)?.change ?? 0) >= run.change) return;
    seen.set(run.run, run);
    count += 1;
    for (const watcher of watchers) watcher(run);
  };
  const wire = await connect({
    ...{ servers: natsUrl, maxReconnectAttempts: -1, reconnectTimeWait: 50 },
  });
  wire.subscribe(allPlans, {
    callback(_, { data }) {
      const run = decodeRun(data);
      if (run) see(run);
    },
  });
  const commandWatchers = new Set<() => void>();
  wire.subscribe(gatewayCommands(origin.site, origin.gateway), {
    callback() {
      for (const watcher of commandWatchers) watcher();
    },
  });
  const store = async (run: PlanRun): Promise<boolean> => {
    const connection = await connected();
    await ensureStream(connection, plansStreamContract(options));
    await appendChange(connection, run, encodeRun(run), 0);
    return true;
  };
  const lookAt = async (run: PlanRun): Promise<boolean> => {
    const message = await readLastChange(await connected(), run);
    const stored = message && storedRunOf(message)?.run;
    if (stored) see(stored);
    return stored !== undefined && hasEnded(stored);
  };

  return {
    get count() {
      return count;
    },
    open: () => [...seen.values()].filter((run) => !hasEnded(run)),
    untilChange(isMeant, limitMs) {
      return new Promise((resolve) => {
        const end = (isSeen: boolean): void => {
          watchers.delete(watcher);
          timer.cancel();
          resolve(isSeen);
        };
        const watcher = (run: PlanRun): void => {
          if (isMeant(run)) end(true);
        };
        const timer = systemClock.setTimer(limitMs, () => end(false));
        watchers.add(watcher);
      });
    },
    untilCommand(limitMs) {
      return new Promise((resolve) => {
        const end = (): void => {
          commandWatchers.delete(end);
          timer.cancel();
          resolve();
        };
        const timer = systemClock.setTimer(limitMs, end);
        commandWatchers.add(end);
      });
    },
    async request(run) {
      await waitUntil(() => store(run).catch(() => false), `${run.run} is stored`, longestRunMs);
    },
    async untilEnded(run) {
      const untilMs = systemClock.monotonicMs() + longestRunMs;
      while (systemClock.monotonicMs() < untilMs) {
        if (await lookAt(run).catch(() => false)) return;
        await sleep(systemClock, lookEveryMs);
      }
    },
    async stored() {
      const runs = new Map<string, PlanRun>();
      await readLastChanges(await connected(), (message) => {
        const run = storedRunOf(message)?.run;
        if (run) runs.set(run.run, run);
      });
      return [...runs.values()];
    },
    async close() {
      await wire.close();
      await backbone.close();
    },
  };
}
