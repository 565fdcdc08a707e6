/** Opens the log: finds what is on disk, and joins the parts around it. */
import { type Audit, noAudit } from "../core/audit.ts";
import type { Clock } from "../core/clock.ts";
import type { Disk } from "../core/disk.ts";
import type { Origin } from "../core/event.ts";
import { fnv1a64 } from "../core/fnv1a.ts";
import type { RunId } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";
import type { Metrics } from "../core/metrics.ts";
import { Appender } from "./appender.ts";
import { CommitQueue } from "./commit-queue.ts";
import { Committer } from "./committer.ts";
import { CursorFile } from "./cursor.ts";
import { type KeyRing, noKeys } from "./encryption/key-ring.ts";
import { folderError } from "./files/disk-errors.ts";
import { countLost } from "./format/gap-ranges.ts";
import { Housekeeping } from "./housekeeping.ts";
import { createLogMetrics } from "./log-metrics.ts";
import { LossBook } from "./losses/loss-book.ts";
import { Quarantine } from "./losses/quarantine.ts";
import { headersAfter } from "./next-headers.ts";
import { type BufferOptions, segmentBytesOf } from "./options.ts";
import { Positions } from "./positions.ts";
import { recoverLog } from "./recovery/recovery.ts";
import { isUndeclared } from "./segment.ts";
import { JoinedLog, type SegmentLog } from "./segment-log.ts";
import { SegmentSuccession } from "./segment-succession.ts";
import { SegmentTable } from "./segment-table.ts";
import { SlowestCommit } from "./slowest-commit.ts";
import { ClassDrops } from "./space/class-drops.ts";
import { DeclaredDrops } from "./space/declared-drops.ts";
import { FreeSpace } from "./space/free-space.ts";
import { Reserve, reserveNames } from "./space/reserve.ts";
import { Retention } from "./space/retention.ts";

/** What the log needs from its surroundings. */
export interface SegmentLogDeps {
  /** Made when it is not there. Nobody else may use it: see `lock.ts`. */
  readonly folder: string;
  readonly origin: Origin;
  /** Of this start of the process; never used before. */
  readonly run: RunId;
  /** 16 random bytes, new ones each time. */
  readonly segmentUuid: () => Uint8Array;
  /** Of this start of the machine; empty where it is not known. */
  readonly bootId?: string;
  /** What segments are encrypted with; without it they are written as they are. */
  readonly keys?: KeyRing;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Is told what is lost, and what is set aside. */
  readonly audit?: Audit;
  readonly metrics: Metrics;
}

/** Identities take at most this part of a segment. */
const identityShare = 8;
/** The newest two segments stay, with a record of this size in each, and there is room for one more. */
const recordShare = 4;
/** The quarantine takes at most this part of the buffer, beside it. */
const quarantineShare = 16;

/**
 * Opens the log in a folder, whatever state it is in; losses that nobody declared are declared as
 * the first record of this run. Rejects when the folder cannot be used (`buffer.io`) or belongs to a
 * later version of the program (`buffer.version`), or is encrypted with a key that is not among
 * `keys` (`buffer.key`).
 */
