/** One person's look at one stage: lines at a pace that people can take, and a count of the rest. */
import type { Clock, Timer } from "../core/clock.ts";
import type { TapFacts, TapStage } from "../core/taps.ts";
import { type TapFilter, wantedBy } from "./tap-filter.ts";
import type { TapHub } from "./tap-hub.ts";

/** Lines of one tap in one second. What comes beyond is counted and dropped. */
export const maxLinesPerSecond = 100;

/** A line of NDJSON, as it travels. */
export type TapLine =
  | {
      readonly kind: "event";
      readonly stage: TapStage;
      /** Null for the gateway itself. */
      readonly device: string | null;
      readonly facts: TapFacts;
    }
  /** So many were not shown since the last line of this kind; at most one each second. */
  | { readonly kind: "dropped"; readonly count: number }
  /** The last line, with totals. */
  | { readonly kind: "end"; readonly shown: number; readonly dropped: number };

export interface TapRequest extends TapFilter {
  readonly stage: TapStage;
  /** Ends after so many events. */
  readonly limit?: number;
}

export interface TapOutput {
  /** Takes a line; false when the reader is behind, until `drained`. */
  write(line: TapLine): boolean;
  /** The `end` line was written; nothing follows. */
  end(): void;
}

export interface TapStream {
  /** The reader took everything that waited. */
  drained(): void;
  /** Writes the `end` line and ends, unless that happened already. */
  finish(): void;
  /** Ends without a word: the reader is gone. */
  stop(): void;
}

/** Shows a stage to one reader, from now on. */
export function openTapStream(
  taps: TapHub,
  request: TapRequest,
  output: TapOutput,
  clock: Clock,
): TapStream {
  const { stage, limit = Number.POSITIVE_INFINITY } = request;
  const wants = wantedBy(request);
  let linesThisSecond = 0;
  let droppedThisSecond = 0;
  let shown = 0;
  let dropped = 0;
  let behind = false;
  let timer: Timer;

  const unlisten = taps.listen({
    stage,
    take(device, facts) {
      if (!wants(device, facts)) return;
      if (behind || linesThisSecond >= maxLinesPerSecond) {
        droppedThisSecond += 1;
        dropped += 1;
        return;
      }
      linesThisSecond += 1;
      shown += 1;
      behind = !output.write({ kind: "event", stage, device, facts });
      if (shown >= limit) finish();
    },
  });
  const tick = (): void => {
    linesThisSecond = 0;
    if (droppedThisSecond > 0 && !behind) {
      behind = !output.write({ kind: "dropped", count: droppedThisSecond });
      droppedThisSecond = 0;
    }
    timer = clock.setTimer(1_000, tick);
  };
  timer = clock.setTimer(1_000, tick);

  let stopped = false;
  const stop = (): void => {
    stopped = true;
    unlisten();
    timer.cancel();
  };
  const finish = (): void => {
    if (stopped) return;
    stop();
    output.write({ kind: "end", shown, dropped });
    output.end();
  };
  return {
    drained() {
      behind = false;
    },
    finish,
    stop,
  };
}
