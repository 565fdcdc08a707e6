import type { Clock } from "./clock.ts";
import type { GapRange, Origin } from "./event.ts";
import { createDrafter } from "./event-draft.ts";
import type { RecordDraft } from "./record-draft.ts";

/** Gives the function that makes the record of a declared loss, dated now. */
export function createGapDrafter(
  origin: Origin,
  clock: Clock,
): (ranges: readonly GapRange[]) => RecordDraft {
  const draft = createDrafter(origin);
  return (ranges) => {
    const nowMs = clock.wallMs();
    return draft({
      kind: "gap",
      device: null,
      timeMs: nowMs,
      receivedMs: nowMs,
      clock: "gateway",
      data: { ranges },
    });
  };
}
