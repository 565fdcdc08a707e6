/**
 * Writes history: the role. Of several historians on a backbone one is active; the others wait until
 * it is gone.
 */
import { type EpochMs, sleep } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import { formatTime } from "../core/event-codec.ts";
import type { StreamSeq } from "../core/ids.ts";
import type { Metrics } from "../core/metrics.ts";
import type { ProcessMark } from "../core/process-mark.ts";
import { Backoff } from "../core/retry.ts";
import { leasesBucket } from "../core/subject.ts";
import { lookAtGateways, type SeenGateway } from "../stream/discover-gateways.ts";
import { cacheBucket } from "../stream/kv.ts";
import { type Lease, takeLease } from "../stream/lease.ts";
import { createPositionStore } from "../stream/reading-positions.ts";
import type { Database } from "./database.ts";
import { DatabaseHealth, type Trouble } from "./database-health.ts";
import { historianKey } from "./historian-key.ts";
import { createHistoryCounters } from "./history-counters.ts";
import { HistoryStay, type StayDependencies } from "./history-stay.ts";
import type { HistorianOptions } from "./options.ts";
import { prepareDatabase } from "./prepare-database.ts";
import { noteRefused } from "./refused-points.ts";
import { storePoints } from "./store-points.ts";

const backoffLimits = { baseMs: 1_000, maxMs: 30_000 };
const lookEveryMs = 5_000;
/** Messages on their way at once, over all gateways. */
const totalInFlight = 10_000;
const fewestInFlight = 50;
const mostInFlight = 2_000;

/** How far a gateway's stream is in the database. */
export interface HistoryGateway {
  readonly stream: string;
  readonly readUpTo: StreamSeq | undefined;
  /** Messages that the stream holds behind that, as they were counted last. */
  readonly behind: number;
}

export interface HistorianState {
  /** True while another process writes. */
  readonly standby: boolean;
  /** Where it is written: address and database. */
  readonly database: string;
  /** Counted since the start of the process. */
  readonly points: number;
  readonly refused: number;
  readonly expired: number;
  /** Points in memory that wait for others. */
  readonly waiting: number;
  readonly savedMs: EpochMs | undefined;
  readonly failing: Trouble | undefined;
  readonly lastError: string | undefined;
  readonly gateways: readonly HistoryGateway[];
}

/** The running role. */
export interface Historian {
  /** Begins in the background; never fails, waits for backbone and database as long as it takes. */
  start(): void;
  /** What was not stored is written after the next start. */
  stop(): Promise<void>;
  state(): HistorianState;
}

export interface HistorianDependencies
  extends Omit<StayDependencies, "form" | "batch" | "messagesInFlight"> {
  readonly options: HistorianOptions;
  readonly database: Database;
  readonly metrics: Metrics;
  /** Of this process; without it others wait longer when it is no more. */
  readonly mark?: ProcessMark;
}

export function createHistorian(deps: HistorianDependencies): Historian {
  const { backbone, backboneOptions, clock, database, logger, options, random } = deps;
  const stopping = new AbortController();
  const { signal } = stopping;
  const counters = createHistoryCounters(deps.metrics);
  const health = new DatabaseHealth(clock, logger);
  const positions = createPositionStore(historianKey, backbone, backboneOptions, random);
  const leases = cacheBucket(backbone, leasesBucket, backboneOptions);
  let running: Promise<void> = Promise.resolve();
  let stay: HistoryStay | undefined;
  let standby = false;
  let seen: readonly SeenGateway[] = [];

  const prepare = (): Promise<void> => prepareDatabase(database, options, logger);
  const messagesInFlight = (): number =>
    Math.min(
      mostInFlight,
      Math.max(fewestInFlight, Math.floor(totalInFlight / (seen.length || 1))),
    );

  const store = async (lines: readonly string[], ended: AbortSignal): Promise<boolean> => {
    const stored = await storePoints(lines, ended, { ...deps, health, prepare });
    if (!stored) return false;
    const { expired, refused } = stored;
    const at = formatTime(clock.wallMs());
    if (refused.length > 0 && !(await noteRefused(refused, at, ended, deps))) return false;
    counters.note(lines.length, refused.length, expired);
    return true;
  };

  const look = async (ended: AbortSignal): Promise<void> => {
    while (!ended.aborted) {
      try {
        seen = (await lookAtGateways(await backbone.connected(ended))).gateways;
        stay?.follow(seen.map(({ gateway }) => gateway));
      } catch (thrown) {
        if (ended.aborted) return;
        const { message } = GatewayError.from(thrown, "stream.unavailable", "cannot look");
        logger.debug("gateways were not looked for", { reason: message });
      }
      await sleep(clock, lookEveryMs, ended);
    }
  };

  const serve = async (lease: Lease): Promise<void> => {
    const loaded = await positions.load(signal);
    if (loaded.damage !== undefined)
      logger.error("positions cannot be read; everything held is written again", {
        reason: loaded.damage,
      });
    await prepare().catch((thrown: unknown) =>
      logger.debug("the database was not prepared", { reason: String(thrown) }),
    );
    const { age, bytes, points } = options.batch;
    const current = new HistoryStay(loaded, positions, {
      ...deps,
      messagesInFlight,
      form: database.form,
      batch: { points, bytes, ageMs: age, store },
    });
    const looking = new AbortController();
    const leave = (): void => {
      current.stop();
      looking.abort();
    };
    for (const left of [signal, lease.lost]) left.addEventListener("abort", leave, { once: true });
    if (signal.aborted || lease.lost.aborted) leave();
    stay = current;
    const looks = look(looking.signal);
    try {
      await current.run();
    } finally {
      stay = undefined;
      leave();
      signal.removeEventListener("abort", leave);
      await looks;
    }
  };

  const run = async (): Promise<void> => {
    const backoff = new Backoff(backoffLimits, random);
    while (!signal.aborted) {
      const lease = await takeLease("historian", signal, { ...deps, bucket: leases }, () => {
        if (!standby) logger.info("another process writes history; waiting");
        standby = true;
      });
      standby = false;
      if (!lease) return;
      try {
        await serve(lease);
      } catch (thrown) {
        const { code, message } = GatewayError.from(thrown, "stream.unavailable", "cannot go on");
        if (!signal.aborted) logger.warn("history is left for now", { code, reason: message });
      }
      await lease.release();
      await sleep(clock, backoff.nextMs(), signal);
    }
  };

  return {
    start() {
      running = run();
    },
    async stop() {
      stopping.abort();
      await running;
      database.close();
    },
    state: () => ({
      standby,
      database: `${options.database} at ${options.url}`,
      ...counters.counts(),
      waiting: stay?.waiting ?? 0,
      savedMs: stay?.savedMs,
      failing: health.failing,
      lastError: health.lastError,
      gateways: seen.map(({ gateway: { stream }, lastSeq }) => {
        const readUpTo = stay?.position(stream)?.mark.streamSeq;
        return { stream, readUpTo, behind: Math.max(0, lastSeq - (readUpTo ?? 0)) };
      }),
    }),
  };
}
