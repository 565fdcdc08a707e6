import type { CommandState } from "../core/command.ts";

/** The exit status for the last state of a command that was waited for. */
const statusOf: Readonly<Record<CommandState, number>> = {
  acknowledged: 0,
  delivered: 0,
  sent: 0,
  queued: 7,
  // It had no effect.
  refused: 10,
  failed: 11,
  expired: 12,
  cancelled: 13,
  // Nobody can tell whether it had one.
  "timed-out": 14,
  unknown: 15,
};
const notInTime = 7;

/** `last`: undefined where no step came. */
export function exitStatusOf(
  last: { readonly state: CommandState; readonly final: boolean } | undefined,
): number {
  return last?.final === true ? statusOf[last.state] : notInTime;
}
