import type { Clock } from "../core/clock.ts";
import type { GapRange, Origin } from "../core/event.ts";
import { createEventEncoder } from "../core/event-codec.ts";
import { eventKinds } from "../core/event-kind.ts";
import type { RecordLog } from "../core/record-log.ts";
import { appendDurably } from "./append-durably.ts";

export type DeclareGap = (ranges: readonly GapRange[], signal: AbortSignal) => Promise<void>;

/**
 * Gives the function that writes a declared loss into the log. It resolves when the declaration is
 * durable: whoever goes on past the lost records earlier could crash and leave a silent hole.
 */
export function createGapDeclarer(log: RecordLog, origin: Origin, clock: Clock): DeclareGap {
  const encodeEvent = createEventEncoder(origin);
  return (ranges, signal) => {
    const nowMs = clock.wallMs();
    const event = {
      kind: "gap",
      device: null,
      timeMs: nowMs,
      receivedMs: nowMs,
      clock: "gateway",
      data: { ranges },
    } as const;
    return appendDurably(
      log,
      {
        kind: "gap",
        recordClass: eventKinds.gap.recordClass,
        device: null,
        encode: (id) => encodeEvent(event, id),
      },
      signal,
    );
  };
}
