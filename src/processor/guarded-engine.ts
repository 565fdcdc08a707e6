import type { Clock } from "../core/clock.ts";
import type { StoredEvent } from "../core/event.ts";
import { inSlices } from "../core/in-slices.ts";
import type { Logger } from "../core/logger.ts";
import type { Counter } from "../core/metrics.ts";
import { gatewayStream } from "../core/subject.ts";
import type { Engine, TransitionDraft } from "./engine.ts";
import type { MishapLog } from "./mishaps.ts";

export interface GuardDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly mishaps: MishapLog;
  readonly setAside: Counter;
}

/**
 * Feeds an event, and sets it aside when the engine fails on it: one event that nobody foresaw must
 * not stop the alerts of a whole partition. It is not tried again, since a pure function fails again.
 * Only for a watermark it has to be waited: that is done in slices.
 */
export function feedGuarded(
  engine: Engine,
  event: StoredEvent,
  deps: GuardDependencies,
): readonly TransitionDraft[] | Promise<readonly TransitionDraft[]> {
  if (event.kind === "watermark")
    return inSlices(engine.pass(event), deps.clock).catch((thrown) =>
      setAside(event, thrown, deps),
    );
  try {
    return engine.feed(event);
  } catch (thrown) {
    return setAside(event, thrown, deps);
  }
}

function setAside(
  { kind, origin, position }: StoredEvent,
  thrown: unknown,
  { logger, mishaps, setAside: counter }: GuardDependencies,
): readonly TransitionDraft[] {
  const stream = gatewayStream(origin.gateway);
  const where = `${position.run}.${position.seq}`;
  const reason = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  counter.add();
  mishaps.add({ kind: "event-set-aside", stream, where, reason: reason.split("\n")[0] ?? "" });
  logger.error("the rules fail on an event; it is set aside", { stream, where, kind, reason });
  return [];
}
