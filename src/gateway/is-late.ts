import type { GatewayEvent } from "../core/event.ts";

/** An event that is received so long after it happened is late. */
const lateAfterMs = 60_000;

/** True for what came long after it happened, or is not the newest that its device said of the same. */
export function isLate({ extensions, receivedMs, timeMs }: GatewayEvent): boolean {
  return receivedMs - timeMs > lateAfterMs || extensions?.["stale"] === true;
}
