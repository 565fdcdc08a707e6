/** Why nothing is played into a stream. */
import type { EpochMs } from "../core/clock.ts";
import { counted } from "../core/counted.ts";
import { formatDuration } from "../core/duration.ts";
import type { RunId } from "../core/ids.ts";
import type { ReplayedSoFar, ReplayMark } from "../stream/replay-log.ts";

/** A gateway that lives writes at least its marks of time. */
const livesMs = 600_000;

export interface ReplayIntent {
  readonly mark: ReplayMark;
  /** Of the first event, as it is to be stored. */
  readonly run: RunId;
  /** When the stream that is played was made; undefined for a file. */
  readonly sourceCreated: string | undefined;
  /** Said in so many words. */
  readonly isMeant: boolean;
}

/** For people, with what to do; undefined where there is no reason. */
export function refusalOfReplay(
  before: ReplayedSoFar,
  { isMeant, mark, run, sourceCreated }: ReplayIntent,
  nowMs: EpochMs,
): string | undefined {
  const { created, lastStoredMs = Number.NEGATIVE_INFINITY, messages, ownRuns } = before;
  if (created === sourceCreated) return "it is the stream that is played; name another with --as";
  if (ownRuns.has(run))
    return "its gateway wrote these events there itself; name another with --as";
  if (messages === 0) return undefined;
  const agoMs = Math.max(0, nowMs - lastStoredMs);
  if (!before.mark && agoMs < livesMs)
    return `a gateway wrote there ${formatDuration(agoMs)} ago; name another with --as`;
  const isGoingOn = before.mark?.of === mark.of && before.mark.shiftMs === mark.shiftMs;
  if (isGoingOn || isMeant) return undefined;
  return `it holds ${counted(messages, "message")} of something else; --i-mean-it goes on behind them`;
}
