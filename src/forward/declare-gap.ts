import type { Clock } from "../core/clock.ts";
import type { GapRange, Origin } from "../core/event.ts";
import { createGapDrafter } from "../core/gap-draft.ts";
import type { LogWriter } from "../core/log-writer.ts";
import { appendDurably } from "./append-durably.ts";

export type DeclareGap = (ranges: readonly GapRange[], signal: AbortSignal) => Promise<void>;

/**
 * Gives the function that writes a declared loss into the log. It resolves when the declaration is
 * durable: whoever goes on past the lost records earlier could crash and leave a silent hole.
 */
export function createGapDeclarer(log: LogWriter, origin: Origin, clock: Clock): DeclareGap {
  const draft = createGapDrafter(origin, clock);
  return (ranges, signal) => appendDurably(log, draft(ranges), signal);
}
