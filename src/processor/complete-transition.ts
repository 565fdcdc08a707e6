import type { AlertTransition } from "../core/alert.ts";
import type { EpochMs } from "../core/clock.ts";
import { formatTime } from "../core/event-codec.ts";
import type { EventId } from "../core/ids.ts";
import type { CarriedTrace } from "../core/trace-context.ts";
import type { TransitionDraft } from "./engine.ts";

/**
 * Adds behind which events it was found, when we learned of it, and whether that is so long after
 * it happened that nobody should be woken as if it were new; and the trace of what brought it about, in
 * place of any that the draft has from a transition before it.
 */
export function completeTransition(
  { traceparent: _, tracestate: __, ...draft }: TransitionDraft & Partial<CarriedTrace>,
  [readUpTo, ...readAlso]: readonly EventId[],
  observedMs: EpochMs,
  lateAfterMs: number,
  trace?: CarriedTrace,
): AlertTransition {
  const late = observedMs - Date.parse(draft.at) > lateAfterMs;
  return {
    ...draft,
    late,
    observed_at: formatTime(observedMs),
    ...(readUpTo !== undefined && { read_up_to: readUpTo }),
    ...(readAlso.length > 0 && { read_also: readAlso }),
    ...trace,
  };
}
