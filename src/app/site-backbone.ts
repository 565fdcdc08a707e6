import { pathIn } from "../config/path-in.ts";
import type { SitePlace } from "../config/site/read-site-place.ts";
import type { BackboneSight } from "../gateway/gateway-status.ts";
import { type Backbone, openBackbone } from "../stream/backbone.ts";
import type { BackboneState } from "../stream/backbone-state.ts";
import type { BackboneOptions } from "../stream/options.ts";
import type { RoleSurroundings } from "./role.ts";

/** What the site says of its backbone, with paths as the system takes them. */
export function siteBackboneOptions({
  servers,
  site,
}: {
  readonly servers: readonly string[];
  readonly site: SitePlace;
}): BackboneOptions {
  const { backbone } = site.config;
  const { credentials, tls } = backbone;
  const at = (path: string | undefined) => path && pathIn(site.folder, path);
  return {
    ...backbone,
    servers: [...servers],
    ...(credentials && { credentials: { file: pathIn(site.folder, credentials.file) } }),
    ...(tls && { tls: { ...tls, ca: at(tls.ca), cert: at(tls.cert), key: at(tls.key) } }),
  };
}

/** A connection of one role's own; `name` is what the server shows. */
export function openSiteBackbone(surroundings: RoleSurroundings, name: string): Backbone {
  const { clock, logger, metrics, random } = surroundings;
  return openBackbone(siteBackboneOptions(surroundings), {
    name,
    clock,
    random,
    logger: logger("backbone"),
    metrics,
  });
}

/** What of the connection is shown. */
export function sightOf(state: BackboneState): BackboneSight {
  return state.kind === "connected"
    ? { server: state.server, nextTryMs: undefined }
    : { server: undefined, nextTryMs: state.nextTryMs };
}
