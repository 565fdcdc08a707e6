import type { StoredEvent } from "../core/event.ts";
import type { Logger } from "../core/logger.ts";
import type { Counter } from "../core/metrics.ts";
import { gatewayStream } from "../core/subject.ts";
import type { Engine, TransitionDraft } from "./engine.ts";
import type { MishapLog } from "./mishaps.ts";

export interface GuardDependencies {
  readonly logger: Logger;
  readonly mishaps: MishapLog;
  readonly setAside: Counter;
}

/**
 * Feeds an event, and sets it aside when the engine fails on it: one event that nobody foresaw must
 * not stop the alerts of a whole partition. It is not tried again, since a pure function fails again.
 */
export function feedGuarded(
  engine: Engine,
  event: StoredEvent,
  { logger, mishaps, setAside }: GuardDependencies,
): readonly TransitionDraft[] {
  try {
    return engine.feed(event);
  } catch (thrown) {
    const { kind, origin, position } = event;
    const stream = gatewayStream(origin.gateway);
    const where = `${position.run}.${position.seq}`;
    const reason = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    setAside.add();
    mishaps.add({ kind: "event-set-aside", stream, where, reason: reason.split("\n")[0] ?? "" });
    logger.error("the rules fail on an event; it is set aside", { stream, where, kind, reason });
    return [];
  }
}
