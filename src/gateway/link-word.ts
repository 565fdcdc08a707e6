/** How the way to the backbone is, in the one word that people are shown. */
import type { Clock, EpochMs } from "../core/clock.ts";
import type { ForwardState } from "../forward/forward-status.ts";

/**
 * - `linked`: the backbone has everything, or all but the last moment.
 * - `connecting`: it was found, or is looked for since the start, and nothing is known yet.
 * - `buffering`: it cannot be reached; everything is kept on disk.
 * - `draining`: what was kept goes out.
 * - `blocked`: it is there and refuses what is published; everything is kept.
 * - `dropping`: the buffer is full, and the oldest is given up.
 */
export const linkWords = [
  "linked",
  "connecting",
  "buffering",
  "draining",
  "blocked",
  "dropping",
] as const;
export type LinkWord = (typeof linkWords)[number];

/** Nothing dropped for so long: it is over. */
const droppingMs = 60_000;

export interface LinkFacts {
  readonly link: Pick<ForwardState, "kind" | "lastAckMs">;
  readonly droppedMs: EpochMs | undefined;
  /** Of the process. */
  readonly startedMs: EpochMs;
}

/** A process that has just started looks for its backbone. */
const firstLookMs = 2_000;

export function linkWordOf(facts: LinkFacts, clock: Pick<Clock, "wallMs">): LinkWord {
  const { droppedMs, link, startedMs } = facts;
  const nowMs = clock.wallMs();
  if (droppedMs !== undefined && nowMs - droppedMs < droppingMs && link.kind !== "linked")
    return "dropping";
  if (link.kind === "offline")
    return nowMs - startedMs < firstLookMs && link.lastAckMs === undefined
      ? "connecting"
      : "buffering";
  return link.kind === "reconciling" ? "connecting" : link.kind;
}
