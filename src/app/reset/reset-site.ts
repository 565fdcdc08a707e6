/** Makes a box forget its site: keys first, then everything that it kept. */
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { lockFolder, lockPath } from "../../buffer/lock.ts";
import type { SitePlace } from "../../config/site/read-site-place.ts";
import { statusSocketsOf } from "../../config/status-socket.ts";
import { GatewayError } from "../../core/errors.ts";
import { systemReason } from "../../core/system-reason.ts";
import { readStatus } from "../../telemetry/status-client.ts";
import { newRun } from "../new-run.ts";
import { roleNames } from "../roles.ts";
import { type FoundPath, planReset, type ResetPlan } from "./plan-reset.ts";
import { wipe, wipeFreeSpace } from "./wipe-file.ts";

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
 * Wipes what the plan names, and what came since; with `freeSpace` also what the volume of the data
 * folder still holds of files that are gone. What cannot be wiped is given, with the reason; all
 * else is gone then. Throws `buffer.locked` while a gateway has the folder.
 */
export async function resetSite(
  place: SitePlace,
  plan: ResetPlan,
  { freeSpace = false }: { readonly freeSpace?: boolean } = {},
): Promise<readonly string[]> {
  await refuseRunning(place);
  const failures: string[] = [];
  const wipeAll = async (found: readonly FoundPath[]): Promise<void> => {
    for (const each of found)
      await wipe(each).catch((thrown: unknown) => {
        failures.push(`${each.path}: ${systemReason(thrown)}`);
      });
  };
  const lock =
    plan.data.length > 0
      ? await lockFolder(plan.dataFolder, `${process.pid}-${newRun()}`)
      : undefined;
  try {
    // Without its key nothing of what is encrypted can be read, whatever happens next.
    await wipeAll(plan.secrets);
    await wipeAll((await planReset(place)).data.filter(({ path }) => !isLock(plan, path)));
    if (freeSpace) await wipeFreeSpace(plan.dataFolder);
  } finally {
    await lock?.release();
  }
  for (const folder of new Set([plan.dataFolder, ...plan.secrets.map(({ path }) => dirname(path))]))
    await syncFolder(folder).catch(() => {});
  return failures;
}

/** Goes when it is released. */
function isLock({ dataFolder }: ResetPlan, path: string): boolean {
  return path === lockPath(dataFolder);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
