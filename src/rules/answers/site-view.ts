/** The state of an alert of a site, in words: what it is about, and whom it waits for. */
import { formatTime } from "../../core/event-codec.ts";
import { type GatewayId, toDeviceId, toGatewayId } from "../../core/ids.ts";
import type { GatewayStand } from "../together/gateway-stand.ts";
import type { SiteGroup } from "../together/site-group.ts";
import type { SiteLine } from "../together/site-line.ts";
import { type InstanceView, viewFresh, viewInstance } from "./instance-view.ts";

/** So many gateways are named. */
const mostNamed = 10;

/** One rule of a site. */
export function viewSite(group: SiteGroup, line: SiteLine): InstanceView {
  const origin = { site: line.site, gateway: toGatewayId("") };
  const facts = [...sayMembers(group), ...sayStand(line)];
  const { judge, rule } = group;
  const view = judge
    ? viewInstance(judge.watch, toDeviceId(""), origin)
    : viewFresh(rule, "site", origin);
  return { ...view, facts: [...view.facts, ...facts] };
}

function sayMembers({ members, panes }: SiteGroup): string[] {
  const gateways = [...new Set([...members.here, ...panes.here.keys()])].sort();
  if (gateways.length === 0) return ["no device of it is there"];
  let devices = 0;
  for (const count of panes.here.values()) devices += count;
  const named = gateways.slice(0, mostNamed).map((gateway) => {
    const count = panes.here.get(gateway) ?? 0;
    return `${count} of ${gateway}`;
  });
  const said = devices === 1 ? "1 device of it is" : `${devices} devices of it are`;
  const left = gateways.length - named.length;
  const more = left > 0 ? `, and of ${left} more gateways` : "";
  return [`${said} there: ${named.join(", ")}${more}`];
}

function sayStand({ gateways, standMs }: SiteLine): string[] {
  const said = [...gateways].sort(([, one], [, other]) => one.reachMs - other.reachMs);
  const [lowest] = said.filter(([, { holds }]) => holds);
  return [
    ...(Number.isFinite(standMs) ? [`the site is judged up to ${formatTime(standMs)}`] : []),
    ...(lowest ? [`it waits for ${sayGateway(lowest)}`] : []),
    ...said
      .filter(([, { holds }]) => !holds)
      .slice(0, mostNamed)
      .map((each) => `it does not wait for ${sayGateway(each)}`),
  ];
}

function sayGateway([gateway, stand]: readonly [GatewayId, GatewayStand]): string {
  if (!stand.isHeard) return `${gateway}, which did not say yet what time it is`;
  const where = `${gateway}, which stands at ${formatTime(stand.lineMs)}`;
  if (stand.reachMs > stand.lineMs)
    return `${where} and counts from ${formatTime(stand.reachMs)} on`;
  return stand.isStopped ? `${where} and stopped on purpose` : where;
}