export async function openSegmentLog(
  options: BufferOptions,
  deps: SegmentLogDeps,
): Promise<SegmentLog> {
  const { audit = noAudit, clock, disk, folder, keys = noKeys, logger, origin, run } = deps;
  const gatewayHash = fnv1a64(origin.gateway);
  const segmentBytes = segmentBytesOf(options);
  const identityBytes = Math.floor(segmentBytes / identityShare);
  const cursor = new CursorFile(disk, folder, gatewayHash);
  await cursor.load();
  const maxBytes = Math.floor(options.max_bytes / quarantineShare);
  const quarantine = new Quarantine({ disk, folder, maxBytes, audit, clock, logger });
  const gapReserve = new Reserve(disk, folder, logger, options, reserveNames.gaps);
  const reserve = new Reserve(disk, folder, logger, options, reserveNames.copies);
  const recovered = await recoverLog({
    disk,
    folder,
    logger,
    quarantine,
    gatewayHash,
    keys,
    run,
    cursor,
    segmentBytes,
    identityBytes,
    bootId: deps.bootId ?? "",
    commitBytes: options.commit_max_bytes,
  }).catch((failure: unknown) => {
    throw folderError(failure, folder);
  });
  const { identities, lastWrite, segments } = recovered;

  const table = new SegmentTable(segments);
  const positions = new Positions(cursor, reserve, [
    ...segments.map((segment) => segment.run),
    run,
  ]);
  const metrics = createLogMetrics(deps.metrics);
  const slowest = new SlowestCommit(clock);
  const batchBytes = Math.min(options.commit_max_bytes, segmentBytes / 4);
  const queue = new CommitQueue(batchBytes, segmentBytes, keys.currentId !== 0);
  const losses = new LossBook({
    audit,
    disk,
    clock,
    logger,
    origin,
    positions,
    quarantine,
    append: (draft) => appender.append(draft),
    onDeclared: () => log.tellDurable(),
  });
  const storage = { disk, folder, logger, table, positions };
  const ended = new DeclaredDrops({
    ...storage,
    reserve,
    onLost: (segment, records) => losses.reportLost(segment, records),
  });
  const drops = new ClassDrops({
    ...storage,
    ended,
    declare: (ranges, records, done) => losses.declare(ranges, records, done),
    onMissing: (segment, lost) => losses.reportMissing(segment, lost, undefined),
  });
  const isDeclaring = (): boolean => queue.holdsGap || drops.isDeclaring || losses.isDeclaring;
  const freeSpace = new FreeSpace(disk, clock, folder, options.min_free);
  const retention = new Retention({
    ...storage,
    clock,
    options,
    freeSpace,
    drops,
    ended,
    reserves: [gapReserve, reserve],
    isDeclaring,
  });
  const succession = new SegmentSuccession({
    disk,
    folder,
    logger,
    table,
    reserve: gapReserve,
    keys,
    identities,
    segmentBytes,
    identityBytes,
    headerFor: headersAfter(recovered, { ...deps, keys }, gatewayHash),
    beforeFirst: async () => lastWrite?.settle(),
    wasVoid: ({ uuid }) => recovered.isVoid(uuid),
    isDeclaring,
  });
  const committer = new Committer(
    {
      clock,
      logger,
      queue,
      succession,
      retention,
      slowest,
      ended,
      commitDelayMs: options.commit_delay,
      onDurable: (batch) => {
        log.noteCommitted(batch);
        metrics.committed(batch.tally.recordCount, batch.bytes);
        losses.tellDurable(batch.tally.lastSeq);
        log.tellDurable();
      },
    },
    lastWrite?.firmSeq ?? recovered.lastSeq,
  );
  const housekeeping = new Housekeeping(clock, async () => {
    // Where it is refused, the next commit says why.
    await lastWrite?.settle().catch(() => {});
    await ended.finish();
    await positions.save().catch((failure: unknown) => {
      logger.warn("cannot save the cursor", { failure: String(failure) });
    });
    await retention.sweep();
    if (committer.trouble === undefined) {
      await gapReserve.restore();
      await reserve.restore();
    }
    metrics.show(log.state(), clock.wallMs());
  });
  const appender = new Appender(
    {
      run,
      gateway: origin.gateway,
      clock,
      maxRecordBytes: Math.floor(options.max_bytes / recordShare),
      identities,
      queue,
      committer,
      losses,
      metrics,
    },
    recovered.lastSeq,
  );
  const log = new JoinedLog({
    run,
    disk,
    logger,
    maxBytes: options.max_bytes,
    table,
    positions,
    appender,
    committer,
    slowest,
    retention,
    ended,
    losses,
    lastWrite,
    lastAppendedMs: segments.at(-1)?.tally.lastMs,
    stop: () => housekeeping.stop(),
  });
  if (lastWrite) {
    const letPublish = losses.holdBack();
    const given = segments.filter(isUndeclared).map(({ firstSeq, keptFrom }) => {
      return { firstSeq, keptFrom };
    });
    lastWrite.hide(() => {
      committer.setDurable(recovered.lastSeq);
      ended.noteDeclared(given);
      letPublish();
      log.tellDurable();
    });
  }
  if (recovered.losses.length > 0) {
    const records = countLost(recovered.losses);
    logger.error("records of the buffer are lost", { records, ranges: recovered.losses });
    losses.declareDamage(recovered.losses);
  }
  return log;
}
