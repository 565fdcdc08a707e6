/** Logs and disks that break one promise each; only ever used when a test plants the fault. */
import { type Clock, sleep } from "../core/clock.ts";
import type { Disk } from "../core/disk.ts";
import type { LogReader } from "../core/log-reader.ts";
import type { RecordLog } from "../core/record-log.ts";
import type { PlantedFault } from "./fault-hooks.ts";

/** A log whose publishing readers skip record number `n`. */
export function dropRecord(log: RecordLog, n: number): RecordLog {
  const openReader = async (...args: Parameters<RecordLog["openReader"]>): Promise<LogReader> => {
    const reader = await log.openReader(...args);
    return {
      next: async (maxRecords) => {
        const records = await reader.next(maxRecords);
        const kept = records.filter(({ seq }) => seq !== n);
        return kept.length === 0 && records.length > 0 ? reader.next(maxRecords) : kept;
      },
      close: () => reader.close(),
    };
  };
  return delegate(log, { openReader });
}

/** The log with the planted fault, where it is one of appending. */
export function faultyLog(log: RecordLog, fault: PlantedFault | undefined): RecordLog {
  switch (fault?.kind) {
    case "ack-early":
      return ackEarly(log);
    case "qos2-forgets":
      return forgetDeliveries(log);
    default:
      return log;
  }
}

/** A log that calls every append done at once. */
function ackEarly(log: RecordLog): RecordLog {
  return delegate(log, {
    append: (draft, done) => {
      log.append(draft);
      done?.();
    },
  });
}

/** The disk with the planted fault, where it is one of the disk. */
export function faultyDisk(disk: Disk, fault: PlantedFault | undefined, clock: Clock): Disk {
  switch (fault?.kind) {
    case "ack-early":
      return slowDisk(disk, clock);
    case "no-sync":
      return forgetfulDisk(disk);
    case "retry-sync":
      return stubbornDisk(disk, clock);
    default:
      return disk;
  }
}

/** A disk that is so slow to take what it is given that a kill finds much of it not written. */
function slowDisk(disk: Disk, clock: Clock): Disk {
  const slow = async (file: ReturnType<Disk["create"]>): Promise<Awaited<typeof file>> => {
    const opened = await file;
    return delegate(opened, {
      write: async (buffers, position) => {
        await sleep(clock, 50);
        return opened.write(buffers, position);
      },
    });
  };
  return delegate(disk, {
    create: (path) => slow(disk.create(path)),
    open: (path, mode) => slow(disk.open(path, mode)),
  });
}

/** A disk that syncs a file again after a failure, and believes the answer. */
function stubbornDisk(disk: Disk, clock: Clock): Disk {
  const stubborn = async (file: ReturnType<Disk["create"]>): Promise<Awaited<typeof file>> => {
    const opened = await file;
    const sync = (): Promise<void> =>
      opened.sync().catch(async () => {
        await sleep(clock, 10);
        await sync();
      });
    return delegate(opened, { sync });
  };
  return delegate(disk, {
    create: (path) => stubborn(disk.create(path)),
    open: (path, mode) => stubborn(disk.open(path, mode)),
  });
}

/** A disk that never syncs. */
export function forgetfulDisk(disk: Disk): Disk {
  const deaf = async (file: ReturnType<Disk["create"]>): Promise<Awaited<typeof file>> =>
    delegate(await file, { sync: async () => {} });
  return delegate(disk, {
    create: (path) => deaf(disk.create(path)),
    open: (path, mode) => deaf(disk.open(path, mode)),
  });
}

/** A log that does not keep which records are open QoS 2 messages. */
function forgetDeliveries(log: RecordLog): RecordLog {
  return delegate(log, {
    append: ({ delivery: _, ...draft }, done) => log.append(draft, done),
  });
}

/** An object that answers as `target` does, but for the members given. */
function delegate<T extends object>(target: T, members: Partial<T>): T {
  return new Proxy(target, {
    get(_, name) {
      const source = Object.hasOwn(members, name) ? members : target;
      const value: unknown = Reflect.get(source, name, source);
      return typeof value === "function" ? value.bind(source) : value;
    },
  });
}
