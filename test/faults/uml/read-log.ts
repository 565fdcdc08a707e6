/** Reads a copy of a data folder as the next start of a gateway would. */

import { randomBytes } from "node:crypto";
import { systemClock } from "../../../src/app/system-clock.ts";
import { nodeDisk } from "../../../src/buffer/disk.ts";
import { type KeyRing, noKeys } from "../../../src/buffer/encryption/key-ring.ts";
import { openSegmentLog } from "../../../src/buffer/open-segment-log.ts";
import { bufferOptions } from "../../../src/buffer/options.ts";
import { toGatewayId, toRunId, toSeq, toSiteId } from "../../../src/core/ids.ts";
import { untilDurable } from "../../../src/core/until-durable.ts";
import { silentLogger, silentMetrics } from "../../support/silence.ts";
import { numberedDraft } from "./numbered-draft.ts";

export interface ReadRecord {
  readonly seq: number;
  readonly kind: string;
  readonly body: string;
}

export interface ReadLog {
  /** In the order in which a publishing reader gets them. */
  readonly records: readonly ReadRecord[];
  /** Records that the log found missing or damaged, and declared. */
  readonly declaredLost: number;
}

/**
 * Opens the log (which finishes what a crash left), reads all of it, appends one record to see that
 * it can, and closes it again. Rejects when any of it fails.
 */
export async function readLog(
  folder: string,
  keys: KeyRing = noKeys,
  run = "judge000",
): Promise<ReadLog> {
  const log = await openSegmentLog(bufferOptions.parse({ min_free: 0 }), {
    folder,
    origin: { site: toSiteId("plant-a"), gateway: toGatewayId("gw1") },
    run: toRunId(run),
    segmentUuid: () => randomBytes(16),
    keys,
    disk: nodeDisk,
    clock: systemClock,
    logger: silentLogger,
    metrics: silentMetrics,
  });
  try {
    const reader = await log.openReader(toSeq(0));
    const records: ReadRecord[] = [];
    for (let batch = await reader.next(512); batch.length > 0; batch = await reader.next(512)) {
      for (const { body, kind, seq } of batch) {
        records.push({ seq, kind, body: Buffer.from(body).toString("utf8") });
      }
    }
    await reader.close();
    await untilDurable(log, log.append(numberedDraft(0)));
    return { records, declaredLost: log.state().droppedRecords };
  } finally {
    await log.close();
  }
}
