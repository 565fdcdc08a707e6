/** What of the demo moves: looked at again and again, for its screen. */
import type { AlertTransition } from "../core/alert.ts";
import { sleep } from "../core/clock.ts";
import type { GatewayStatus } from "../gateway/gateway-status.ts";
import type { DemoPlay } from "./demo-script.ts";

export interface DemoSight {
  /** Undefined while the gateway does not answer. */
  readonly gateway: GatewayStatus | undefined;
  /** What waited at the last looks, the oldest first. */
  readonly backlog: readonly number[];
  /** Alerts that fire, by the backbone. */
  readonly firing: readonly AlertTransition[];
}

export const noSight: DemoSight = { gateway: undefined, backlog: [], firing: [] };

const everyMs = 500;
const mostLooks = 240;

/** Looks until the signal; `onSight` is called after each look. */
export async function watchDemo(
  { clock, eye, stage }: Pick<DemoPlay, "clock" | "eye" | "stage">,
  signal: AbortSignal,
  onSight: (sight: DemoSight) => void,
): Promise<void> {
  let backlog: readonly number[] = [];
  let firing: readonly AlertTransition[] = [];
  while (!signal.aborted) {
    const gateway = await stage.status();
    // Before the backbone has a stream of alerts, and while it is stopped, there is none to be seen.
    firing = await eye.transitions().then(firingOf, () => firing);
    const waiting = gateway?.buffer.waitingRecords ?? backlog.at(-1) ?? 0;
    backlog = [...backlog, waiting].slice(-mostLooks);
    if (signal.aborted) return;
    onSight({ gateway, backlog, firing });
    await sleep(clock, everyMs, signal);
  }
}

function firingOf(transitions: readonly AlertTransition[]): AlertTransition[] {
  const last = new Map(transitions.map((transition) => [transition.episode, transition]));
  return [...last.values()].filter(({ state }) => state === "firing");
}
