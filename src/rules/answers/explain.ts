/** How alerts are and why, for people who ask. */
import { toDeviceId } from "../../core/ids.ts";
import type { GatewayLine } from "../devices/gateway-line.ts";
import type { RuleSet } from "../rule-set.ts";
import {
  type InstanceView,
  type UnwatchedView,
  viewInstance,
  viewUnwatched,
} from "./instance-view.ts";

/** Every instance of these gateways. */
export function* instancesOf(gateways: Iterable<GatewayLine>): Iterable<InstanceView> {
  for (const gateway of gateways)
    for (const device of gateway.devices)
      for (const watch of device.watches) yield viewInstance(watch, device.id, gateway.origin);
  for (const gateway of gateways)
    for (const watch of gateway.together) yield viewInstance(watch, toDeviceId(""), gateway.origin);
}

/** One alert of one device, at each gateway that has such a device. */
export function explainAlert(
  gateways: Iterable<GatewayLine>,
  { rules }: RuleSet,
  alert: string,
  device: string,
): (InstanceView | UnwatchedView)[] {
  const asked = rules.filter((rule) => rule.id === alert || rule.alert === alert);
  const id = toDeviceId(device);
  const views: (InstanceView | UnwatchedView)[] = [];
  for (const gateway of gateways)
    for (const line of gateway.devices) {
      if (line.id !== id) continue;
      for (const rule of asked) {
        const watches = [...line.watches, ...gateway.together].filter(
          (each) => each.rule.id === rule.id,
        );
        for (const watch of watches) views.push(viewInstance(watch, id, gateway.origin));
        if (watches.length === 0) views.push(viewUnwatched(rule, line.described));
      }
    }
  return views;
}

/** The instances of one rule, and in which states they are. */
export interface RuleTally {
  readonly rule: string;
  readonly instances: number;
  readonly pending: number;
  /** Also those that are normal, and not for long enough yet. */
  readonly firing: number;
}

/** Every rule that watches anything. */
export function tallyOf(gateways: Iterable<GatewayLine>): RuleTally[] {
  const tallies = new Map<string, { instances: number; pending: number; firing: number }>();
  for (const gateway of gateways)
    for (const watches of [...gateway.devices]
      .map((device) => device.watches)
      .concat([gateway.together]))
      for (const { alarm, rule } of watches) {
        const tally = tallies.get(rule.id) ?? { instances: 0, pending: 0, firing: 0 };
        tallies.set(rule.id, tally);
        tally.instances += 1;
        if (alarm.state === "pending") tally.pending += 1;
        else if (alarm.state !== "ok") tally.firing += 1;
      }
  return Array.from(tallies, ([rule, tally]) => ({ rule, ...tally }));
}
