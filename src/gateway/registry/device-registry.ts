/**
 * What is known of the devices that spoke: a projection of the events of this gateway, kept up with
 * each of them. Whatever order they are taken in, what was received last counts.
 *
 * Bounded in devices and in values; of devices beyond the bound some are forgotten, of values the first
 * stay.
 */
import { BoundedMap } from "../../core/bounded-map.ts";
import type { EpochMs } from "../../core/clock.ts";
import type { EventOf, GatewayEvent } from "../../core/event.ts";
import { provesNoLife } from "../../core/extensions.ts";
import type { DeviceId } from "../../core/ids.ts";
import { ownText } from "../../core/own-text.ts";
import { type DeviceEntry, newEntry, noteLife, noteMisfit, setValue } from "./device-entry.ts";
import { formatEntry } from "./entry-text.ts";

const mostDevices = 65_536;
const mostValuesOfDevice = 256;
const mostValues = 524_288;
const mostTopicCharacters = 512;

export class DeviceRegistry {
  #values = 0;
  readonly #entries = new BoundedMap<DeviceId, DeviceEntry>(mostDevices, undefined, (entry) => {
    this.#values -= entry.values.size;
  });
  /** Counts the editions of the file; of the one being written, those lines that could not wait. */
  #edition = 0;
  #early: string[] = [];
  #revision = 0;

  get(device: DeviceId): DeviceEntry | undefined {
    return this.#entries.get(device);
  }

  all(): Iterable<DeviceEntry> {
    return this.#entries.values();
  }

  /** Changes with everything that is noted. */
  get revision(): number {
    return this.#revision;
  }

  /** Takes up an entry that an earlier process wrote. */
  recall(entry: DeviceEntry): void {
    entry.edition = this.#edition;
    this.#entries.set(entry.device, entry);
    this.#values += entry.values.size;
  }

  forget(device: DeviceId): void {
    this.#entries.delete(device);
    this.#revision += 1;
  }

  /** An event of a device; `topic` is where its message came, where that is known. */
  note(event: GatewayEvent, topic?: string): void {
    const { device, receivedMs } = event;
    if (device === null) {
      if (event.kind === "status" && event.data.cause === "gateway-started") this.#linksEnd(event);
      return;
    }
    if (event.kind === "status" && event.data.cause === "device-removed") {
      const entry = this.#entries.get(device);
      if ((entry?.lifeMs ?? 0) <= receivedMs) this.forget(device);
      return;
    }
    if (event.kind === "measurement") this.#measured(this.#touch(device, receivedMs), event, topic);
    else if (event.kind === "status") this.#said(this.#touch(device, receivedMs), event, topic);
    else if (event.kind === "rejection") this.#rejected(this.#touch(device, receivedMs), event);
  }

  /** A message of a device was counted and not stored: no sign of life. */
  repeated(device: DeviceId): void {
    const entry = this.#entries.get(device);
    if (entry !== undefined) this.#write(entry).repeats += 1;
  }

  /**
   * Gives the lines of a file, in parts of about so many characters, as everything is now: an entry
   * that is noted meanwhile is written before it changes.
   */
  beginEdition(charactersPerPart: number): Iterable<readonly string[]> {
    this.#edition += 1;
    this.#early = [];
    return this.#lines(charactersPerPart);
  }

  *#lines(perPart: number): Iterable<readonly string[]> {
    let part: string[] = [];
    let characters = 0;
    for (const entry of this.#entries.values()) {
      if (entry.edition === this.#edition) continue;
      entry.edition = this.#edition;
      const line = formatEntry(entry);
      part.push(line);
      characters += line.length;
      if (characters < perPart) continue;
      yield this.#withEarly(part);
      part = [];
      characters = 0;
    }
    yield this.#withEarly(part);
  }

  #withEarly(part: readonly string[]): readonly string[] {
    const early = this.#early;
    this.#early = [];
    return [...part, ...early];
  }

  #measured(entry: DeviceEntry, event: EventOf<"measurement">, topic: string | undefined): void {
    const { data, extensions, receivedMs, timeMs } = event;
    this.#spoke(entry, event, topic);
    for (const measurement of data) {
      const last = entry.values.get(measurement.name);
      if (last === undefined) {
        if (entry.values.size >= mostValuesOfDevice || this.#values >= mostValues) continue;
        this.#values += 1;
        const { quality, unit } = measurement;
        const made = { value: false, unit, quality, timeMs, receivedMs };
        setValue(made, measurement, timeMs, receivedMs);
        entry.values.set(ownText(measurement.name), made);
        entry.changedMs = later(entry.changedMs, receivedMs);
      } else if (receivedMs >= last.receivedMs) {
        if (setValue(last, measurement, timeMs, receivedMs))
          entry.changedMs = later(entry.changedMs, receivedMs);
      }
    }
    const misfits = extensions?.["misfits"];
    if (typeof misfits === "string") noteMisfit(entry, misfits, receivedMs);
  }

  #said(entry: DeviceEntry, event: EventOf<"status">, topic: string | undefined): void {
    const { data, receivedMs } = event;
    if (data.cause === "reported") this.#spoke(entry, event, topic);
    if (receivedMs < entry.linkMs) return;
    entry.link = { state: data.state, cause: data.cause };
    entry.linkMs = receivedMs;
  }

  #rejected(entry: DeviceEntry, { data, receivedMs }: EventOf<"rejection">): void {
    entry.rejected += 1 + (data.notKept ?? 0);
    entry.profile ??= data.profile;
    noteMisfit(entry, data.reason, receivedMs);
  }

  #spoke(entry: DeviceEntry, event: GatewayEvent, topic: string | undefined): void {
    const { deviceTimeMs, profile, receivedMs } = event;
    entry.events += 1;
    if (receivedMs >= (entry.lifeMs ?? 0)) {
      if (profile !== undefined) entry.profile = profile;
      if (topic !== undefined && topic.length <= mostTopicCharacters && entry.topic !== topic)
        entry.topic = topic;
    }
    if (provesNoLife(event)) return;
    if (receivedMs >= (entry.lifeMs ?? 0)) entry.isClockSuspect = deviceTimeMs !== undefined;
    noteLife(entry, receivedMs);
  }

  #touch(device: DeviceId, receivedMs: EpochMs): DeviceEntry {
    const known = this.#entries.get(device);
    if (known === undefined) {
      this.#revision += 1;
      const entry = newEntry(device, receivedMs, this.#edition);
      this.#entries.set(device, entry);
      return entry;
    }
    if (receivedMs < known.firstMs) known.firstMs = receivedMs;
    return this.#write(known);
  }

  #write(entry: DeviceEntry): DeviceEntry {
    this.#revision += 1;
    if (entry.edition !== this.#edition) {
      this.#early.push(formatEntry(entry));
      entry.edition = this.#edition;
    }
    return entry;
  }

  /** Nobody knows of connections what happened between two processes. */
  #linksEnd({ receivedMs }: GatewayEvent): void {
    for (const entry of this.#entries.values())
      if (entry.link !== undefined && entry.linkMs <= receivedMs) {
        const { link } = this.#write(entry);
        if (link?.state === "online") entry.link = { state: "unknown", cause: "gateway-started" };
      }
  }
}

function later(one: EpochMs | undefined, other: EpochMs): EpochMs {
  return one === undefined || one < other ? other : one;
}
