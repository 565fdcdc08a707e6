/** A segment log on a disk of the test's choice, and what tests do with one. */

import { openSegmentLog, type SegmentLogDeps } from "../../src/buffer/open-segment-log.ts";
import { type BufferOptions, bufferOptions } from "../../src/buffer/options.ts";
import type { SegmentLog } from "../../src/buffer/segment-log.ts";
import type { Clock } from "../../src/core/clock.ts";
import type { Disk } from "../../src/core/disk.ts";
import type { GapRange } from "../../src/core/event.ts";
import { decodeEvent, isMalformed } from "../../src/core/event-codec.ts";
import {
  type Seq,
  toGatewayId,
  toRunId,
  toSeq,
  toSiteId,
  toStreamSeq,
} from "../../src/core/ids.ts";
import type { StreamPosition } from "../../src/core/log-accounts.ts";
import type { LogWriter } from "../../src/core/log-writer.ts";
import type { MessageIdentity, StoredRecord } from "../../src/core/record.ts";
import type { RecordDraft } from "../../src/core/record-draft.ts";
import { escapeToken } from "../../src/core/token.ts";
import { untilDurable } from "../../src/core/until-durable.ts";
import { ManualClock } from "./manual-clock.ts";
import { silentLogger, silentMetrics } from "./silence.ts";
import { SimDisk } from "./sim-disk.ts";

export const testFolder = "/log";

/** A simulated disk and a clock that the test moves. */
export function place(): { readonly disk: SimDisk; readonly clock: ManualClock } {
  return { disk: new SimDisk({ random: () => 0 }), clock: new ManualClock() };
}

/** Where a backbone stands that has the first `seq` records of a log, and nothing else. */
export function positionAt(log: SegmentLog, seq: number): StreamPosition {
  return { run: log.run, seq: toSeq(seq), streamSeq: toStreamSeq(seq) };
}

/** Lets everything end that waits for the simulated disk alone. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Small enough that a test fills segments with a few records. */
export const smallBuffer: BufferOptions = {
  ...bufferOptions.parse({}),
  max_bytes: 32 * 1024,
  min_free: 0,
  hold_back: { time: 600_000, max_bytes: 1024 * 1024 },
};

let uuids = 0;

/** Opens a log; `run` is filled up to the 8 characters of a run. */
export function openTestLog(
  place: { readonly disk: Disk; readonly clock: Clock; readonly folder?: string },
  run: string,
  options: Partial<BufferOptions> = {},
  deps: Partial<SegmentLogDeps> = {},
): Promise<SegmentLog> {
  return openSegmentLog(
    { ...smallBuffer, ...options },
    {
      folder: place.folder ?? testFolder,
      origin: { site: toSiteId("plant-a"), gateway: toGatewayId("gw1") },
      run: toRunId(run.padEnd(8, "0")),
      segmentUuid() {
        uuids += 1;
        const uuid = Buffer.alloc(16);
        uuid.writeUInt32LE(uuids, 3);
        return uuid;
      },
      disk: place.disk,
      clock: place.clock,
      logger: silentLogger,
      metrics: silentMetrics,
      ...deps,
    },
  );
}

/** A status-like record of a device whose event says `n`. */
export function draftOf(n: number, identity?: MessageIdentity, bytes = 40): RecordDraft {
  return {
    kind: "measurement",
    recordClass: "telemetry",
    deviceToken: escapeToken("freezer 07"),
    identity,
    tail: `,"n":${n},"x":"${"x".repeat(bytes)}"}`,
  };
}

/** Resolves when the record is durable. */
export function append(log: SegmentLog, draft: RecordDraft): Promise<void> {
  return untilDurable(log, log.append(draft));
}

/** Appends and calls `done` in the turn in which the record becomes durable. Gives its seq. */
export function appendThen(log: LogWriter, draft: RecordDraft, done: () => void): Seq {
  const seq = log.append(draft);
  const look = (): void => {
    if (log.durableSeq < seq) return;
    unsubscribe();
    done();
  };
  const unsubscribe = log.onDurable(look);
  if (log.durableSeq >= seq) queueMicrotask(look);
  return seq;
}

/** Appends `count` records that say `from`, `from + 1`, ...; resolves when all are durable. */
export async function appendMany(log: SegmentLog, from: number, count: number): Promise<void> {
  const waiting: Promise<void>[] = [];
  for (let n = from; n < from + count; n += 1) waiting.push(append(log, draftOf(n)));
  await Promise.all(waiting);
}

/** A record that outlives the reader's next call. */
export type KeptRecord = Omit<StoredRecord, "body"> & { readonly text: string };

export async function readAll(
  log: SegmentLog,
  after = 0,
  options: { readonly publishing?: boolean; readonly upTo?: number } = {},
): Promise<KeptRecord[]> {
  const { publishing = false, upTo = Number.POSITIVE_INFINITY } = options;
  const reader = await log.openReader(toSeq(after), { publishing });
  const kept: KeptRecord[] = [];
  while ((kept.at(-1)?.seq ?? 0) < upTo) {
    const records = await reader.next(100);
    if (records.length === 0) break;
    for (const { body, ...record } of records)
      kept.push({ ...record, text: Buffer.from(body).toString() });
  }
  await reader.close();
  return kept;
}

/** What the gap events among the records declare. */
export function gapsAmong(records: readonly KeptRecord[]): GapRange[] {
  return records.flatMap(({ kind, text }) => {
    if (kind !== "gap") return [];
    const event = decodeEvent(text);
    return isMalformed(event) || event.kind !== "gap" ? [] : [...event.data.ranges];
  });
}

/** The `n` of a record made by `draftOf`. */
export function numberOf({ text }: Pick<KeptRecord, "text">): number {
  return Number(/"n":(\d+)/.exec(text)?.[1]);
}
