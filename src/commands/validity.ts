import type { Clock, EpochMs } from "../core/clock.ts";
import type { Command } from "../core/command.ts";
import type { GatewayTime } from "../core/gateway-time.ts";
import type { OpenCommand } from "./open-command.ts";

/**
 * When the time of a command that comes now ends here. It is never longer of use than whoever issued it
 * said, whatever their clock says.
 */
export function endOf({ expiresMs, issuedMs }: Command, nowMs: EpochMs): EpochMs {
  return Math.min(expiresMs, nowMs + Math.max(0, expiresMs - issuedMs));
}

/**
 * Milliseconds in which a command may still leave, 0 and below once it is expired: by the wall clock, or
 * by the time that has passed since its end was known first; by that alone where the time is not known any
 * more. Endless while nobody has known it yet.
 */
export function remainingMs(
  open: OpenCommand,
  time: Pick<GatewayTime, "nowMs" | "synced">,
  clock: Clock,
): number {
  if (!time.synced) return (open.deadlineMs ?? Number.POSITIVE_INFINITY) - clock.monotonicMs();
  const nowMs = Math.max(time.nowMs(), clock.wallMs());
  const { command, endsMs = endOf(command, nowMs) } = open.course;
  if (open.course.endsMs === undefined) open.course = { ...open.course, endsMs };
  const byWallMs = endsMs - nowMs;
  open.deadlineMs ??= clock.monotonicMs() + byWallMs;
  return Math.min(byWallMs, open.deadlineMs - clock.monotonicMs());
}
