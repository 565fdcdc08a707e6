/** What checks look at, read once for all of them. */

import { setMaxListeners } from "node:events";
import { nodeDisk } from "../../buffer/disk.ts";
import { type BufferFolder, openBufferFolder } from "../../buffer/tools/open-buffer-folder.ts";
import { pathIn } from "../../config/path-in.ts";
import { type LoadResult, loadSite } from "../../config/site/load-site.ts";
import type { SitePlace } from "../../config/site/read-site-place.ts";
import { readSitePlace } from "../../config/site/read-site-place.ts";
import { machineFiles, type SiteFiles } from "../../config/site/site-files.ts";
import { statusSocketsOf } from "../../config/status-socket.ts";
import { GatewayError } from "../../core/errors.ts";
import { fnv1a64 } from "../../core/fnv1a.ts";
import { readRolesStatus } from "../../telemetry/read-roles-status.ts";
import { readKeyRing } from "../read-key-ring.ts";
import { roleNames } from "../roles.ts";
import { siteBackboneOptions } from "../site-backbone.ts";
import { systemClock } from "../system-clock.ts";
import { type BackboneTries, tryServers } from "./backbone-look.ts";
import { type DoctorSurroundings, NotChecked } from "./check.ts";
import { nobodyHere, type RolesHere, rolesHereOf } from "./roles-here.ts";

/** Part of the time of a check after which a process that runs here counts as stuck, and that in which others have to answer. */
const askPart = 0.3;
const patiencePart = 0.6;

export interface DoctorOptions {
  readonly configPath: string;
  readonly env: NodeJS.ProcessEnv;
  readonly root?: string | undefined;
  readonly nodeVersion?: string | undefined;
  readonly capMs: number;
  /** What the roles of this process say of themselves; left out, they are asked at their sockets. */
  readonly status?: (() => object) | undefined;
}

/** For all checks of one run; `close` ends the connection that they share. */
export type SharedSurroundings = Omit<DoctorSurroundings, "signal"> & { close(): Promise<void> };

export function openSurroundings(options: DoctorOptions): SharedSurroundings {
  const { capMs, configPath, env, nodeVersion = process.version, root = "/" } = options;
  const files = machineFiles(env);
  const patienceMs = patiencePart * capMs;
  const ending = new AbortController();
  const place = once(() => placeAt(configPath, files));
  const roles = once(async () => {
    if (options.status) return rolesHereOf(options.status());
    const late = AbortSignal.timeout(askPart * capMs);
    // Each socket that is asked listens for it.
    setMaxListeners(0, late);
    return askRoles(await place(), late);
  });
  const servers = once(async () => {
    return triesOf(await place(), await roles(), patienceMs, ending.signal);
  });
  return {
    ...{ clock: systemClock, env, nodeVersion, root, patienceMs, configPath },
    place,
    load: once<LoadResult>(() => loadSite(configPath, files)),
    roles,
    buffer: once(async () => bufferOf(await place(), files)),
    servers: async () => (await servers()).answers,
    async backbone() {
      const { look } = await servers();
      if (look) return look;
      throw new NotChecked("no connection to the backbone");
    },
    async close() {
      ending.abort();
      const tries = await servers.made()?.catch(() => undefined);
      await tries?.look?.connection.close();
    },
  };
}

interface Once<T> {
  (): Promise<T>;
  /** What it gave, or will give; undefined where nobody asked. */
  made(): Promise<T> | undefined;
}

function once<T>(read: () => Promise<T>): Once<T> {
  let made: Promise<T> | undefined;
  const give = (): Promise<T> => {
    made ??= read();
    return made;
  };
  return Object.assign(give, { made: () => made });
}

async function placeAt(path: string, files: SiteFiles): Promise<SitePlace> {
  try {
    return await readSitePlace(path, files);
  } catch (thrown) {
    if (!(thrown instanceof GatewayError)) throw thrown;
    throw new NotChecked("the configuration cannot be read");
  }
}

async function bufferOf({ config, folder }: SitePlace, files: SiteFiles): Promise<BufferFolder> {
  const { data, id } = config.gateway;
  try {
    const keys = await readKeyRing(config.buffer, { ...files, folder });
    return await openBufferFolder(nodeDisk, pathIn(folder, data), fnv1a64(id), keys);
  } catch (thrown) {
    if (!(thrown instanceof GatewayError)) throw thrown;
    // Where a gateway never ran there is no such folder.
    throw new NotChecked(thrown.code === "usage" ? "there is no buffer yet" : thrown.message);
  }
}

async function askRoles(place: SitePlace, signal: AbortSignal): Promise<RolesHere> {
  try {
    return rolesHereOf(await readRolesStatus(statusSocketsOf(place, roleNames), signal));
  } catch (thrown) {
    if (!(thrown instanceof GatewayError)) throw thrown;
    return nobodyHere(thrown.code === "status.denied" ? thrown.message : undefined);
  }
}

/** Under the name of a role, since a user of the backbone may hear answers below its own name only. */
function triesOf(
  site: SitePlace,
  { gateway, names }: RolesHere,
  patienceMs: number,
  signal: AbortSignal,
): Promise<BackboneTries> {
  const options = siteBackboneOptions({ site, servers: serversOf(site, gateway?.link.server) });
  const { id } = site.config.gateway;
  const [first = "gateway"] = names;
  const name = `sluicegate-${first === "gateway" ? id : first}`;
  return tryServers(options, { name, patienceMs, signal });
}

/** Those of the configuration, or the server of its own that a process started. */
function serversOf({ config }: SitePlace, linked: string | undefined): readonly string[] {
  const { servers } = config.backbone;
  return linked === undefined || servers.includes(linked) ? servers : [linked];
}
