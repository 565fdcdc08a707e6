import { GatewayError } from "../core/errors.ts";
import type { Origin } from "../core/event.ts";
import { isId, toGatewayId, toSiteId } from "../core/ids.ts";
import { problemOfGatewayName } from "../core/subject.ts";

/** Gateways as they are named on the command line: `<site>/<gateway>`. Throws `usage`. */
export function gatewaysNamed(names: readonly string[]): readonly Origin[] {
  const sites = new Map<string, string>();
  return names.map((name) => {
    const [site, gateway, ...more] = name.split("/");
    if (!site || !gateway || more.length > 0 || !isId(site) || !isId(gateway))
      throw new GatewayError("usage", `${name} names no gateway; write <site>/<gateway>`);
    const problem = problemOfGatewayName(gateway);
    if (problem) throw new GatewayError("usage", `gateway ${gateway} cannot be: ${problem}`);
    const former = sites.get(gateway);
    if (former !== undefined)
      throw new GatewayError(
        "usage",
        `gateway ${gateway} is named twice (${former}, ${site}); an id is unique over all sites`,
      );
    sites.set(gateway, site);
    return { site: toSiteId(site), gateway: toGatewayId(gateway) };
  });
}
