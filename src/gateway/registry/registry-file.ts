/**
 * The registry on disk: a line of head, a line for each device and a last one that counts them, replaced
 * as a whole. A hint: where it is missing or damaged, devices are learned again from the log and the
 * stream.
 *
 * The head names the record up to which everything is in it, so that a start takes up what came behind;
 * it is never ahead of what the log has on disk.
 */
import { join } from "node:path";
import type { Clock, Timer } from "../../core/clock.ts";
import type { Disk } from "../../core/disk.ts";
import { type Seq, toSeq } from "../../core/ids.ts";
import { isObject } from "../../core/is-object.ts";
import type { LogWriter } from "../../core/log-writer.ts";
import type { Logger } from "../../core/logger.ts";
import { untilDurable } from "../../core/until-durable.ts";
import { replaceWhole } from "../../core/whole-file.ts";
import { writeAll } from "../../core/write-all.ts";
import { readText } from "../small-file.ts";
import type { DeviceEntry } from "./device-entry.ts";
import type { DeviceRegistry } from "./device-registry.ts";
import { parseEntry } from "./entry-text.ts";

const fileName = "registry.ndjson";
const schema = "sluicegate.registry/1";
const everyMs = 600_000;
/** Made at a time, a millisecond or less: everything else waits for so long. */
const charactersPerPart = 65_536;

/** Records that left the log before they were read: behind `after`, and before `before`. */
export interface Unread {
  readonly after: Seq;
  readonly before: Seq;
}

export interface RegistryPage {
  /** Everything up to here is in it, but what is unread. */
  readonly seq: Seq;
  readonly unread: Unread | undefined;
  readonly entries: readonly DeviceEntry[];
}

/** What an earlier process wrote down; undefined where that is missing or damaged. Never fails. */
export async function readRegistry(disk: Disk, folder: string): Promise<RegistryPage | undefined> {
  try {
    const [first = "", ...lines] = (await readText(disk, join(folder, fileName))).split("\n");
    const last = lines.splice(-2);
    const head: unknown = JSON.parse(first);
    if (!isObject(head) || head["schema"] !== schema || !isSeq(head["seq"])) return undefined;
    const entries = lines.flatMap((line) => parseEntry(line) ?? []);
    // Its head speaks for all of it: a device less would never be learned again.
    if (entries.length !== lines.length || last[0] !== endLine(entries.length)) return undefined;
    const { seq, unread } = head;
    return { seq: toSeq(seq), unread: isObject(unread) ? toUnread(unread) : undefined, entries };
  } catch {
    return undefined;
  }
}

export interface RegistryFileDependencies {
  readonly clock: Clock;
  readonly disk: Disk;
  readonly folder: string;
  readonly log: Pick<LogWriter, "durableSeq" | "lastSeq" | "onDurable">;
  readonly logger: Logger;
  readonly registry: DeviceRegistry;
  /** Records that are still to be read; null before that is known, and then nothing is written. */
  readonly unread: () => Unread | undefined | null;
}

export class RegistryFile {
  readonly #deps: RegistryFileDependencies;
  readonly #stopping = new AbortController();
  #written = 0;
  #timer: Timer | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isTrouble = false;

  constructor(deps: RegistryFileDependencies) {
    this.#deps = deps;
  }

  start(): void {
    this.#timer = this.#deps.clock.setTimer(everyMs, () => {
      this.save();
      this.start();
    });
  }

  /** Writes what changed, once what is being written is. */
  save(): void {
    this.#writing = this.#writing.then(() => this.#save());
  }

  /** To be called when the log takes nothing more; resolves when the file is written, or cannot be. */
  async stop(): Promise<void> {
    this.#timer?.cancel();
    this.#stopping.abort();
    this.save();
    await this.#writing;
  }

  async #save(): Promise<void> {
    const { disk, folder, log, logger, registry, unread } = this.#deps;
    const { revision } = registry;
    const missing = unread();
    if (revision === this.#written || missing === null) return;
    const seq = log.lastSeq;
    const head = JSON.stringify({ schema, seq, unread: missing });
    const parts = registry.beginEdition(charactersPerPart);
    try {
      const file = await replaceWhole(disk, folder, fileName, async (draft) => {
        let at = 0;
        const write = async (part: readonly string[]): Promise<void> => {
          const bytes = Buffer.from(part.map((line) => `${line}\n`).join(""));
          await writeAll(draft, [bytes], at);
          at += bytes.length;
        };
        let devices = 0;
        await write([head]);
        for (const part of parts) {
          await write(part);
          devices += part.length;
        }
        await write([endLine(devices)]);
        if (log.durableSeq < seq) await untilDurable(log, seq, this.#stopping.signal);
      });
      await file.close();
      this.#written = revision;
      this.#isTrouble = false;
    } catch (thrown) {
      if (!this.#isTrouble && !this.#stopping.signal.aborted)
        logger.warn("the registry of devices was not written", { folder, thrown });
      this.#isTrouble = true;
    }
  }
}

function endLine(devices: number): string {
  return JSON.stringify({ devices });
}

function toUnread({ after, before }: Readonly<Record<string, unknown>>): Unread | undefined {
  return isSeq(after) && isSeq(before) ? { after: toSeq(after), before: toSeq(before) } : undefined;
}

function isSeq(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
