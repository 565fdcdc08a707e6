/** The role `bridge`, joined by hand: streams → other systems. */
import { hostname } from "node:os";
import { createBridge, echoName } from "../bridge/bridge.ts";
import { openLink } from "../bridge/open-link.ts";
import { GatewayError } from "../core/errors.ts";
import { openParts } from "../core/open-parts.ts";
import { leasesBucket } from "../core/subject.ts";
import { cacheBucket } from "../stream/kv.ts";
import { Roll } from "../stream/roll.ts";
import { readProcessMark } from "./process-mark.ts";
import { readLinkSecrets } from "./read-link-secrets.ts";
import type { Role, RoleSurroundings } from "./role.ts";
import { openSiteBackbone, siteBackboneOptions } from "./site-backbone.ts";

/**
 * Starts the role; backbone and targets may be down for as long as they like. Throws
 * `config.secret-missing`, and `config.invalid` where the site names no target.
 */
export async function openBridge(surroundings: RoleSurroundings): Promise<Role> {
  const { clock, env, metrics, random, site } = surroundings;
  const { bridge: targets, site: name } = site.config;
  if (targets.length === 0)
    throw new GatewayError(
      "config.invalid",
      "the role bridge needs to know where to carry streams; add to the configuration: " +
        'bridge: [{ name: hub, kind: http, url: "https://example.com/events" }]',
    );
  for (const target of targets) await readLinkSecrets(site, target, env);
  const logger = surroundings.logger("bridge");
  const { parts: bridge, stop } = await openParts(async (atEnd) => {
    const backbone = openSiteBackbone(surroundings, "sluicegate-bridge");
    atEnd(() => backbone.close());
    const backboneOptions = siteBackboneOptions(surroundings);
    const colleagues = new Roll({
      role: "bridge",
      bucket: cacheBucket(backbone, leasesBucket, backboneOptions),
      clock,
      logger,
      name: hostname(),
      mark: await readProcessMark(),
    });
    const bridge = createBridge({
      ...{ backbone, backboneOptions, targets, site: name, colleagues },
      ...{ clock, random, logger, metrics },
      openLink: (options, health) =>
        openLink(options, {
          ...{ clock, logger, health, ownName: echoName(name, options.name) },
          secrets: () => readLinkSecrets(site, options, env),
        }),
    });
    bridge.start();
    atEnd(() => bridge.stop());
    return bridge;
  });
  return { status: () => bridge.state(), stop };
}
