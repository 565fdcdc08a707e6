import type { AlertTransition } from "../core/alert.ts";
import type { Clock } from "../core/clock.ts";
import { eventIdOf } from "../core/ids.ts";
import type { ReadBatch } from "../stream/gateway-reader.ts";
import { completeTransition } from "./complete-transition.ts";
import type { Engine } from "./engine.ts";
import { feedGuarded, type GuardDependencies } from "./guarded-engine.ts";

export interface FeedDependencies extends GuardDependencies {
  readonly clock: Clock;
  /** A transition that is found this long after it happened is late. */
  readonly lateAfterMs: number;
}

/** Feeds what was read of a stream; gives what the rules found, and notes what they cannot see. */
export function feedBatch(
  engine: Engine,
  stream: string,
  batch: ReadBatch,
  deps: FeedDependencies,
): readonly AlertTransition[] {
  const { clock, lateAfterMs, mishaps } = deps;
  for (const stray of batch.strays) mishaps.add({ kind: "message-unreadable", stream, ...stray });
  forgetTorn(engine, stream, batch, deps);
  const transitions: AlertTransition[] = [];
  for (const event of batch.events)
    for (const draft of feedGuarded(engine, event, deps)) {
      const { origin, position } = event;
      const readUpTo = eventIdOf(origin.gateway, position.run, position.seq);
      transitions.push(completeTransition(draft, readUpTo, clock.wallMs(), lateAfterMs));
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
