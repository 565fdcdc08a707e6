/** Makes a box forget its site: keys first, then everything that it kept. */
import { basename, dirname, join } from "node:path";
import { lockFolder, lockPath } from "../../buffer/lock.ts";
import type { SitePlace } from "../../config/site/read-site-place.ts";
import { statusSocketsOf } from "../../config/status-socket.ts";
import { GatewayError } from "../../core/errors.ts";
import { systemReason } from "../../core/system-reason.ts";
import { readStatus } from "../../telemetry/status-client.ts";
import { newRun } from "../new-run.ts";
import { roleNames } from "../roles.ts";
import { demandSame, HeldFolder } from "./held-folder.ts";
import type { FoundPath, ResetPlan } from "./plan-reset.ts";
import { wipeFile, wipeFreeSpace } from "./wipe-file.ts";
import { wipeFolder } from "./wipe-folder.ts";

/** Throws `buffer.locked` while a process of this configuration runs. */
export async function refuseRunning(place: SitePlace): Promise<void> {
  for (const socket of statusSocketsOf(place, roleNames)) {
    const status = await readStatus(socket).catch(() => undefined);
    if (status !== undefined)
      throw new GatewayError(
        "buffer.locked",
        `cannot reset: a process of this configuration answers on ${socket}; stop it first`,
      );
  }
}

/**
 * Wipes what the plan names, and what came into the data folder since; with `freeSpace` also what the
 * volume of that folder still holds of files that are gone. What cannot be wiped is given, with the
 * reason; all else is gone then. Who does this is often root, and paths are other users': a folder or
 * file that somebody exchanged since the plan was made is left as it is, and told. Throws
 * `buffer.locked` while a gateway has the folder.
 */
export async function resetSite(
  place: SitePlace,
  plan: ResetPlan,
  { freeSpace = false }: { readonly freeSpace?: boolean } = {},
): Promise<readonly string[]> {
  await refuseRunning(place);
  const failures: string[] = [];
  const tell = (path: string, thrown: unknown): void => {
    failures.push(`${path}: ${systemReason(thrown)}`);
  };
  const data = await heldData(plan).catch((thrown: unknown) => tell(plan.dataFolder, thrown));
  const lock =
    data && plan.data.length > 0
      ? await lockFolder(plan.dataFolder, `${process.pid}-${newRun()}`)
      : undefined;
  try {
    // Without its key nothing of what is encrypted can be read, whatever happens next.
    for (const secret of plan.secrets)
      await wipeSecret(secret).catch((thrown: unknown) => tell(secret.path, thrown));
    if (data) {
      await wipeFolder(data, {
        // Goes when it is released.
        isKept: (path) => join(plan.dataFolder, path) === lockPath(plan.dataFolder),
        failed: (path, thrown) => tell(join(plan.dataFolder, path), thrown),
      });
      if (freeSpace) await wipeFreeSpace(data);
    }
  } finally {
    await lock?.release();
    await data?.sync().catch(() => {});
    await data?.close();
  }
  return failures;
}

/** Undefined where there is none to wipe. */
async function heldData({ dataFolder, dataIdentity }: ResetPlan): Promise<HeldFolder | undefined> {
  if (dataIdentity === undefined) return undefined;
  const folder = await HeldFolder.open(dataFolder);
  try {
    demandSame(folder.identity, dataIdentity);
    return folder;
  } catch (thrown) {
    await folder.close();
    throw thrown;
  }
}

async function wipeSecret({ identity, kind, path }: FoundPath): Promise<void> {
  const folder = await HeldFolder.open(dirname(path));
  try {
    if (kind === "folder") await folder.removeFolder(basename(path));
    else await wipeFile(folder, basename(path), identity);
    await folder.sync().catch(() => {});
  } finally {
    await folder.close();
  }
}
