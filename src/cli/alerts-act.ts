/** `sluicegate alerts ack|shelve|unshelve|reset|clear|out-of-service|in-service`. */
import { userInfo } from "node:os";
import { refusalOf } from "../alerts/judge-action.ts";
import type { Order } from "../alerts/make-action.ts";
import type { AlertDesk, AlertsNow, Done } from "../app/alert-desk.ts";
import { systemClock } from "../app/system-clock.ts";
import type { AlertTransition } from "../core/alert.ts";
import { durationHintFor, parseDuration } from "../core/duration.ts";
import { GatewayError } from "../core/errors.ts";
import { isId } from "../core/ids.ts";
import type { OperatorVerb } from "../core/operator-action.ts";
import { printable } from "../core/printable.ts";
import { stuckRuleId } from "../plans/stuck-alert.ts";
import { brokenRuleId } from "../rules/reserved/reserved-rules.ts";
import type { StoredAction } from "../stream/operator-log.ts";
import { nameOfAlert } from "./alerts-text.ts";
import { type AlertsOptions, atAlertDesk } from "./at-alert-desk.ts";
import type { Context } from "./contexts-file.ts";
import { findAlerts, requireOne } from "./find-alerts.ts";
import { printAnswer } from "./print-answer.ts";
import { type RemoteOptions, remoteOf } from "./remote.ts";

/** A processor that is there clears within this. */
const clearedWithinMs = 10_000;

export interface ActOptions extends AlertsOptions, RemoteOptions {
  readonly site?: string;
  readonly all?: boolean;
  readonly by?: string;
  readonly reason?: string;
  readonly for?: string;
  readonly once?: boolean;
}

const doneWords: Readonly<Record<OperatorVerb, string>> = {
  ack: "acknowledged",
  shelve: "shelved",
  unshelve: "taken from the shelf",
  reset: "reset",
  clear: "asked to be cleared",
  "out-of-service": "taken out of service",
  "in-service": "taken back into service",
};

/** Does it, and prints a line for each; exit 1 where it was refused. */
export async function actOnAlerts(
  verb: OperatorVerb,
  alert: string,
  device: string | undefined,
  options: ActOptions,
): Promise<void> {
  const remote = await remoteOf(options);
  if (remote) return actElsewhere(remote, verb, { alert, device }, options);
  await atAlertDesk(options, async (desk, maxShelveMs) => {
    const order = orderOf(verb, options, maxShelveMs);
    const now = await desk.read();
    const found = findAlerts(now.heads.values(), { ...options, alert, device });
    const targets = chooseTargets(found, order, now, maxShelveMs, options.all === true);
    const results: { readonly head: AlertTransition; readonly done: Done }[] = [];
    for (const head of targets) {
      const done = await actOn(desk, head, order, now);
      results.push({ head, done });
    }
    const stored = results.flatMap(({ done }) => ("stored" in done ? [done.stored] : []));
    const actions = stored.map(({ action }) => action);
    printAnswer(options, "alert-actions/1", { actions }, () =>
      results.flatMap(({ done, head }) =>
        "stored" in done ? [`${nameOfAlert(head)} ${doneWords[verb]}`] : [],
      ),
    );
    for (const { done, head } of results) if ("refused" in done) sayRefused(head, done.refused);
    if (verb === "clear") await sayCleared(desk, stored);
  });
}

async function actElsewhere(
  remote: Context,
  verb: OperatorVerb,
  meant: { readonly alert: string; readonly device: string | undefined },
  options: ActOptions,
): Promise<void> {
  const { for: asked, ...rest } = options;
  const forMs = asked === undefined ? undefined : parseDuration(asked);
  if (asked !== undefined && !forMs)
    throw new GatewayError("usage", `--for ${asked}: ${durationHintFor(asked)}`);
  const { actOnRemoteAlerts } = await import("./remote-alerts.ts");
  await actOnRemoteAlerts(remote, verb, meant, { ...rest, ...(forMs !== undefined && { forMs }) });
}

function orderOf(verb: OperatorVerb, options: ActOptions, maxShelveMs: number): Order {
  const { for: asked, once, reason } = options;
  const by = options.by ?? process.env["USER"] ?? userInfo().username;
  if (!isId(by))
    throw new GatewayError("usage", "--by: write 1 to 128 characters, none of control");
  const forMs = asked === undefined ? undefined : parseDuration(asked);
  if (asked !== undefined && !forMs)
    throw new GatewayError("usage", `--for ${asked}: ${durationHintFor(asked)}`);
  if (verb === "shelve" && asked === undefined && once !== true)
    throw new GatewayError("usage", "say for how long with --for, or --once");
  const spanMs = verb === "shelve" ? (forMs ?? maxShelveMs) : undefined;
  return {
    ...{ verb, by },
    ...(spanMs !== undefined && { forMs: spanMs }),
    ...(once === true && { once }),
    ...(reason !== undefined && { reason }),
  };
}

/**
 * Of several that can be meant: all with `--all`, else the only one to which this may be done. What is
 * one alert is taken as it is, and refused with words where it has to be.
 */
function chooseTargets(
  found: readonly AlertTransition[],
  order: Order,
  { board }: AlertsNow,
  maxShelveMs: number,
  isAll: boolean,
): readonly AlertTransition[] {
  if (found.length === 1) return found;
  const nowMs = systemClock.wallMs();
  const possible = found.filter(({ instance }) => {
    const view = board.view(instance, nowMs);
    return view !== undefined && refusalOf(view, order, maxShelveMs) === undefined;
  });
  if (isAll && possible.length > 0) return possible;
  if (possible.length === 0) return found.slice(0, 1);
  return [requireOne(possible, "say which by its device or its id, or --all:")];
}

async function actOn(
  desk: AlertDesk,
  head: AlertTransition,
  order: Order,
  now: AlertsNow,
): Promise<Done> {
  const run = head.labels["run"];
  if (order.verb === "clear" && head.rule === stuckRuleId && run !== undefined)
    return { refused: `a plan calls a person; it ends with sluicegate plan settle ${run}` };
  if (order.verb === "clear" && head.rule === brokenRuleId)
    return { refused: "it ends when the files are right; correct them, then sluicegate reload" };
  return desk.act(head, order, now);
}

function sayRefused(head: AlertTransition, refused: string): void {
  process.stderr.write(`${printable(`sluicegate: ${nameOfAlert(head)}: ${refused}`)}\n`);
  process.exitCode = 1;
}

async function sayCleared(desk: AlertDesk, stored: readonly StoredAction[]): Promise<void> {
  const over = await Promise.all(stored.map((one) => desk.waitForEnd(one, clearedWithinMs)));
  if (over.every((one) => one)) return;
  process.stderr.write(
    "sluicegate: not cleared yet: the processor of its site does it when it runs\n",
  );
  process.exitCode = 7;
}
