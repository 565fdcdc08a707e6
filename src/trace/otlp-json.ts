/** Spans as OTLP over HTTP has them in JSON: ids in hex, times as texts of nanoseconds, camel case. */
import type { EpochMs } from "../core/clock.ts";
import { rootSpanIdOf, type Span, type SpanName, spanIdOf } from "../core/span.ts";
import type { TraceParent } from "../core/trace-context.ts";

/** Of the kinds of spans: inside, asking somebody, handing on, taking. */
const kinds: Readonly<Record<SpanName, number>> = {
  received: 5,
  durable: 1,
  forwarded: 4,
  processed: 5,
  notified: 3,
  "stored in history": 3,
};
const failed = 2;
const mostTextCharacters = 1_024;

/** The text of one span. `parent` is its trace, taken apart. */
export function encodeSpan(span: Span, parent: TraceParent): string {
  const { attributes, endMs, failure, name, startMs, trace } = span;
  const isRoot = name === "received" && parent.parentId === rootSpanIdOf(parent.traceId);
  return JSON.stringify({
    traceId: parent.traceId,
    spanId: isRoot ? parent.parentId : spanIdOf(span),
    ...(trace.tracestate !== undefined && { traceState: trace.tracestate }),
    ...(!isRoot && { parentSpanId: parent.parentId }),
    name,
    kind: kinds[name],
    startTimeUnixNano: nanos(startMs),
    // Of two clocks the other one may be ahead.
    endTimeUnixNano: nanos(Math.max(startMs, endMs)),
    attributes: Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) })),
    ...(failure !== undefined && { status: { code: failed, message: cut(failure) } }),
  });
}

/** Whose spans they are. */
export interface Resource {
  readonly service: string;
  readonly instance: string;
  readonly version: string;
}

/** The body of one request. */
export function encodeRequest(groups: Iterable<readonly [Resource, readonly string[]]>): string {
  const parts: string[] = [];
  for (const [{ instance, service, version }, spans] of groups) {
    const named = { "service.name": service, "service.instance.id": instance };
    const attributes = Object.entries({ ...named, "service.version": version }).map(
      ([key, value]) => ({ key, value: anyValue(value) }),
    );
    const resource = JSON.stringify({ attributes });
    const scope = JSON.stringify({ name: "sluicegate", version });
    parts.push(
      `{"resource":${resource},"scopeSpans":[{"scope":${scope},"spans":[${spans.join(",")}]}]}`,
    );
  }
  return `{"resourceSpans":[${parts.join(",")}]}`;
}

/** How many spans were not taken, as the answer to a request says that was taken; 0 where it says nothing. */
export function rejectedSpans(body: string): number {
  const match = /"(?:rejectedSpans|rejected_spans)"\s{0,8}:\s{0,8}"?(\d{1,9})/.exec(body);
  return Number(match?.[1] ?? 0);
}

function anyValue(value: string | number | boolean): object {
  if (typeof value === "string") return { stringValue: cut(value) };
  if (typeof value === "boolean") return { boolValue: value };
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

/** A fraction of a millisecond is kept as microseconds. */
function nanos(ms: EpochMs): string {
  return `${Math.max(0, Math.round(ms * 1_000))}000`;
}

/** Half a character that UTF-8 cannot write would cost all spans of the request. */
function cut(text: string): string {
  const kept = text.length > mostTextCharacters ? `${text.slice(0, mostTextCharacters)}…` : text;
  return kept.replace(/\p{Cs}/gu, "\ufffd");
}
