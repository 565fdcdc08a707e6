/**
 * The role `console`, joined by hand: the streams of all gateways → what the pages of the console show.
 * What it knows is made anew of the streams at each start, and costs nobody else anything.
 */
import { Topic } from "../api/live/topic.ts";
import { alertRoutes } from "../api/routes/alert-routes.ts";
import { openParts } from "../core/open-parts.ts";
import { AlertFollower } from "../view/alerts/alert-follower.ts";
import { DeliveryFollower } from "../view/notices/delivery-follower.ts";
import type { Role, RoleSurroundings } from "./role.ts";
import { openSiteBackbone, siteBackboneOptions } from "./site-backbone.ts";
import { explainHere } from "./web/explain-here.ts";
import { HubAlerts } from "./web/hub-alerts.ts";
import { RuleBook } from "./web/rule-book.ts";

/** Starts the role; the backbone may be down for as long as it likes. */
export async function openConsole(surroundings: RoleSurroundings): Promise<Role> {
  const { clock, logger, questionsHere, random, site } = surroundings;
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
        for (const instance of instances) topic.touch(instance);
      },
    });
    atEnd(() => follower.stop());
    const notices = new DeliveryFollower(reading);
    atEnd(() => notices.stop());
    const alerts = new HubAlerts({
      ...{ backbone, follower, notices, rules, maxShelveMs },
      explain: (view) => explainHere(view, questionsHere()),
    });
    return { backbone, alerts, web: { routes: alertRoutes(alerts), topics: [topic] } };
  });
  const { alerts, backbone, web } = parts;
  return {
    web,
    status: () => ({ connected: backbone.state.kind === "connected", alerts: alerts.size }),
    reload: (fresh) => rules.take(fresh),
    stop,
  };
}
