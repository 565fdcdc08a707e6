import type { AlertTransition } from "../core/alert.ts";
import type { StoredEvent } from "../core/event.ts";
import { eventIdOf } from "../core/ids.ts";
import { eventSpan, type SpanSink } from "../core/span.ts";
import type { ReadBatch } from "../stream/gateway-reader.ts";
import { completeTransition } from "./complete-transition.ts";
import type { Engine, TransitionDraft } from "./engine.ts";
import { feedGuarded, type GuardDependencies } from "./guarded-engine.ts";
import type { HeadComparison } from "./head-comparison.ts";
import { lastReads, type ReadSoFar } from "./passed-records.ts";
import type { TracedEvents } from "./traced-events.ts";

export interface FeedDependencies extends GuardDependencies {
  readonly comparison: HeadComparison;
  readonly read: ReadSoFar;
  readonly traced: TracedEvents;
  readonly spans?: SpanSink | undefined;
  /** A transition that is found this long after it happened is late. */
  readonly lateAfterMs: number;
}

/** Feeds what was read of a stream; gives what the rules found, and notes what they cannot see. */
export async function feedBatch(
  engine: Engine,
  stream: string,
  batch: ReadBatch,
  deps: FeedDependencies,
): Promise<readonly AlertTransition[]> {
  const { clock, comparison, lateAfterMs, mishaps, read, spans, traced } = deps;
  for (const stray of batch.strays) mishaps.add({ kind: "message-unreadable", stream, ...stray });
  forgetTorn(engine, stream, batch, deps);
  const transitions: AlertTransition[] = [];
  const take = (event: StoredEvent, drafts: readonly TransitionDraft[]): void => {
    const { origin, position } = event;
    for (const draft of drafts) {
      if (!comparison.admit(draft)) continue;
      const reads = lastReads(draft, read, eventIdOf(origin.gateway, position.run, position.seq));
      const cause = traced.causeOf(draft, event);
      transitions.push(completeTransition(draft, reads, clock.wallMs(), lateAfterMs, cause));
    }
  };
  for (const event of batch.events) {
    const trace = traced.note(event);
    const startMs = trace && clock.wallMs();
    take(event, comparison.meet(event));
    const found = feedGuarded(engine, event, deps);
    take(event, found instanceof Promise ? await found : found);
    if (trace !== undefined && startMs !== undefined)
      spans?.add(eventSpan(event, trace, "processed", startMs, clock.wallMs()));
  }
  return transitions;
}

/** What the rules knew of the gateway's conditions is from before the records that are gone. */
function forgetTorn(
  engine: Engine,
  stream: string,
  { events: [next], tear }: ReadBatch,
  { mishaps }: FeedDependencies,
): void {
  if (!tear || !next) return;
  const { after, before } = tear;
  const where = `${after.run}.${after.seq}..${before.run}.${before.seq}`;
  const reason = "the stream let go of them before they were read";
  mishaps.add({ kind: "records-gone", stream, where, reason });
  engine.forget(next.origin.gateway, next.receivedMs);
}
