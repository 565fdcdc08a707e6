/**
 * What people want to know of a gateway over its restarts: which devices it met, and how many
 * records it had to give up. In a small file beside the log, written soon after something changed;
 * what a kill takes of it is learned again, or missing from a count.
 */
import { join } from "node:path";
import type { Clock, Timer } from "../core/clock.ts";
import type { Disk } from "../core/disk.ts";
import { type DeviceId, isId, toDeviceId } from "../core/ids.ts";
import { isObject } from "../core/is-object.ts";
import type { Logger } from "../core/logger.ts";
import { isUnit } from "../core/unit.ts";
import type { KnownDevice } from "../normalize/known-device.ts";
import { sayNaming } from "../normalize/topics/device-name.ts";
import type { DeviceProbes, ListedMetric } from "./met-probes.ts";
import { readText, replaceText } from "./small-file.ts";
import { markOf } from "./told-alike.ts";

const fileName = "book.json";
const everyMs = 10_000;

/** The devices that one profile made known, by its name without a version. */
export interface ProfilePage {
  readonly profile: string;
  /** How they were named: `sayNaming`. Empty for names of an earlier way, or of an earlier version. */
  readonly naming: string;
  /** Stands for what the hub was told of each. */
  readonly mark: string;
  readonly devices: readonly DeviceId[];
}

export interface BookPage {
  readonly pages: readonly ProfilePage[];
  /** What devices have because of what is connected to them. */
  readonly probes: readonly DeviceProbes[];
  /** Records given up by earlier runs together. */
  readonly droppedBefore: number;
}

const nothing: BookPage = { pages: [], probes: [], droppedBefore: 0 };

/** What an earlier process wrote down; nothing where that is missing or damaged. Never fails. */
export async function readBook(disk: Disk, folder: string): Promise<BookPage> {
  try {
    const page: unknown = JSON.parse(await readText(disk, join(folder, fileName)));
    if (!isObject(page)) return nothing;
    const { dropped, pages, probes } = page;
    return {
      pages: Array.isArray(pages) ? pages.flatMap(toPage) : [],
      probes: Array.isArray(probes) ? probes.flatMap(toProbes) : [],
      droppedBefore: Number.isSafeInteger(dropped) ? Number(dropped) : 0,
    };
  } catch {
    return nothing;
  }
}

export interface GatewayBookDependencies {
  readonly disk: Disk;
  readonly folder: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Changes when `devices` gives something else. */
  readonly revision: () => number;
  readonly devices: () => Iterable<KnownDevice>;
  /** True for one under a name that its profile does not give any more. */
  readonly isFormer: (device: DeviceId) => boolean;
  readonly probes: () => Iterable<DeviceProbes>;
  /** Records given up by all runs together. */
  readonly dropped: () => number;
}

export class GatewayBook {
  readonly #deps: GatewayBookDependencies;
  #written = "";
  #timer: Timer | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isTrouble = false;

  constructor(deps: GatewayBookDependencies) {
    this.#deps = deps;
    this.#written = this.#edition();
  }

  start(): void {
    this.#timer = this.#deps.clock.setTimer(everyMs, () => {
      this.#save();
      this.start();
    });
  }

  /** Resolves when what is known now is written, or cannot be. At once where nothing changed. */
  async settle(): Promise<void> {
    await this.#writing;
    this.#save();
    await this.#writing;
  }

  /** Resolves when the last change is written, or cannot be. */
  async stop(): Promise<void> {
    this.#timer?.cancel();
    await this.settle();
  }

  #edition(): string {
    return `${this.#deps.revision()} ${this.#deps.dropped()}`;
  }

  #save(): void {
    const { devices, disk, dropped, folder, isFormer, logger, probes } = this.#deps;
    const edition = this.#edition();
    if (edition === this.#written) return;
    const pages = pagesOf(devices(), isFormer);
    const text = JSON.stringify({ dropped: dropped(), pages, probes: [...probes()] });
    const previous = this.#written;
    this.#written = edition;
    this.#writing = replaceText(disk, folder, fileName, text).then(
      () => {
        this.#isTrouble = false;
      },
      (thrown: unknown) => {
        this.#written = previous;
        if (!this.#isTrouble)
          logger.warn("the book of devices was not written", { folder, thrown });
        this.#isTrouble = true;
      },
    );
  }
}

function pagesOf(
  devices: Iterable<KnownDevice>,
  isFormer: (device: DeviceId) => boolean,
): ProfilePage[] {
  const pages = new Map<string, ProfilePage & { devices: DeviceId[] }>();
  for (const device of devices) {
    const { id, profile } = device;
    const naming = isFormer(id) ? "" : sayNaming(profile.naming);
    const key = `${profile.id} ${naming}`;
    const page = pages.get(key) ?? newPage(device, naming);
    pages.set(key, page);
    page.devices.push(id);
  }
  return [...pages.values()];
}

function newPage(device: KnownDevice, naming: string): ProfilePage & { devices: DeviceId[] } {
  return { profile: device.profile.name, naming, mark: markOf(device), devices: [] };
}

function toPage(value: unknown): ProfilePage[] {
  if (!isObject(value)) return [];
  const { devices, mark, naming, profile } = value;
  if (typeof profile !== "string" || typeof mark !== "string" || !Array.isArray(devices)) return [];
  const ids = devices.filter((id) => typeof id === "string" && isId(id)).map(toDeviceId);
  return [{ profile, naming: typeof naming === "string" ? naming : "", mark, devices: ids }];
}

function toProbes(value: unknown): DeviceProbes[] {
  if (!isObject(value)) return [];
  const { device, metrics } = value;
  if (typeof device !== "string" || !isId(device) || !Array.isArray(metrics)) return [];
  return [{ device: toDeviceId(device), metrics: metrics.flatMap(toMetric) }];
}

function toMetric(value: unknown): ListedMetric[] {
  if (!isObject(value)) return [];
  const { name, unit } = value;
  if (typeof name !== "string") return [];
  return [typeof unit === "string" && isUnit(unit) ? { name, unit } : { name }];
}
