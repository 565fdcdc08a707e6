/** Rules whose expressions fail with what some device sent, for people. */
import type { Origin } from "../../core/event.ts";
import { formatTime } from "../../core/event-codec.ts";
import type { DeviceId } from "../../core/ids.ts";
import type { GatewayLine } from "../devices/gateway-line.ts";

/** One rule, and the device that it failed with last. */
export interface FailingRule extends Origin {
  /** `group/alert`. */
  readonly rule: string;
  /** How often it failed, over all devices that are there. */
  readonly failures: number;
  readonly device: DeviceId;
  readonly error: string;
  /** In the time of that device. */
  readonly at: string;
}

/** Those that failed most often first. */
export function failingRulesOf(gateways: Iterable<GatewayLine>): readonly FailingRule[] {
  const found = new Map<string, FailingRule>();
  for (const { devices, origin } of gateways)
    for (const { id: device, watches } of devices)
      for (const watch of watches) {
        const failure = watch.kind === "expr" ? watch.answer.failure : undefined;
        if (failure === undefined) continue;
        const { rule } = watch;
        const other = found.get(rule.id);
        const at = formatTime(failure.atMs);
        const last =
          other && other.at > at ? other : { ...origin, device, error: failure.error, at };
        const failures = failure.count + (other?.failures ?? 0);
        found.set(rule.id, { ...last, rule: rule.id, failures });
      }
  return [...found.values()].sort((a, b) => b.failures - a.failures);
}
