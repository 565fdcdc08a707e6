/**
 * The hops of an event on one axis of time, as the clocks said it: nothing is corrected. One wait that
 * is far longer than all the rest, as behind an outage, is drawn shorter, so that the rest can be seen.
 */
import type { Hop } from "../../../api/shapes/way.ts";

/** Where a hop stands, in shares of the width from 0 to 1. */
export interface HopBar {
  readonly start: number;
  readonly end: number;
  /** The clocks disagree: it was earlier than the hop before it. */
  readonly isBackwards: boolean;
  /** It is drawn shorter than it was. */
  readonly isShortened: boolean;
  /** Its part of the time that passed, 0 to 1; null where nothing can be said. */
  readonly share: number | null;
}

export interface WayAxis {
  readonly fromMs: number;
  readonly toMs: number;
  /** One for each hop; null where its time is not known. */
  readonly bars: readonly (HopBar | null)[];
  /** Index of the hop that took the longest; null where none took any time. */
  readonly longest: number | null;
}

interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** Longer than this part of all, and a wait is drawn shorter. */
const mostShare = 0.85;
/** The part of the width that it is drawn with. */
const shortenedShare = 0.4;

/** The axis of hops; undefined where no time is known. */
export function wayAxis(hops: readonly Hop[]): WayAxis | undefined {
  const spans = hops.map(spanOf);
  const known = spans.flatMap((span) => (span ? [span.startMs, span.endMs] : []));
  if (known.length === 0) return undefined;
  const fromMs = Math.min(...known);
  const toMs = Math.max(...known);
  const wholeMs = Math.max(1, toMs - fromMs);
  const longest = longestOf(spans);
  const wait = longest === null ? null : (spans[longest] ?? null);
  const waitShare = wait === null ? 0 : (wait.endMs - wait.startMs) / wholeMs;
  const isShort = wait !== null && waitShare > mostShare && waitShare < 1;
  const place = isShort ? shortened(fromMs, toMs, wait) : (ms: number) => (ms - fromMs) / wholeMs;
  return {
    ...{ fromMs, toMs, longest },
    bars: spans.map((span) =>
      span
        ? {
            start: place(Math.min(span.startMs, span.endMs)),
            end: place(Math.max(span.startMs, span.endMs)),
            isBackwards: span.endMs < span.startMs,
            isShortened: isShort && span.startMs <= wait.startMs && span.endMs >= wait.endMs,
            share: span.endMs > span.startMs ? (span.endMs - span.startMs) / wholeMs : null,
          }
        : null,
    ),
  };
}

function spanOf({ atMs, tookMs }: Hop): Span | null {
  return atMs === null ? null : { startMs: atMs - (tookMs ?? 0), endMs: atMs };
}

function longestOf(spans: readonly (Span | null)[]): number | null {
  let longest: number | null = null;
  let longestMs = 0;
  for (const [index, span] of spans.entries()) {
    const tookMs = span ? span.endMs - span.startMs : 0;
    if (tookMs <= longestMs) continue;
    longest = index;
    longestMs = tookMs;
  }
  return longest;
}

/** Where a moment stands when `wait` has only its shortened part of the width. */
function shortened(fromMs: number, toMs: number, wait: Span): (ms: number) => number {
  const waitMs = wait.endMs - wait.startMs;
  const restMs = toMs - fromMs - waitMs;
  const perRest = (1 - shortenedShare) / restMs;
  const perWait = shortenedShare / waitMs;
  return (ms) => {
    const inWaitMs = Math.min(Math.max(ms - wait.startMs, 0), waitMs);
    return (ms - fromMs - inWaitMs) * perRest + inWaitMs * perWait;
  };
}
