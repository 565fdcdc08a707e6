import { alertRoutes } from "../../api/routes/alert-routes.ts";
import { commandRoutes } from "../../api/routes/command-routes.ts";
import { deadLetterRoutes } from "../../api/routes/dead-letter-routes.ts";
import { deviceRoutes } from "../../api/routes/device-routes.ts";
import { historyRoutes } from "../../api/routes/history-routes.ts";
import { planRoutes } from "../../api/routes/plan-routes.ts";
import { type StatusDesk, statusRoutes } from "../../api/routes/status-routes.ts";
import { systemRoutes } from "../../api/routes/system-routes.ts";
import { unreadRoutes } from "../../api/routes/unread-routes.ts";
import type { AtEnd } from "../../core/open-parts.ts";
import type { GatewayFacts } from "../gateway-facts.ts";
import { openSiteBackbone, siteBackboneOptions } from "../site-backbone.ts";
import { version } from "../version.ts";
import { GatewayAlerts } from "./alerts/gateway-alerts.ts";
import { commandsTopic } from "./commands/command-topic.ts";
import { Commands } from "./commands/commands.ts";
import { plansTopic } from "./commands/plan-topic.ts";
import { planDesk } from "./commands/plans.ts";
import { comparedTopic } from "./compared-topic.ts";
import { DeadLetterBook } from "./dead-letters/dead-letter-book.ts";
import { deadLettersTopic } from "./dead-letters/dead-letter-topic.ts";
import { deadLetterDesk } from "./dead-letters/dead-letters.ts";
import { gatewayDevices } from "./devices/gateway-devices.ts";
import { unreadDesk } from "./devices/unread.ts";
import { alertsTopic, devicesTopic, statusTopic } from "./gateway-topics.ts";
import { gatewayHistory } from "./history/gateway-history.ts";
import { liveTopic } from "./live/live-topic.ts";
import { LookingTime } from "./live/looking-time.ts";
import { statusDesk } from "./status/status-desk.ts";
import { gatewayFlowRows } from "./system/gateway-flow.ts";
import { systemDesk } from "./system/system-desk.ts";
import type { WebPart } from "./web-part.ts";
import type { OpenWebPart, WebSurroundings } from "./web-surroundings.ts";

/** How the process is, whatever roles it has, and what its gateway knows. */
export const openProcessPart: OpenWebPart = (surroundings, atEnd) => {
  const { clock, configPath, env, gateway, hubStatus, roles, servers, site } = surroundings;
  const book = gateway && new DeadLetterBook(gateway);
  const desk = statusDesk({
    ...{ clock, version, roles, servers },
    site: site.config.site,
    ...(gateway && { gateway }),
    ...(hubStatus && { hub: hubStatus }),
    ...(book && { deadLetters: () => book.counts }),
  });
  const { backbone, backboneOptions } = backboneFor(surroundings, atEnd);
  const orders = {
    ...{ backbone, backboneOptions, nowMs: () => clock.wallMs() },
    site: () => gateway?.site() ?? site,
  };
  const commands = new Commands({ ...orders, gateway });
  const plans = planDesk(orders);
  const startedMs = clock.wallMs();
  const rolesStatus = surroundings.status;
  const system = systemDesk({ clock, configPath, env, rolesStatus, startedMs, site: orders.site });
  const own = gateway && book && gatewayPart(surroundings, gateway, book, desk);
  return {
    routes: [
      ...statusRoutes(desk),
      ...commandRoutes(commands),
      ...planRoutes(plans),
      ...systemRoutes(system),
      ...(own?.routes ?? []),
    ],
    topicNamed(name) {
      if (name === "status") return statusTopic(desk, clock, book);
      if (name === "commands") return commandsTopic(commands, clock);
      if (name === "plans") return plansTopic(() => plans.runs(), clock);
      return own?.topicNamed?.(name);
    },
  };
};

/** That of the gateway, where there is one: it has its connection anyway. */
function backboneFor(surroundings: WebSurroundings, atEnd: AtEnd) {
  const { gateway } = surroundings;
  const backboneOptions = siteBackboneOptions(surroundings);
  if (gateway) return { backbone: gateway.backbone, backboneOptions };
  const backbone = openSiteBackbone(surroundings, "sluicegate-web");
  atEnd(() => backbone.close());
  return { backbone, backboneOptions };
}

/** All of it where nobody here knows all gateways. */
function gatewayPart(
  { clock, configPath, hubStatus, questions, taps }: WebSurroundings,
  facts: GatewayFacts,
  book: DeadLetterBook,
  desk: StatusDesk,
): WebPart {
  const isAlone = hubStatus === undefined;
  const nowMs = (): number => clock.wallMs();
  const { reload } = questions;
  const alerts = new GatewayAlerts(facts, nowMs);
  const time = new LookingTime(clock);
  return {
    routes: [
      ...deadLetterRoutes(deadLetterDesk({ book, facts, nowMs })),
      ...(reload ? unreadRoutes(unreadDesk({ configPath, facts, nowMs, reload })) : []),
      ...(isAlone ? deviceRoutes(gatewayDevices(facts)) : []),
      ...(isAlone ? historyRoutes(gatewayHistory(facts)) : []),
      ...(isAlone ? alertRoutes(alerts) : []),
    ],
    topicNamed(name) {
      if (isAlone && name === "alerts") return alertsTopic(alerts, clock);
      if (isAlone && name === "devices") return devicesTopic(facts, clock);
      if (isAlone && name === "flow")
        return comparedTopic(name, () => gatewayFlowRows(desk.now()), clock);
      if (name === "dead-letters") return deadLettersTopic(book, clock);
      return liveTopic(name, { clock, facts, taps, time });
    },
  };
}
