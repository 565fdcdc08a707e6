/**
 * What systemd is told of this process: that it starts, runs, reads its files again, ends; and that
 * it still lives, where it keeps a watchdog.
 */
import type { Clock, Timer } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import { serviceLine } from "./service-line.ts";
import { type Sign, signsOfLife } from "./signs-of-life.ts";
import type { ServiceRequest, Tell } from "./systemd-notify.ts";

/** How this process tells what becomes of it. */
export interface ServiceReports {
  /** All roles run and answer on this socket. */
  running(statusSocket: string): void;
  /** Tells of a reload before it begins, and when it is over, however it ends. */
  reloading<T>(reload: () => Promise<T>): Promise<T>;
  /** It ends, and may need so long for it beyond what its unit gives it. */
  stopping(mostMs?: number): void;
  /** Nothing more is told; resolves when the last word is. */
  close(): Promise<void>;
}

export interface ServiceReportsDependencies {
  readonly tell: Tell;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Where nobody keeps a watchdog. */
const leisurelyMs = 60_000;
/** Between two looks at most, so that what `systemctl status` shows is fresh. */
const longestBeatMs = 20_000;
const beatsPerWatchdog = 3;
/** Three times the longest beat: a busy machine may be late. */
const graceMs = 60_000;

/** Where no service manager asked. */
export const untoldReports: ServiceReports = {
  running() {},
  reloading: (reload) => reload(),
  stopping() {},
  close: async () => {},
};

/**
 * Begins at once. A start may take as long as the disk needs for what it holds: while the event loop
 * turns, systemd is asked for more time.
 */
export function openServiceReports(
  { watchdogMs = leisurelyMs }: Pick<ServiceRequest, "watchdogMs">,
  { clock, logger, tell }: ServiceReportsDependencies,
): ServiceReports {
  const beatMs = Math.min(watchdogMs / beatsPerWatchdog, longestBeatMs);
  let phase: "starting" | "running" | "reloading" | "stopping" | "closed" = "starting";
  let look: () => Promise<Sign> = async () => ({ isAlive: true, status: undefined });
  let line = "Running";
  let trouble: string | undefined;
  let lastWord: Promise<void> = Promise.resolve();
  let timer: Timer | undefined;
  let turn = 0;

  const say = (...assignments: readonly string[]): Promise<void> => {
    lastWord = lastWord.then(async () => {
      const failure = await tell(assignments);
      if (failure !== undefined && failure !== trouble)
        logger.error(
          "systemd waits for word of this process and cannot be told: take the unit that comes along, " +
            "let systemd-notify run, or give the unit Type=exec and WatchdogSec=0",
          { failure },
        );
      trouble = failure;
    });
    return lastWord;
  };

  const words = (sign: Sign): string[] => {
    if (phase === "starting") return ["STATUS=Starting", moreTime(graceMs)];
    if (phase === "stopping") return ["STOPPING=1", "STATUS=Stopping"];
    if (!sign.isAlive) {
      logger.error("this process does not do its work; the watchdog hears nothing", {
        why: sign.why,
      });
      return [`STATUS=Hanging: ${sign.why}`];
    }
    if (phase === "reloading") return ["WATCHDOG=1"];
    line = sign.status === undefined ? line : serviceLine(sign.status);
    return ["READY=1", "WATCHDOG=1", `STATUS=${line}`];
  };

  const beat = async (): Promise<void> => {
    timer?.cancel();
    turn += 1;
    const mine = turn;
    const sign = await look();
    if (phase === "closed") return;
    await say(...words(sign));
    if (mine === turn && phase !== "stopping") timer = clock.setTimer(beatMs, () => void beat());
  };

  void beat();
  return {
    running(statusSocket) {
      look = signsOfLife(statusSocket, watchdogMs / 2, clock);
      phase = "running";
      void beat();
    },
    async reloading(reload) {
      if (phase !== "running") return reload();
      phase = "reloading";
      const nowUsec = process.hrtime.bigint() / 1_000n;
      await say("RELOADING=1", `MONOTONIC_USEC=${nowUsec}`, "STATUS=Reading its files again");
      try {
        return await reload();
      } finally {
        if (phase === "reloading") {
          phase = "running";
          void beat();
        }
      }
    },
    stopping(mostMs = 0) {
      phase = "stopping";
      timer?.cancel();
      void say(...words({ isAlive: true, status: undefined }), moreTime(mostMs + graceMs));
    },
    close() {
      phase = "closed";
      turn += 1;
      timer?.cancel();
      return lastWord;
    },
  };
}

function moreTime(ms: number): string {
  return `EXTEND_TIMEOUT_USEC=${Math.round(ms * 1_000)}`;
}
