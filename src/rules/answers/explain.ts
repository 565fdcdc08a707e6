/** How alerts are and why, for people who ask. */
import { toDeviceId } from "../../core/ids.ts";
import type { GatewayLine } from "../devices/gateway-line.ts";
import type { NamedRule, RuleSet } from "../rule-set.ts";
import { selectsDevice } from "../select.ts";
import type { SiteGroup } from "../together/site-group.ts";
import type { SiteLine } from "../together/site-line.ts";
import type { Watch } from "../watches/watch.ts";
import {
  type InstanceView,
  type UnwatchedView,
  viewFresh,
  viewInstance,
  viewUnwatched,
} from "./instance-view.ts";
import { viewSite } from "./site-view.ts";

/** Whom one may ask about. */
export interface Watched {
  readonly gateways: Iterable<GatewayLine>;
  readonly sites: Iterable<SiteLine>;
}

/** Every instance of these gateways, and of their sites. */
export function* instancesOf({ gateways, sites }: Watched): Iterable<InstanceView> {
  for (const gateway of gateways)
    for (const device of gateway.devices)
      for (const watch of device.watches) yield viewInstance(watch, device.id, gateway.origin);
  for (const gateway of gateways)
    for (const watch of gateway.together) yield viewInstance(watch, toDeviceId(""), gateway.origin);
  for (const line of sites) for (const group of line.groups) yield viewSite(group, line);
}

/**
 * One alert of one device, at each gateway that has such a device. An alert of all devices of a
 * gateway, or of a site, is also found by its name.
 */
export function explainAlert(
  { gateways, sites }: Watched,
  { rules }: RuleSet,
  alert: string,
  named: string,
): (InstanceView | UnwatchedView)[] {
  const asked = rules.filter((rule) => rule.id === alert || rule.alert === alert);
  const views: (InstanceView | UnwatchedView)[] = [];
  const seen = new Set<SiteGroup>();
  const seeSite = (rule: NamedRule, site: string): void => {
    for (const line of sites)
      for (const group of line.site === site ? line.groups : [])
        if (group.rule.id === rule.id && !seen.has(group)) {
          seen.add(group);
          views.push(viewSite(group, line));
        }
  };
  for (const gateway of gateways) {
    const { origin, together } = gateway;
    for (const line of gateway.devices) {
      if (line.id !== named) continue;
      for (const rule of asked) {
        const isAboutMany = rule.per === "gateway" || rule.per === "site";
        const watches: Watch[] = ofRule(rule, isAboutMany ? together : line.watches);
        const isOfDevice = isAboutMany ? selectsDevice(rule, line.described) : watches.length > 0;
        if (!isOfDevice) views.push(viewUnwatched(rule, line.described));
        else if (rule.per === "site") seeSite(rule, origin.site);
        else if (watches.length === 0) views.push(viewFresh(rule, "gateway", origin));
        else
          for (const watch of watches)
            views.push(viewInstance(watch, isAboutMany ? toDeviceId("") : line.id, origin));
      }
    }
    if (origin.gateway === named)
      for (const watch of asked.flatMap((rule) => ofRule(rule, together)))
        views.push(viewInstance(watch, toDeviceId(""), origin));
    if (origin.site === named) for (const rule of asked) seeSite(rule, named);
  }
  return views;
}

function ofRule({ id }: NamedRule, watches: Iterable<Watch>): Watch[] {
  return [...watches].filter(({ rule }) => rule.id === id);
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
export function tallyOf({ gateways, sites }: Watched): RuleTally[] {
  const tallies = new Map<string, { instances: number; pending: number; firing: number }>();
  const count = ({ alarm, rule }: Watch): void => {
    const tally = tallies.get(rule.id) ?? { instances: 0, pending: 0, firing: 0 };
    tallies.set(rule.id, tally);
    tally.instances += 1;
    if (alarm.state === "pending") tally.pending += 1;
    else if (alarm.state !== "ok") tally.firing += 1;
  };
  for (const gateway of gateways) {
    for (const device of gateway.devices) for (const watch of device.watches) count(watch);
    for (const watch of gateway.together) count(watch);
  }
  for (const line of sites) for (const { judge } of line.groups) if (judge) count(judge.watch);
  return Array.from(tallies, ([rule, tally]) => ({ rule, ...tally }));
}
