/** Publishes records through a lane, as fast as the link, its window and the pace allow. */
import { type Clock, sleep } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { LogReader } from "../core/log-reader.ts";
import type { LogWriter } from "../core/log-writer.ts";
import type { Bell } from "./bell.ts";
import { DevicesFirst } from "./devices-first.ts";
import { DrainPace } from "./drain-pace.ts";
import type { ForwardStatus } from "./forward-status.ts";
import type { Candidate } from "./give-up.ts";
import type { Lane } from "./lane.ts";
import type { PassedOver } from "./passed-over.ts";

const longestPaceMs = 100;

export interface PumpDependencies {
  readonly log: Pick<LogWriter, "durableSeq" | "lastSeq" | "onDurable">;
  readonly passedOver: PassedOver;
  /** Rings when there may be records, or room in the lane, or an end. */
  readonly bell: Bell;
  readonly status: ForwardStatus;
  readonly window: number;
  /** Bytes per second of a backlog; undefined for no limit. */
  readonly drainRate: number | undefined;
  readonly clock: Clock;
  /** Sets a record aside that is larger than the server takes. */
  readonly setAside: (record: Candidate) => Promise<void>;
}

/** Returns when the lane has an anomaly, or on abort; never rejects. */
export async function pump(
  lane: Lane,
  reader: LogReader,
  deps: PumpDependencies,
  signal: AbortSignal,
): Promise<void> {
  const { bell, clock, drainRate, log, passedOver, setAside, status, window } = deps;
  const over = (): boolean => lane.anomaly !== undefined || signal.aborted;
  const pace =
    drainRate === undefined ? undefined : new DrainPace(drainRate, log.durableSeq, clock);
  let devicesFirst: DevicesFirst | undefined = new DevicesFirst(log, clock);
  status.become("draining");
  try {
    while (!over()) {
      const records = await reader.next(window);
      if (records.length === 0) {
        status.become("linked");
        pace?.caughtUp();
        devicesFirst = undefined;
        await bell.heard();
      }
      for (const record of records) {
        if (passedOver.has(record.seq)) continue;
        while (lane.full && !over()) await bell.heard();
        for (;;) {
          const waitMs = pace?.waitMs(log.durableSeq) ?? 0;
          if (waitMs === 0 || over()) break;
          await sleep(clock, Math.min(waitMs, longestPaceMs), signal);
        }
        if (over()) return;
        const bytes = lane.publish(record);
        if (bytes > 0) pace?.sent(bytes);
        else await setAside(record);
        const waiting = devicesFirst?.sent();
        if (waiting) await waiting;
      }
    }
  } catch (thrown) {
    lane.fail(GatewayError.from(thrown, "stream.unavailable", "cannot publish"));
  }
}
