/** Commands that a run has in the world. */
import type { Command } from "../core/command.ts";
import { toDeviceId, toGatewayId } from "../core/ids.ts";
import type { Attempt, BoundOrder, PlanRun } from "./plan-run.ts";

/** What has to be out there, of a run that is stored so: each call gives the same. */
export function openCommands(run: PlanRun): readonly Command[] {
  return commandsOf(run, ({ final }) => !final);
}

/** Those of which a last word may still come, and counts. */
export function awaitedCommands(run: PlanRun): readonly Command[] {
  return commandsOf(run, ({ final, givenUp }) => !final || givenUp === true);
}

function commandsOf(run: PlanRun, takes: (attempt: Attempt) => boolean): readonly Command[] {
  const commands: Command[] = [];
  for (const step of run.steps) {
    if (step.kind !== "command") continue;
    const { attempt, compensate, order, undo } = step;
    if (attempt && takes(attempt)) commands.push(commandOf(run, order, attempt));
    if (undo && compensate && takes(undo)) commands.push(commandOf(run, compensate, undo));
  }
  return commands;
}

function commandOf(run: PlanRun, order: BoundOrder, attempt: Attempt): Command {
  const { by, reason } = run.requested;
  return {
    id: attempt.id,
    site: run.site,
    gateway: toGatewayId(order.gateway),
    device: toDeviceId(order.device),
    name: order.command,
    params: order.params,
    issuedMs: attempt.issuedMs,
    expiresMs: attempt.expiresMs,
    by,
    ...(reason !== undefined && { reason }),
    run: run.run,
  };
}
