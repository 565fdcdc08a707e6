/**
 * The file of open deliveries: a list of those that are open, and behind it one entry for each that
 * was released since, and the marks of QoS 1. When releases outweigh the list, a new file takes the place of the old.
 *
 * Releases wait for one sync together. A file that failed is left alone and a new one is begun, for
 * as long as it takes; nobody is told of a release before it is on the medium.
 */
import { type Clock, sleep } from "../../core/clock.ts";
import type { Disk, DiskFile } from "../../core/disk.ts";
import { GatewayError } from "../../core/errors.ts";
import type { Logger } from "../../core/logger.ts";
import type { Delivery } from "../../core/record.ts";
import { systemCode } from "../../core/system-reason.ts";
import { readWhole, replaceWhole } from "../../core/whole-file.ts";
import { writeAll } from "../../core/write-all.ts";
import { formatEntries, parseEntries, type TableEntry } from "./delivery-entry.ts";

const tableVersion = 1;
const restMs = 1_000;
/** A file below this size is not written anew for its size. */
const smallBytes = 2 ** 20;
/** Twice what a file grows to, with all the deliveries that may be open; what is behind is nobody's. */
const mostReadBytes = 16 * 2 ** 20;

/** What a new file begins with. */
export interface TableState {
  /** Every open delivery of a record up to this seq is in `open`. */
  readonly coveredSeq: number;
  /** Messages of QoS 1 up to this seq were answered, but for those in `open`. */
  readonly answeredSeq: number;
  readonly open: readonly Delivery[];
}

export interface DeliveryJournalDeps {
  readonly folder: string;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The state of the moment in which it is called. */
  readonly state: () => TableState;
}

interface Waiting {
  readonly entry: TableEntry;
  readonly done: () => void;
}

export class DeliveryJournal {
  readonly #deps: DeliveryJournalDeps;
  readonly #closing = new AbortController();
  #file: DiskFile | undefined;
  #bytes = 0;
  /** Size at which the file is written anew. */
  #mostBytes = 0;
  #coveredSeq = 0;
  #waiting: Waiting[] = [];
  #renewing = false;
  #running: Promise<void> | undefined;
  #troubled = false;

  constructor(deps: DeliveryJournalDeps) {
    this.#deps = deps;
  }

  /** How far the file covers the log. */
  get coveredSeq(): number {
    return this.#coveredSeq;
  }

  /**
   * What an earlier process left; undefined when there is no file. Throws `buffer.version` when it
   * was written by a later version of the program.
   */
  async load(): Promise<readonly TableEntry[] | undefined> {
    const { disk, folder, logger } = this.#deps;
    let bytes: Buffer;
    try {
      await disk.makeFolder(folder);
      bytes = await readWhole(disk, `${folder}/table`, mostReadBytes);
    } catch (failure) {
      if (systemCode(failure) !== "ENOENT")
        logger.error("cannot read the open QoS 2 messages", { failure: String(failure) });
      return undefined;
    }
    const { damaged, entries } = parseEntries(bytes);
    const [first] = entries;
    if (first?.kind === "covered" && first.version > tableVersion)
      throw new GatewayError(
        "buffer.version",
        `${folder}/table was written by a later version of sluicegate; run that version`,
      );
    if (damaged > 0) logger.warn("entries of open QoS 2 messages are damaged", { damaged });
    return entries;
  }

  /** Writes the first file, if the disk takes it at once; otherwise it comes later. */
  async begin(): Promise<void> {
    await this.#try(() => this.#renew());
  }

  /** Resolves when the entry is on the medium; never when the journal is closed before. */
  append(entry: TableEntry): Promise<void> {
    return new Promise((done) => {
      this.#waiting.push({ entry, done });
      this.#wake();
    });
  }

  /** Begins a new file soon, so that it covers more of the log. */
  renew(): void {
    this.#renewing = true;
    this.#wake();
  }

  /** Leaves a file that covers all, if the disk takes it at once. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
    await this.#try(() => this.#renew());
    await this.#leaveFile();
  }

  #wake(): void {
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    const { clock } = this.#deps;
    // Releases of the same turn of the event loop share the sync.
    await Promise.resolve();
    while (this.#waiting.length > 0 || this.#renewing) {
      if (await this.#try(() => this.#commit())) continue;
      if (this.#closing.signal.aborted) break;
      await sleep(clock, restMs, this.#closing.signal);
    }
    this.#running = undefined;
  }

  /** True when it was done; a failure leaves the file behind. */
  async #try(write: () => Promise<void>): Promise<boolean> {
    const { logger } = this.#deps;
    try {
      await write();
      this.#troubled = false;
      return true;
    } catch (failure) {
      if (!this.#troubled)
        logger.error("cannot write the open QoS 2 messages; their releases wait", {
          failure: String(failure),
        });
      this.#troubled = true;
      await this.#leaveFile();
      return false;
    }
  }

  async #commit(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    try {
      await this.#write(batch.map(({ entry }) => entry));
    } catch (failure) {
      this.#waiting = [...batch, ...this.#waiting];
      throw failure;
    }
    for (const { done } of batch) done();
  }

  async #write(entries: readonly TableEntry[]): Promise<void> {
    const file = this.#file;
    if (file === undefined || this.#renewing || this.#bytes > this.#mostBytes) {
      // What is being released is not open any more: the new file says the same as the entries.
      await this.#renew();
      return;
    }
    const bytes = formatEntries(entries);
    await writeAll(file, [bytes], this.#bytes);
    await file.sync();
    this.#bytes += bytes.length;
  }

  async #renew(): Promise<void> {
    const { disk, folder, state } = this.#deps;
    await this.#leaveFile();
    const { answeredSeq, coveredSeq, open } = state();
    const bytes = formatEntries([
      { kind: "covered", seq: coveredSeq, version: tableVersion },
      ...open.map((delivery): TableEntry => ({ kind: "open", delivery })),
      { kind: "answered", seq: answeredSeq },
    ]);
    this.#file = await replaceWhole(disk, folder, "table", (file) => writeAll(file, [bytes], 0));
    this.#bytes = bytes.length;
    this.#mostBytes = Math.max(smallBytes, 2 * bytes.length);
    this.#coveredSeq = coveredSeq;
    this.#renewing = false;
  }

  async #leaveFile(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close().catch(() => {});
  }
}
