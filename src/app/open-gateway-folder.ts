/** The data folder of a gateway: made, locked, its log and its small files open. */
import { lockFolder } from "../buffer/lock.ts";
import type { SegmentLog } from "../buffer/segment-log.ts";
import { machineFiles } from "../config/site/site-files.ts";
import type { Disk } from "../core/disk.ts";
import type { Origin } from "../core/event.ts";
import type { AtEnd } from "../core/open-parts.ts";
import { readBootId } from "./boot-id.ts";
import { makeDataFolder } from "./make-data-folder.ts";
import { newRun } from "./new-run.ts";
import { openGatewayLog } from "./open-gateway-log.ts";
import { openSealedFiles, refuseLockedFiles } from "./open-sealed-files.ts";
import { readKeyRing } from "./read-key-ring.ts";
import type { RoleSurroundings } from "./role.ts";

export interface GatewayFolder {
  readonly folder: string;
  /** For the small files in it. */
  readonly disk: Disk;
  readonly log: SegmentLog;
  readonly bootId: string | undefined;
}

/**
 * Throws `buffer.locked` when another process owns it, `buffer.denied` when this user cannot have it,
 * `buffer.key` when it takes a key that the configuration does not name; nothing is changed then.
 */
export async function openGatewayFolder(
  surroundings: RoleSurroundings,
  origin: Origin,
  atEnd: AtEnd,
): Promise<GatewayFolder> {
  const { env, logger, site } = surroundings;
  const run = newRun();
  const bootId = await readBootId();
  const places = { ...machineFiles(env), folder: site.folder };
  const keys = await readKeyRing(site.config.buffer, places);
  const folder = await makeDataFolder(site);
  const lock = await lockFolder(folder, `${process.pid}-${run}`);
  atEnd(() => lock.release());
  await refuseLockedFiles(folder, keys);
  const log = await openGatewayLog(surroundings, { folder, origin, run, bootId, keys });
  atEnd(() => log.close());
  return { folder, log, bootId, disk: await openSealedFiles(folder, keys, logger("gateway")) };
}
