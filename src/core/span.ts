/** Where something that carries a trace was, and for how long: a span, for those who collect them. */
import type { EpochMs } from "./clock.ts";
import type { StoredEvent } from "./event.ts";
import { fnv1a64 } from "./fnv1a.ts";
import { eventIdOf } from "./ids.ts";
import { type CarriedTrace, parseTraceParent } from "./trace-context.ts";

/** What of the way it was. */
export type SpanName =
  | "received"
  | "durable"
  | "forwarded"
  | "processed"
  | "notified"
  | "stored in history";

export interface Span {
  readonly role: "gateway" | "processor" | "notifier" | "historian";
  readonly name: SpanName;
  readonly trace: CarriedTrace;
  /** Id of the event, or of what else it is about: the same span of the same has the same id. */
  readonly about: string;
  readonly startMs: EpochMs;
  readonly endMs: EpochMs;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  /** Why it did not work. */
  readonly failure?: string | undefined;
}

/** A span of a role behind the stream, about an event that carries a trace. */
export function eventSpan(
  { device, kind, origin, position }: StoredEvent,
  trace: CarriedTrace,
  name: "processed" | "stored in history",
  startMs: EpochMs,
  endMs: EpochMs,
): Span {
  const about = eventIdOf(origin.gateway, position.run, position.seq);
  const attributes = spanAttributes({ ...origin, device, kind, id: about });
  const role = name === "processed" ? "processor" : "historian";
  return { role, name, trace, about, startMs, endMs, attributes };
}

/** Whose event a span is about. */
export function spanAttributes(facts: {
  readonly id: string;
  readonly kind: string;
  readonly site: string;
  readonly gateway: string;
  readonly device: string | null;
}): Span["attributes"] {
  const { device, gateway, id, kind, site } = facts;
  return {
    "sluicegate.event.id": id,
    "sluicegate.event.kind": kind,
    "sluicegate.site": site,
    "sluicegate.gateway": gateway,
    ...(device !== null && { "sluicegate.device": device }),
  };
}

/** Takes spans. Never fails and never waits: what it cannot keep is counted. */
export interface SpanSink {
  add(span: Span): void;
}

/** Of each span one id, however often it is told. */
export function spanIdOf({ about, name }: Pick<Span, "about" | "name">): string {
  return notZero(fnv1a64(`${name} ${about}`));
}

/** The first span of a trace that is made here: whoever knows the trace knows it. */
export function rootSpanIdOf(traceId: string): string {
  return notZero(fnv1a64(traceId));
}

/** The same trace, for what a span makes others do: that is what they stand below. */
export function traceBelow(trace: CarriedTrace, span: Pick<Span, "about" | "name">): CarriedTrace {
  const parent = parseTraceParent(trace.traceparent);
  if (!parent?.sampled) return trace;
  return {
    ...trace,
    traceparent: `${parent.text.slice(0, 36)}${spanIdOf(span)}${parent.text.slice(52)}`,
  };
}

function notZero(id: string): string {
  return /^0+$/.test(id) ? "0000000000000001" : id;
}
