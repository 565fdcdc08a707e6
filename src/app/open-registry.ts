/** The registry of devices, joined with its file and with the past: log, and stream. */

import type { Clock, EpochMs } from "../core/clock.ts";
import type { Disk } from "../core/disk.ts";
import type { GatewayEvent, Origin, StoredEvent } from "../core/event.ts";
import type { DeviceId } from "../core/ids.ts";
import { toSeq } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";
import type { RecordLog } from "../core/record-log.ts";
import { DeviceChanges } from "../gateway/registry/device-changes.ts";
import { DeviceRegistry } from "../gateway/registry/device-registry.ts";
import { RegistryFile, readRegistry, type Unread } from "../gateway/registry/registry-file.ts";
import { UnknownTopics } from "../gateway/registry/unknown-topics.ts";
import type { Backbone } from "../stream/backbone.ts";
import { readPastOfLog, readPastOfStream } from "./read-past-events.ts";

export interface RegistrySurroundings {
  readonly clock: Clock;
  /** For its files. */
  readonly disk: Disk;
  /** The data folder. */
  readonly folder: string;
  readonly log: RecordLog;
  readonly logger: Logger;
  readonly origin: Origin;
}

export interface OpenRegistry {
  readonly registry: DeviceRegistry;
  readonly changes: DeviceChanges;
  readonly unknown: UnknownTopics;
  /** The process before was there until then, as far as its log says. */
  readonly endedMs: EpochMs | undefined;
  note(event: GatewayEvent, topic?: string): void;
  repeated(device: DeviceId): void;
  /** Begins to take up the past; the stream's part when there is a backbone. */
  start(backbone: Backbone): void;
  /** To be called when nothing more is appended. */
  stop(): Promise<void>;
}

/** Reads what an earlier process wrote; what came behind that is taken up after `start`. */
export async function openRegistry(surroundings: RegistrySurroundings): Promise<OpenRegistry> {
  const { clock, disk, folder, log, logger, origin } = surroundings;
  const registry = new DeviceRegistry();
  const changes = new DeviceChanges();
  const unknown = new UnknownTopics();
  const page = await readRegistry(disk, folder);
  for (const entry of page?.entries ?? []) registry.recall(entry);
  const { firstSeq, lastSeq, run } = log;
  const after = page !== undefined && page.seq <= lastSeq ? page.seq : toSeq(0);
  const isHole = page === undefined || firstSeq > after + 1;
  const hole: Unread | undefined = isHole ? { after, before: firstSeq } : undefined;
  const unread: Unread | undefined = page?.unread ?? hole;
  const stopping = new AbortController();
  let isLogRead = false;
  let isStreamRead = unread === undefined;
  const file = new RegistryFile({
    ...{ clock, folder, log, logger, registry, disk },
    unread: () => (isLogRead ? (isStreamRead ? undefined : unread) : null),
  });
  const note = (event: GatewayEvent, topic?: string): void => {
    if (event.kind === "rejection" && event.data.code === "no-profile") unknown.note(event);
    registry.note(event, topic);
    changes.note(event.device);
  };

  return {
    registry,
    changes,
    unknown,
    endedMs: log.lastAppendedMs,
    note,
    repeated(device) {
      registry.repeated(device);
      changes.note(device);
    },
    start(backbone) {
      file.start();
      const { signal } = stopping;
      void readPast(backbone, signal).catch((thrown: unknown) => {
        if (!signal.aborted) logger.warn("devices of earlier were not all learned", { thrown });
      });
    },
    async stop() {
      stopping.abort();
      await file.stop();
    },
  };

  async function readPast(backbone: Backbone, signal: AbortSignal): Promise<void> {
    await readPastOfLog(log, { after, to: lastSeq }, note, signal);
    if (signal.aborted) return;
    isLogRead = true;
    file.save();
    if (unread === undefined) return;
    await readPastOfStream(backbone, origin, takeOfHole, signal);
    if (signal.aborted) return;
    isStreamRead = true;
    file.save();
  }

  function takeOfHole(event: StoredEvent): void {
    if (unread === undefined) return;
    const { run: its, seq } = event.position;
    const isOfLog = its === run || log.knowsRun(its);
    const isMissing = isOfLog ? seq > unread.after && seq < unread.before : unread.after === 0;
    if (isMissing) registry.note(event);
  }
}
