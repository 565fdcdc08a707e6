/** `sluicegate backbone backup` and `restore`. */
import { backUp, planRestore, type ReachedBackbone, restore } from "../app/backup/back-up.ts";
import type { PackedStream } from "../app/backup/backup-folder.ts";
import { openBackboneFor } from "../app/open-backbone-for.ts";
import { siteBackboneOptions } from "../app/site-backbone.ts";
import { systemClock } from "../app/system-clock.ts";
import { counted } from "../core/counted.ts";
import { formatSize } from "../core/size.ts";
import { connectInTime } from "../stream/connect-in-time.ts";
import { type ChangeOptions, isMeant } from "./is-meant.ts";
import { printLines } from "./print-table.ts";
import { type ServerOptions, serversOf } from "./servers-of.ts";
import { placeOf } from "./site.ts";

const connectMs = 5_000;

export interface BackupOptions extends ServerOptions {
  readonly credentials?: string;
}

export async function runBackup(folder: string, options: BackupOptions): Promise<void> {
  await atBackbone(options, async (reached) => {
    const at = new Date(systemClock.wallMs()).toISOString();
    const { streams } = await backUp(reached, folder, at, tell);
    printLines([`${counted(streams.length, "stream")} in ${folder}`]);
  });
}

export async function runRestore(
  folder: string,
  options: BackupOptions & ChangeOptions & { readonly replace?: boolean },
): Promise<void> {
  const { replace = false } = options;
  const what = `${replace ? "delete what is there and " : ""}restore ${folder}`;
  if (!options.dryRun && !(await isMeant(what, options))) return;
  await atBackbone(options, async (reached) => {
    const plan = await planRestore(reached, folder, replace);
    const { at, streams } = plan.backup;
    if (options.dryRun) {
      for (const packed of streams) tell(packed);
      const gone = [...plan.replaced].join(", ");
      await isMeant(
        `${gone === "" ? "" : `delete ${gone} and `}restore ${folder}, as of ${at}`,
        options,
      );
      return;
    }
    await restore(reached, plan, tell);
    printLines([
      `${counted(streams.length, "stream")} restored, as of ${at}`,
      "where gateways have accounts of their own, first: sluicegate backbone prepare <site/gateway...> --anew",
      "then start the roles of the hub: gateways send again what they still have, and declare what they have not",
    ]);
  });
}

function tell({ bytes, messages, stream }: PackedStream): void {
  printLines([`${stream}: ${counted(messages, "message")}, ${formatSize(bytes)}`]);
}

async function atBackbone(
  options: BackupOptions,
  work: (reached: ReachedBackbone) => Promise<void>,
): Promise<void> {
  const { config, folder } = await placeOf(options.config);
  const servers = await serversOf({ config, folder }, options);
  const { credentials } = options;
  const backboneOptions = {
    ...siteBackboneOptions({ site: { config, folder }, servers }),
    ...(credentials !== undefined && { credentials: { file: credentials } }),
  };
  const backbone = openBackboneFor(backboneOptions, "sluicegate-backup");
  try {
    const advice =
      "start one (sluicegate up, where backbone.servers names none), or name another with --nats";
    const connection = await connectInTime(backbone, { servers, timeoutMs: connectMs, advice });
    await work({ backbone, connection });
  } finally {
    await backbone.close();
  }
}
