/**
 * Whose turn it is: runs that have a device in common go one after the other, in the order in which they
 * came. One that waits holds back those behind it, so that none is passed by for ever.
 */
import type { PlanRun } from "./plan-run.ts";

export class Turns {
  /** The runs of each device, in their order. */
  readonly #queues = new Map<string, Set<string>>();
  readonly #devices = new Map<string, readonly string[]>();

  /** Puts a run behind those that came before it. Once for each. */
  enter(run: string, devices: readonly string[]): void {
    this.#devices.set(run, devices);
    for (const device of devices) {
      const queue = this.#queues.get(device) ?? new Set();
      this.#queues.set(device, queue.add(run));
    }
  }

  /** True where nobody who came before has a device of the run. */
  isFirst(run: string): boolean {
    return (this.#devices.get(run) ?? []).every(
      (device) => first(this.#queues.get(device)) === run,
    );
  }

  /** Takes a run out; gives those whose turn it may be now. */
  leave(run: string): ReadonlySet<string> {
    const next = new Set<string>();
    for (const device of this.#devices.get(run) ?? []) {
      const queue = this.#queues.get(device);
      queue?.delete(run);
      const head = first(queue);
      if (head === undefined) this.#queues.delete(device);
      else next.add(head);
    }
    this.#devices.delete(run);
    return next;
  }
}

/** What a run does something to, each once. */
export function devicesOf({ steps }: Pick<PlanRun, "steps">): readonly string[] {
  const devices = new Set<string>();
  for (const step of steps) {
    if (step.kind !== "command") continue;
    for (const order of [step.order, step.compensate])
      if (order) devices.add(`${order.device} of ${order.gateway}`);
  }
  return [...devices];
}

function first(queue: ReadonlySet<string> | undefined): string | undefined {
  return queue?.values().next().value;
}
