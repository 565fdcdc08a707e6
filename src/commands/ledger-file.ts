/**
 * The file beside the log that says how far commands are. It is behind the log, never ahead of it: a
 * page is written when all steps in it are on disk, and names the record up to which it knows them.
 */
import { type Clock, sleep } from "../core/clock.ts";
import type { Disk } from "../core/disk.ts";
import type { Seq } from "../core/ids.ts";
import type { LogWriter } from "../core/log-writer.ts";
import type { Logger } from "../core/logger.ts";
import { systemCode } from "../core/system-reason.ts";
import { untilDurable } from "../core/until-durable.ts";
import { readWhole, replaceWhole } from "../core/whole-file.ts";
import { writeAll } from "../core/write-all.ts";
import { formatPage, type LedgerPage, parsePage } from "./ledger-page.ts";

const fileName = "ledger.json";
/** A crash between two pages costs a reading of so much of the log. */
const everyMs = 250;
const lastWriteMs = 1_000;

/** What a start found. `damaged`: something is there that nobody can read. */
export type FoundLedger = LedgerPage | "none" | "damaged";

/** Reads what an earlier process wrote. What is damaged is set aside. Never fails. */
export async function readLedger(disk: Disk, folder: string): Promise<FoundLedger> {
  const path = `${folder}/${fileName}`;
  try {
    const page = parsePage((await readWhole(disk, path)).toString());
    if (page) return page;
  } catch (failure) {
    if (systemCode(failure) === "ENOENT") return "none";
  }
  await disk.rename(path, `${path}.damaged`).catch(() => {});
  return "damaged";
}

export interface LedgerFileDependencies {
  readonly disk: Disk;
  readonly folder: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly log: Pick<LogWriter, "durableSeq" | "onDurable">;
  /** All that is known now, and the record up to which it is. */
  readonly page: () => LedgerPage;
}

export class LedgerFile {
  readonly #deps: LedgerFileDependencies;
  readonly #stopping = new AbortController();
  #changed = false;
  #writing: Promise<void> | undefined;
  #isTrouble = false;
  #writtenSeq: Seq;

  constructor(found: LedgerPage, deps: LedgerFileDependencies) {
    this.#deps = deps;
    this.#writtenSeq = found.logSeq;
  }

  /** What `page` gives has changed; it is written soon. */
  touch(): void {
    this.#changed = true;
    this.#writing ??= this.#write();
  }

  /** The record up to which the page on disk knows steps. */
  get writtenSeq(): Seq {
    return this.#writtenSeq;
  }

  /** Writes the last page, where the log soon has what is in it. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#writing;
    const giveUp = new AbortController();
    const timer = this.#deps.clock.setTimer(lastWriteMs, () => giveUp.abort());
    await this.#save(giveUp.signal);
    timer.cancel();
  }

  async #write(): Promise<void> {
    const { signal } = this.#stopping;
    while (this.#changed && !signal.aborted) {
      await sleep(this.#deps.clock, everyMs, signal);
      if (!signal.aborted) await this.#save(signal);
    }
    this.#writing = undefined;
  }

  async #save(signal: AbortSignal): Promise<void> {
    const { disk, folder, log, logger, page } = this.#deps;
    const written = page();
    this.#changed = false;
    try {
      await untilDurable(log, written.logSeq, signal);
      const bytes = Buffer.from(formatPage(written));
      const file = await replaceWhole(disk, folder, fileName, (one) => writeAll(one, [bytes], 0));
      await file.close();
      this.#writtenSeq = written.logSeq;
      this.#isTrouble = false;
    } catch (thrown) {
      this.#changed = true;
      if (!this.#isTrouble && !signal.aborted)
        logger.warn("how far commands are was not written", { folder, thrown });
      this.#isTrouble = true;
    }
  }
}
