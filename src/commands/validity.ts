import type { Clock } from "../core/clock.ts";
import type { GatewayTime } from "../core/gateway-time.ts";
import type { OpenCommand } from "./open-command.ts";

/**
 * Milliseconds in which a command may still leave, 0 and below once it is expired: by the wall clock, or
 * by the time that has passed since its end was known first. Endless while nobody knows the time.
 */
export function remainingMs(
  open: OpenCommand,
  time: Pick<GatewayTime, "nowMs" | "synced">,
  clock: Clock,
): number {
  if (!time.synced) return Number.POSITIVE_INFINITY;
  const { expiresMs } = open.course.command;
  const byWallMs = expiresMs - Math.max(time.nowMs(), clock.wallMs());
  open.deadlineMs ??= clock.monotonicMs() + byWallMs;
  return Math.min(byWallMs, open.deadlineMs - clock.monotonicMs());
}
