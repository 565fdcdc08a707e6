/** A segment log of real events, the same at each call: for tests that look at the files. */
import { type KeyRing, noKeys } from "../../src/buffer/encryption/key-ring.ts";
import { openSegmentLog } from "../../src/buffer/open-segment-log.ts";
import { type BufferOptions, bufferOptions } from "../../src/buffer/options.ts";
import type { SegmentLog } from "../../src/buffer/segment-log.ts";
import type { Clock } from "../../src/core/clock.ts";
import type { Disk } from "../../src/core/disk.ts";
import { createDrafter, type DraftEvent } from "../../src/core/event-draft.ts";
import { toDeviceId, toGatewayId, toRunId, toSiteId } from "../../src/core/ids.ts";
import type { RecordDraft } from "../../src/core/record-draft.ts";
import { untilDurable } from "../../src/core/until-durable.ts";
import { silentLogger, silentMetrics } from "./silence.ts";

/** Segments of 8 KiB, about twenty events each. */
export const sampleBuffer: BufferOptions = {
  ...bufferOptions.parse({}),
  max_bytes: 16 * 2 ** 20,
  segment_bytes: 8 * 2 ** 10,
  min_free: 0,
};

export interface SamplePlace {
  readonly disk: Disk;
  readonly folder: string;
  readonly clock: Clock;
  readonly gateway?: string;
  /** What it is encrypted with; not at all without it. */
  readonly keys?: KeyRing;
}

/** Opens the log; the same run gives the same bytes. */
export function openSampleLog(place: SamplePlace, run: string): Promise<SegmentLog> {
  const { clock, disk, folder, gateway = "gw1", keys = noKeys } = place;
  let segments = 0;
  return openSegmentLog(sampleBuffer, {
    folder,
    origin: { site: toSiteId("plant-a"), gateway: toGatewayId(gateway) },
    run: toRunId(run),
    segmentUuid() {
      segments += 1;
      return Buffer.from(`${run}${String(segments).padStart(8, "0")}`, "latin1");
    },
    disk,
    keys,
    clock,
    logger: silentLogger,
    metrics: silentMetrics,
  });
}

/** Appends `count` events, five to a commit; resolves when all are durable. */
export async function appendSamples(
  log: SegmentLog,
  { clock, gateway = "gw1" }: Pick<SamplePlace, "clock" | "gateway">,
  count: number,
): Promise<void> {
  const draft = createDrafter({ site: toSiteId("plant-a"), gateway: toGatewayId(gateway) });
  for (let done = 0; done < count; ) {
    const waiting: Promise<void>[] = [];
    for (; waiting.length < 5 && done < count; done += 1)
      waiting.push(
        untilDurable(log, log.append(sampleDraft(log.lastSeq + 1, clock.wallMs(), draft))),
      );
    await Promise.all(waiting);
  }
}

/** Event number `n`: mostly measurements of five devices, some of each other kind. */
function sampleDraft(n: number, nowMs: number, draft: DraftEvent): RecordDraft {
  const device = toDeviceId(`freezer-${n % 5}`);
  const facts = { timeMs: nowMs, receivedMs: nowMs, clock: "gateway" } as const;
  if (n % 10 === 0) return draft({ ...facts, kind: "watermark", device: null, data: { t: nowMs } });
  if (n % 10 === 5)
    return draft({ ...facts, kind: "status", device, data: { state: "online", cause: "connect" } });
  return draft(
    {
      ...facts,
      kind: "measurement",
      device,
      profile: "acme/fz-200@3",
      data: [
        { name: "temperature", unit: "Cel", value: -18 + (n % 7) / 10, quality: "good" },
        { name: "n", value: n, quality: "good" },
      ],
    },
    "telemetry",
    { counter: n, boot: 1, hash: n },
  );
}
