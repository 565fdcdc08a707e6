/** `sluicegate status --wait`: for scripts that go on when it is so far. */
import { systemClock } from "../app/system-clock.ts";
import { sleep } from "../core/clock.ts";
import { counted } from "../core/counted.ts";
import { GatewayError } from "../core/errors.ts";
import type { RolesStatus } from "./status-text.ts";

/** What can be waited for. */
export const waitGoals = ["linked", "drained"] as const;
export type WaitGoal = (typeof waitGoals)[number];

export interface Waiting {
  readonly goal: WaitGoal;
  readonly timeoutMs: number;
  /** Asks anew; rejects while nobody answers. */
  readonly ask: () => Promise<RolesStatus>;
  readonly signal: AbortSignal;
}

const everyMs = 250;

/** Gives why it is not so far when the time is over, in words; undefined when it is. */
export async function waitFor({
  ask,
  goal,
  signal,
  timeoutMs,
}: Waiting): Promise<string | undefined> {
  const until = systemClock.monotonicMs() + timeoutMs;
  for (;;) {
    const why = await ask().then((status) => missing(status, goal), notYet);
    if (why === undefined) return undefined;
    const leftMs = until - systemClock.monotonicMs();
    if (leftMs <= 0 || signal.aborted) return why;
    await sleep(systemClock, Math.min(everyMs, leftMs), signal);
  }
}

/** A process that is just started does not answer yet; who may not ask never will. */
function notYet(thrown: unknown): string {
  if (thrown instanceof GatewayError && thrown.code === "status.unreachable") return thrown.message;
  throw thrown;
}

/** What of it is not so yet, of any role that answers. */
function missing(status: RolesStatus, goal: WaitGoal): string | undefined {
  const { console: hub, gateway, historian, notifier } = status;
  const waits: string[] = [];
  if (gateway) {
    const { kind, reason } = gateway.link;
    if (kind !== "linked" && kind !== "draining") waits.push(`gateway: ${reason ?? kind}`);
    else if (kind === "draining" && goal === "linked")
      waits.push("gateway: it still sends what had waited");
    const { waitingRecords } = gateway.buffer;
    if (goal === "drained" && waitingRecords > 0)
      waits.push(`gateway: ${counted(waitingRecords, "record")} still wait`);
  }
  if (hub?.hub && !hub.hub.connected) waits.push(`console: ${hub.hub.reason ?? "no backbone"}`);
  const behind = (historian?.gateways ?? []).reduce((sum, one) => sum + one.behind, 0);
  if (historian?.failing) waits.push(`historian: ${historian.failing.reason}`);
  else if (goal === "drained" && historian && !historian.standby && behind > 0)
    waits.push(`historian: ${counted(behind, "event")} behind`);
  const untold = (notifier?.receivers ?? []).reduce((sum, { waiting }) => sum + waiting, 0);
  if (goal === "drained" && untold > 0)
    waits.push(`notifier: ${counted(untold, "change")} of alerts to be told`);
  return waits.length === 0 ? undefined : waits.join("; ");
}
