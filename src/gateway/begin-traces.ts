/** Begins traces for messages that have none, for a share of them. */
import type { RawMessage } from "../core/message.ts";
import type { Random } from "../core/retry.ts";
import { rootSpanIdOf } from "../core/span.ts";
import { traceParentText } from "../core/trace-context.ts";
import type { Normalized, NormalizedEvent } from "../normalize/normalized.ts";

type Normalize = (message: RawMessage, clockSynced: boolean) => Normalized;

/** The same reader; of `share` of the messages each event without a trace is the first of one. */
export function beginTraces(normalize: Normalize, share: number, random: Random): Normalize {
  const traced = <T extends NormalizedEvent>(one: T): T => {
    const { extensions } = one.event;
    if (extensions?.["traceparent"] !== undefined) return one;
    const traceId = hex(random) + hex(random) + hex(random) + hex(random);
    const traceparent = traceParentText(traceId, rootSpanIdOf(traceId));
    return { ...one, event: { ...one.event, extensions: { traceparent, ...extensions } } };
  };
  return (message, clockSynced) => {
    const found = normalize(message, clockSynced);
    // What a broker had kept was said some time ago: its way began then.
    if (found.passedOver !== undefined || message.attributes.retained || random() >= share)
      return found;
    const first = traced(found);
    return first.more === undefined ? first : { ...first, more: first.more.map(traced) };
  };
}

/** 8 hexadecimal digits, never all of them 0. */
function hex(random: Random): string {
  return (1 + Math.floor(random() * 0xffff_ffff)).toString(16).padStart(8, "0");
}
