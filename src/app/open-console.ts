/**
 * The role `console`, joined by hand: the streams of all gateways → what the pages of the console show.
 * What it knows is made anew of the streams at each start, and costs nobody else anything.
 */
import { Topic } from "../api/live/topic.ts";
import { alertRoutes } from "../api/routes/alert-routes.ts";
import { deviceRoutes } from "../api/routes/device-routes.ts";
import { historyRoutes } from "../api/routes/history-routes.ts";
import { hubRoutes } from "../api/routes/hub-routes.ts";
import { deviceKey } from "../core/device-key.ts";
import { openParts } from "../core/open-parts.ts";
import { AlertFollower } from "../view/alerts/alert-follower.ts";
import { FleetFollower } from "../view/fleet/fleet-follower.ts";
import { DeliveryFollower } from "../view/notices/delivery-follower.ts";
import { openSiteDatabase } from "./open-site-database.ts";
import type { Role, RoleSurroundings } from "./role.ts";
import { openSiteBackbone, siteBackboneOptions } from "./site-backbone.ts";
import { AlertTally } from "./web/alerts/alert-counts.ts";
import { AlertExplainer } from "./web/alerts/explain-alert.ts";
import { HubAlerts } from "./web/alerts/hub-alerts.ts";
import { RuleBook } from "./web/alerts/rule-book.ts";
import { AllGateways } from "./web/devices/all-gateways.ts";
import { HubDevices } from "./web/devices/hub-devices.ts";
import { hubDevicesTopic } from "./web/devices/hub-devices-topic.ts";
import { HubHistory } from "./web/history/hub-history.ts";
import { hubStatus } from "./web/status/hub-status.ts";
import { BackboneLook } from "./web/system/backbone-look.ts";
import { flowTopic } from "./web/system/flow-topic.ts";
import { HubInside } from "./web/system/hub-desk.ts";
import type { WebPart } from "./web/web-part.ts";

/** Starts the role; the backbone may be down for as long as it likes. */
export async function openConsole(surroundings: RoleSurroundings): Promise<Role> {
  const { clock, gatewayHere, logger, questionsHere, random, statusHere } = surroundings;
  let { site } = surroundings;
  const rules = new RuleBook(site);
  const maxShelveMs = site.config.alerts.max_shelve;
  const { parts, stop } = await openParts(async (atEnd) => {
    const backbone = openSiteBackbone(surroundings, "sluicegate-console");
    atEnd(() => backbone.close());
    const backboneOptions = siteBackboneOptions(surroundings);
    const reading = { backbone, backboneOptions, clock, random, logger: logger("console") };
    const topic = new Topic("alerts", () => ({
      get: (instance) => alerts.row(instance),
      [Symbol.iterator]: () => alerts.rows()[Symbol.iterator](),
    }));
    const follower = new AlertFollower({
      ...reading,
      maxShelveMs,
      onChange: (instances) => {
        tally.forget();
        for (const instance of instances) topic.touch(instance);
      },
    });
    atEnd(() => follower.stop());
    const tally = new AlertTally(() => follower.list.views(clock.wallMs()), clock);
    const notices = new DeliveryFollower(reading);
    atEnd(() => notices.stop());
    const explainer = new AlertExplainer({
      ...{ backbone, clock, questions: questionsHere, site: () => site },
    });
    const alerts = new HubAlerts({
      ...{ backbone, follower, notices, rules, maxShelveMs },
      explain: (view) => explainer.explain(view),
    });
    const listeners = new Set<(key: string) => void>();
    const fleet = new FleetFollower({
      ...reading,
      onChange(origin, device) {
        if (device === undefined || listeners.size === 0) return;
        const key = deviceKey(origin, device);
        for (const listener of listeners) listener(key);
      },
    });
    atEnd(() => fleet.stop());
    const all = new AllGateways(fleet, gatewayHere);
    const devices = new HubDevices({ backbone, fleet, all, tally, site: () => site });
    const options = site.config.historian;
    const database = options && (await openSiteDatabase(site, options, surroundings.env));
    atEnd(() => database?.close());
    const history = new HubHistory({ backbone, fleet, follower, rules, database });
    const look = new BackboneLook(backbone, clock, statusHere);
    const inside = new HubInside({
      ...{ ...reading, env: surroundings.env, look, fleet, notices },
      site: () => site,
    });
    const listen = (listener: (key: string) => void) => {
      const { here } = all;
      const end = here?.changes.listen((device) => listener(deviceKey(here.origin, device)));
      listeners.add(listener);
      return () => {
        end?.();
        listeners.delete(listener);
      };
    };
    const web: WebPart = {
      routes: [
        ...alertRoutes(alerts),
        ...deviceRoutes(devices),
        ...historyRoutes(history),
        ...hubRoutes(inside),
      ],
      topics: [topic],
      topicNamed(name) {
        if (name === "devices") return hubDevicesTopic(devices, listen, clock);
        return name === "flow" ? flowTopic(inside, look, clock) : undefined;
      },
    };
    const statusParts = { backbone, fleet, all, tally, look, site: () => site, statusHere };
    return { status: () => hubStatus(statusParts), web };
  });
  const { status, web } = parts;
  return {
    ...{ status, web, stop },
    hubStatus: status,
    reload(fresh) {
      site = fresh;
      rules.take(fresh);
    },
  };
}
