/** The role `historian`, joined by hand: streams → points of a time-series database. */
import { GatewayError } from "../core/errors.ts";
import { openParts } from "../core/open-parts.ts";
import { createHistorian } from "../historian/historian.ts";
import { historyGauges } from "../historian/history-gauges.ts";
import { openSiteDatabase } from "./open-site-database.ts";
import { readProcessMark } from "./process-mark.ts";
import type { Role, RoleSurroundings } from "./role.ts";
import { openSiteBackbone, siteBackboneOptions } from "./site-backbone.ts";

/**
 * Starts the role; backbone and database may be down for as long as they like. Throws
 * `config.secret-missing`, and `config.invalid` where the site names no database.
 */
export async function openHistorian(surroundings: RoleSurroundings): Promise<Role> {
  const { clock, env, logger, metrics, random, site, spans } = surroundings;
  const { historian: options } = site.config;
  if (!options)
    throw new GatewayError(
      "config.invalid",
      "the role historian needs to know where history is written; add to the configuration: " +
        'historian: { url: "http://127.0.0.1:8086" }',
    );
  const { parts: historian, stop } = await openParts(async (atEnd) => {
    const database = await openSiteDatabase(site, options, env);
    const backbone = openSiteBackbone(surroundings, "sluicegate-historian");
    atEnd(() => backbone.close());
    const historian = createHistorian({
      backbone,
      backboneOptions: siteBackboneOptions(surroundings),
      options,
      database,
      spans,
      clock,
      random,
      logger: logger("historian"),
      metrics,
      mark: await readProcessMark(),
    });
    historian.start();
    atEnd(() => historian.stop());
    return historian;
  });
  return { status: () => historian.state(), measure: historyGauges(historian, metrics), stop };
}
