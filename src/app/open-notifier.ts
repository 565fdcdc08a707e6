/** The role `notifier`, joined by hand: alert transitions → receivers. */
import { machineFiles } from "../config/site/site-files.ts";
import { openParts } from "../core/open-parts.ts";
import { createNotifier } from "../notify/notifier.ts";
import { receiverGauges } from "../notify/receiver-gauges.ts";
import { createLineOutput } from "../telemetry/line-output.ts";
import { readProcessMark } from "./process-mark.ts";
import { receiverSurroundings } from "./receiver-surroundings.ts";
import type { Role, RoleSurroundings } from "./role.ts";
import { openSiteBackbone, siteBackboneOptions } from "./site-backbone.ts";

/** Starts the role; the backbone may be down for as long as it likes. Throws `config.secret-missing`. */
export async function openNotifier(surroundings: RoleSurroundings): Promise<Role> {
  const { clock, env, logger, metrics, random, site, spans } = surroundings;
  const files = machineFiles(env);
  const alerts = createLineOutput(process.stdout, (lines) =>
    logger("notify").warn("alerts were left out on standard output: its reader was too slow", {
      lines,
    }),
  );
  const { parts: notifier, stop } = await openParts(async (atEnd) => {
    const backbone = openSiteBackbone(surroundings, "sluicegate-notifier");
    atEnd(() => backbone.close());
    const notifier = createNotifier({
      backbone,
      backboneOptions: siteBackboneOptions(surroundings),
      options: site.config.notify,
      ...receiverSurroundings(site, files, clock, (line) => alerts.write(line)),
      maxShelveMs: site.config.alerts.max_shelve,
      random,
      spans,
      logger: logger("notify"),
      metrics,
      mark: await readProcessMark(),
    });
    await notifier.start();
    atEnd(() => notifier.stop());
    return notifier;
  });
  return {
    status: () => notifier.state(),
    measure: receiverGauges(notifier, metrics, clock),
    stop,
  };
}
