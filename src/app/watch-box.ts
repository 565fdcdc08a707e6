/** The machine under a gateway, watched while the gateway runs. */
import type { Disk } from "../core/disk.ts";
import type { GatewayTime } from "../core/gateway-time.ts";
import type { AtEnd } from "../core/open-parts.ts";
import type { RecordLog } from "../core/record-log.ts";
import { type BoxState, BoxWatch } from "../gateway/box-watch.ts";
import type { Ingest } from "../gateway/ingest.ts";
import type { RoleSurroundings } from "./role.ts";

export interface WatchedBox {
  readonly disk: Disk;
  /** The data folder. */
  readonly folder: string;
  readonly ingest: Pick<Ingest, "own">;
  readonly log: Pick<RecordLog, "state">;
  readonly time: GatewayTime;
}

/** Gives how it is. */
export function watchBox(
  { clock, metrics, site }: RoleSurroundings,
  { disk, folder, ingest, log, time }: WatchedBox,
  atEnd: AtEnd,
): () => BoxState {
  const watch = new BoxWatch({
    ...{ clock, metrics, time },
    log: () => log.state(),
    freeBytes: () => disk.freeBytes(folder),
    minFreeBytes: site.config.buffer.min_free,
    say: (data) => ingest.own({ kind: "status", data }),
  });
  watch.start();
  atEnd(() => watch.stop());
  return () => watch.state;
}
