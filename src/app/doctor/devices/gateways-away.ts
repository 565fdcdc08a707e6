import { counted } from "../../../core/counted.ts";
import type { Check } from "../check.ts";
import { error, ok, warning } from "../finding.ts";

export const gatewaysAway: Check = {
  id: "hub.gateways",
  group: "devices",
  asks: "whether the hub hears all gateways",
  explanation:
    "A gateway is away when nothing of it came for longer than it promises to speak. It may work on behind a line that is cut: what it keeps comes when the line is back. Its own page and sluicegate status on its machine say how it is there.",
  async run({ roles }) {
    const hub = (await roles()).console?.hub;
    if (!hub) return [];
    if (!hub.connected)
      return [
        error({
          what: `the backbone is away: ${hub.reason ?? "no reason is known"}`,
          why: "what the hub shows is as it was known last",
          next: "sluicegate doctor --only nats.connect",
        }),
      ];
    if (hub.gatewaysAway === 0) return [ok(`${counted(hub.gateways, "gateway")} heard`)];
    return [
      warning({
        what: `${hub.gatewaysAway} of ${counted(hub.gateways, "gateway")} away`,
        why: "nothing is known of their devices since",
        next: "look at their machines: sluicegate status, and their lines",
      }),
    ];
  },
};
