/** How far commands are, told again by the steps that the log holds. */
import type { EpochMs } from "../core/clock.ts";
import type { CommandReply } from "../core/command.ts";
import type { StoredEvent } from "../core/event.ts";
import { decodeEvent, isMalformed } from "../core/event-codec.ts";
import type { DeviceId, Seq } from "../core/ids.ts";
import type { ReadableLog } from "../core/log-reader.ts";
import type { Course } from "./course.ts";

/** The part of a course that its steps tell. */
export interface Progress extends Pick<Course, "state" | "step" | "attempt" | "left"> {
  readonly device: DeviceId;
  readonly name: string;
  readonly final: boolean;
  /** When its last step was taken, in the gateway's time. */
  readonly steppedMs: EpochMs;
}

const mostRecords = 256;

/** A step as the log has it. */
export interface Step {
  readonly device: DeviceId;
  readonly timeMs: EpochMs;
  readonly data: CommandReply;
}

const nothing: Omit<Progress, "device" | "name"> = {
  ...{ step: 0, attempt: 0, left: 0, final: false, steppedMs: 0 },
  state: "queued",
};

/** One step further. A step that was known, or one of a state that leads nowhere, changes nothing. */
export function follow(
  before: Progress | undefined,
  { data: reply, device, timeMs: steppedMs }: Step,
): Progress {
  const { attempt, final, name, state, step } = reply;
  if (before && (before.final || step <= before.step)) return before;
  const known: Progress = { ...(before ?? { ...nothing, device, name }), steppedMs };
  if (final) return { ...known, step, final };
  if (state === "sent" && attempt !== known.attempt)
    return { ...known, state, step, attempt: attempt ?? known.attempt + 1, left: known.left + 1 };
  if (state === "queued") {
    const left = known.state === "queued" ? known.left : known.left - 1;
    return { ...known, state, step, left };
  }
  return { ...known, step, state: state === "delivered" ? state : known.state };
}

/** What a look at a log found. */
export interface FoundProgress {
  readonly byId: Map<string, Progress>;
  /** When the first record that was read was appended; undefined where there was none. */
  readonly firstMs: number | undefined;
  /** When the last hole among them ended; undefined where each record behind the first is there. */
  readonly holeMs: number | undefined;
}

/** Reads the steps behind `after` and up to `to`, beginning with what is known; stops on abort. */
export async function readProgress(
  log: Pick<ReadableLog, "openReader">,
  { after, to }: { readonly after: Seq; readonly to: Seq },
  known: Iterable<readonly [string, Progress]>,
  signal: AbortSignal,
): Promise<FoundProgress> {
  const byId = new Map(known);
  let firstMs: number | undefined;
  let holeMs: number | undefined;
  let last: number = after;
  const reader = await log.openReader(after);
  try {
    while (!signal.aborted) {
      const records = await reader.next(mostRecords);
      for (const { appendedMs, body, kind, seq } of records) {
        if (seq > to) return { byId, firstMs, holeMs };
        if (last > 0 && seq > last + 1) holeMs = appendedMs;
        last = seq;
        firstMs ??= appendedMs;
        if (kind === "reply") take(byId, decodeEvent(Buffer.from(body).toString()));
      }
      if (records.length === 0 || (records.at(-1)?.seq ?? to) >= to) break;
    }
  } finally {
    await reader.close();
  }
  return { byId, firstMs, holeMs };
}

function take(
  byId: Map<string, Progress>,
  event: StoredEvent | { readonly malformed: string },
): void {
  if (isMalformed(event) || event.kind !== "reply" || event.device === null) return;
  const { data, device, timeMs } = event;
  const { command } = data;
  byId.set(command, follow(byId.get(command), { data, device, timeMs }));
}

/** The end of a command that an earlier process took, and that the stream does not have any more. */
export function lastStepOf(id: string, { left, name, step }: Progress): CommandReply {
  const last = { command: id, name, step: step + 1, final: true };
  return left > 0
    ? {
        ...last,
        state: "unknown",
        text: "the gateway ended before it knew how this went, and the stream of commands lost it",
      }
    : { ...last, state: "failed", text: "the stream of commands lost it before it was sent" };
}
