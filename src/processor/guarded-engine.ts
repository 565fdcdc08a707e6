import type { StoredEvent } from "../core/event.ts";
import type { Logger } from "../core/logger.ts";
import type { Counter } from "../core/metrics.ts";
import type { Engine, TransitionDraft } from "./engine.ts";

/** An engine that fails on an event this often will fail on it always. */
const maxFailures = 3;

/**
 * Feeds an event, and sets it aside when the engine keeps failing on it: one event that nobody
 * foresaw must not stop the alerts of a whole partition. It stays in its stream, under the name
 * that the log line gives.
 */
export function feedGuarded(
  engine: Engine,
  event: StoredEvent,
  logger: Logger,
  setAside: Counter,
): readonly TransitionDraft[] {
  for (let failures = 1; ; failures += 1)
    try {
      return engine.feed(event);
    } catch (thrown) {
      if (failures < maxFailures) continue;
      setAside.add();
      logger.error("the rules fail on an event; it is set aside", {
        gateway: event.origin.gateway,
        device: event.device,
        kind: event.kind,
        run: event.position.run,
        seq: event.position.seq,
        reason: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
      });
      return [];
    }
}
