/**
 * Traces of what the rules were fed lately. An alert changes when enough has come behind the event that it
 * is about, mostly at a mark of time; the trace it carries is that of the event. Kept in memory only: what
 * is found behind a restart carries none.
 */
import { BoundedMap } from "../core/bounded-map.ts";
import type { EpochMs } from "../core/clock.ts";
import type { StoredEvent } from "../core/event.ts";
import { type CarriedTrace, traceOf } from "../core/trace-context.ts";
import type { TransitionDraft } from "./engine.ts";

/** Of all devices together. */
const mostCharacters = 8 * 1_048_576;
/** Of one device. */
const mostEvents = 16;
/** What each takes beside its texts, about. */
const eventCharacters = 64;

interface TracedEvent {
  readonly timeMs: EpochMs;
  readonly trace: CarriedTrace;
}

export class TracedEvents {
  readonly #byDevice = new BoundedMap<string, TracedEvent[]>(mostCharacters, weigh);

  /** Notes an event before it is fed; gives its trace. */
  note(event: StoredEvent): CarriedTrace | undefined {
    if (event.extensions === undefined) return undefined;
    const trace = traceOf(event.extensions);
    if (trace === undefined || event.kind !== "measurement") return trace;
    const key = keyOf(event.origin.gateway, event.device ?? "");
    const events = this.#byDevice.get(key) ?? [];
    if (events.length === mostEvents) events.shift();
    events.push({ timeMs: event.timeMs, trace });
    this.#byDevice.set(key, events);
    return trace;
  }

  /** The trace of what made an alert change, which was found when `event` was fed. */
  causeOf(draft: TransitionDraft, event: StoredEvent): CarriedTrace | undefined {
    if (event.kind === "alert-transition" && event.data.id === draft.id)
      return traceOf(event.data) ?? traceOf(event.extensions);
    const { device, gateway } = draft.labels;
    const isItsOwn = device === undefined || device === event.device;
    if (isItsOwn && event.extensions !== undefined && event.kind === "measurement")
      return traceOf(event.extensions);
    const events = this.#byDevice.get(keyOf(gateway ?? "", device ?? "")) ?? [];
    const at = (time: string): TracedEvent | undefined =>
      events.findLast(({ timeMs }) => timeMs === Date.parse(time));
    return (at(draft.at) ?? (draft.state === "firing" ? at(draft.started_at) : undefined))?.trace;
  }
}

function keyOf(gateway: string, device: string): string {
  return `${gateway}\n${device}`;
}

function weigh(key: string, events: readonly TracedEvent[]): number {
  let characters = key.length;
  for (const { trace } of events)
    characters += eventCharacters + trace.traceparent.length + (trace.tracestate?.length ?? 0);
  return characters;
}
