/**
 * What is known of a session at a broker from one start to the next: the filters that it has. A small
 * file, replaced as a whole. Without it nothing is lost: filters are asked for once more.
 */
import type { Disk } from "../../core/disk.ts";
import { fnv1a64 } from "../../core/fnv1a.ts";
import { isObject } from "../../core/is-object.ts";
import type { Logger } from "../../core/logger.ts";
import { systemCode, systemReason } from "../../core/system-reason.ts";
import { readWhole, replaceWhole } from "../../core/whole-file.ts";
import { writeAll } from "../../core/write-all.ts";

/** A thousand filters of a thousand characters, and their quotes. */
const mostBytes = 4 * 2 ** 20;

export interface SessionPlace {
  readonly disk: Disk;
  /** The data folder. */
  readonly folder: string;
  readonly logger: Logger;
  readonly broker: string;
  readonly clientId: string;
}

export class SessionMemory {
  readonly #place: SessionPlace;
  readonly #name: string;
  readonly #qosOf = new Map<string, number>();
  #saved: Promise<void> = Promise.resolve();

  constructor(place: SessionPlace) {
    this.#place = { ...place, folder: `${place.folder}/mqtt-client` };
    this.#name = `${fnv1a64(JSON.stringify([place.broker, place.clientId]))}.json`;
  }

  /** QoS by filter. */
  get filters(): ReadonlyMap<string, number> {
    return this.#qosOf;
  }

  async load(): Promise<void> {
    const { disk, folder, logger } = this.#place;
    try {
      const bytes = await readWhole(disk, `${folder}/${this.#name}`, mostBytes);
      const kept: unknown = JSON.parse(bytes.toString("utf8"));
      const filters = isObject(kept) ? kept["filters"] : undefined;
      if (!isObject(filters)) return;
      for (const [filter, qos] of Object.entries(filters))
        if (typeof qos === "number") this.#qosOf.set(filter, qos);
    } catch (failure) {
      if (systemCode(failure) === "ENOENT") return;
      logger.warn("cannot read which filters a session has; they are asked for again", {
        reason: systemReason(failure),
      });
    }
  }

  remember(filter: string, qos: number): void {
    this.#qosOf.set(filter, qos);
  }

  forget(filter: string): void {
    this.#qosOf.delete(filter);
  }

  clear(): void {
    this.#qosOf.clear();
  }

  /** Writes it down, behind what is being written. */
  save(): void {
    this.#saved = this.#saved.then(() => this.#write());
  }

  /** Resolves when all is written. */
  settled(): Promise<void> {
    return this.#saved;
  }

  async #write(): Promise<void> {
    const { broker, clientId, disk, folder, logger } = this.#place;
    const filters = Object.fromEntries(this.#qosOf);
    const bytes = Buffer.from(`${JSON.stringify({ broker, clientId, filters })}\n`);
    try {
      await disk.makeFolder(folder);
      const file = await replaceWhole(disk, folder, this.#name, (draft) =>
        writeAll(draft, [bytes], 0),
      );
      await file.close();
    } catch (failure) {
      logger.warn("cannot write down which filters a session has", {
        reason: systemReason(failure),
      });
    }
  }
}
