/** Events moved in time, or to another gateway: every time and every id in them, and nothing else. */
import type { StoredEvent } from "../core/event.ts";
import { formatTime } from "../core/event-codec.ts";
import { fnv1a64 } from "../core/fnv1a.ts";
import { eventIdOf, type GatewayId, parseEventId, type RunId, toRunId } from "../core/ids.ts";
import { isMoment } from "../core/moment.ts";

export interface Move {
  readonly gateway: GatewayId;
  readonly shiftMs: number;
}

/** Letters and digits of a run. */
const runLength = 8;

/**
 * A run that is moved in time is another run, with a name that the same move always gives: one stream may
 * hold both.
 */
export function moveRun(run: RunId, shiftMs: number): RunId {
  if (shiftMs === 0) return run;
  const name = BigInt(`0x${fnv1a64(`${run}.${shiftMs}`)}`).toString(36);
  return toRunId(name.slice(-runLength).padStart(runLength, "0"));
}

/** Undefined for what cannot be moved. */
export function moveEvent(event: StoredEvent, move: Move): StoredEvent | undefined {
  const { shiftMs } = move;
  const { deviceTimeMs, extensions } = event;
  const times = [event.timeMs, event.receivedMs, deviceTimeMs ?? 0, timeInside(event)];
  if (times.some((timeMs) => !isMoment(timeMs + shiftMs))) return undefined;
  const about = extensions?.["reprocessed"];
  const base = {
    timeMs: event.timeMs + shiftMs,
    receivedMs: event.receivedMs + shiftMs,
    ...(deviceTimeMs !== undefined && { deviceTimeMs: deviceTimeMs + shiftMs }),
    ...(typeof about === "string" && {
      extensions: { ...extensions, reprocessed: moveId(about, move) },
    }),
  };
  switch (event.kind) {
    case "alert-transition":
      return undefined;
    case "watermark":
      return { ...event, ...base, data: { ...event.data, t: event.data.t + shiftMs } };
    case "gap": {
      const ranges = event.data.ranges.map((range) => ({
        ...range,
        run: moveRun(range.run, shiftMs),
      }));
      return { ...event, ...base, data: { ...event.data, ranges } };
    }
    case "reply": {
      const untilMs = timeInside(event);
      if (untilMs === 0) return { ...event, ...base };
      const validUntil = formatTime(untilMs + shiftMs);
      return { ...event, ...base, data: { ...event.data, validUntil } };
    }
    case "decision": {
      const rejections = event.data.rejections.map((id) => moveId(id, move));
      return { ...event, ...base, data: { ...event.data, rejections } };
    }
    default:
      return { ...event, ...base };
  }
}

/** Of the body; 0 where it has none that can be read. */
function timeInside(event: StoredEvent): number {
  if (event.kind === "watermark") return event.data.t;
  return event.kind === "reply" ? Date.parse(event.data.validUntil ?? "") || 0 : 0;
}

/** What is no id of an event stays as it is. */
function moveId(id: string, { gateway, shiftMs }: Move): string {
  const named = parseEventId(id);
  return named ? eventIdOf(gateway, moveRun(named.run, shiftMs), named.seq) : id;
}
