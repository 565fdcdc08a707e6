/**
 * The devices that described themselves, and who of them is asked about the messages of a topic.
 *
 * Invariants
 * - What was said first stays: a device that describes what another one has already is left without.
 * - Devices are put together again only when somebody asks, however many messages describe them.
 */
import { type DeviceId, isId, toDeviceId } from "../core/ids.ts";
import type { KnownDevice } from "../normalize/known-device.ts";
import { mostDevices, mostDevicesOfTopic } from "./bounds.ts";
import { type DescribedDevice, type DescribedTopic, joinDescriptions } from "./described-device.ts";
import type { Convention } from "./description.ts";
import type { Group } from "./description-groups.ts";
import { TopicClaims } from "./topic-claims.ts";

/** A device with what it has of one topic. */
export interface Claim {
  readonly device: DescribedDevice;
  readonly topic: DescribedTopic;
}

interface Entry {
  readonly key: string;
  readonly convention: Convention;
  readonly id: DeviceId;
  readonly word: string | undefined;
  readonly groups: Map<string, Group>;
  /** Names of its values, by their keys. */
  readonly names: Map<string, string>;
  device: DescribedDevice | undefined;
  claims: Map<string, Claim>;
}

export class DescriptionRegister {
  readonly #entries = new Map<string, Entry>();
  readonly #claims = new TopicClaims<Claim>();
  /** Names that an earlier process gave, by the key of the device. */
  readonly #namesBefore = new Map<string, Map<string, string>>();
  readonly #stale = new Set<Entry>();
  #settled = new Map<string, DescribedDevice>();
  #gone = new Map<DeviceId, DescribedDevice>();
  readonly #isConfigured: (device: DeviceId) => boolean;

  /** A device that the configuration names claims nothing. */
  constructor(isConfigured: (device: DeviceId) => boolean) {
    this.#isConfigured = isConfigured;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Why the group cannot be one of this device's; undefined where it can. */
  problemOf(group: Group): string | undefined {
    const key = keyOf(group);
    if (key === undefined || this.#entries.has(key)) return undefined;
    if (!isId(idOf(group))) return `"${idOf(group).slice(0, 64)}" cannot be the id of a device`;
    return this.#entries.size < mostDevices
      ? undefined
      : `at most ${mostDevices} devices describe themselves`;
  }

  /** Puts a group in the place of what was said before; undefined takes it away. */
  put(name: string, before: Group | undefined, after: Group | undefined): void {
    const former = before && this.#entries.get(keyOf(before) ?? "");
    if (former !== undefined && (after === undefined || keyOf(after) !== former.key)) {
      former.groups.delete(name);
      this.#stale.add(former);
    }
    const key = after && keyOf(after);
    if (after === undefined || key === undefined) return;
    const entry = this.#entries.get(key) ?? this.#open(key, after);
    entry.groups.set(name, after);
    this.#stale.add(entry);
  }

  /** Who has something of the topic, in the order in which they said so. */
  claimsOf(topic: string): readonly Claim[] {
    this.settle();
    return this.#claims.of(topic);
  }

  device(id: DeviceId): DescribedDevice | undefined {
    this.settle();
    for (const { device } of this.#entries.values()) if (device?.known.id === id) return device;
    return undefined;
  }

  /** The devices that are described in another way than when this was asked last, and those gone. */
  takeChanges(): {
    readonly settled: readonly DescribedDevice[];
    readonly gone: readonly DescribedDevice[];
  } {
    this.settle();
    const changes = { settled: [...this.#settled.values()], gone: [...this.#gone.values()] };
    this.#settled = new Map();
    this.#gone = new Map();
    return changes;
  }

  /** Gives a value the name that it had in an earlier process. */
  recallName(device: string, key: string, name: string): void {
    const names = this.#namesBefore.get(device) ?? new Map<string, string>();
    this.#namesBefore.set(device, names.set(key, name));
  }

  *names(): Iterable<{ readonly device: string; readonly key: string; readonly name: string }> {
    for (const { key: device, names } of this.#entries.values())
      for (const [key, name] of names) yield { device, key, name };
  }

  #open(key: string, group: Group): Entry {
    const { convention, description, owner } = group;
    const entry: Entry = {
      key,
      convention,
      id: toDeviceId(idOf(group)),
      word: owner === undefined ? description?.device : undefined,
      groups: new Map(),
      names: this.#namesBefore.get(key) ?? new Map<string, string>(),
      device: undefined,
      claims: new Map(),
    };
    this.#namesBefore.delete(key);
    this.#entries.set(key, entry);
    return entry;
  }

  /** Puts all devices together anew, when it is asked next. */
  joinAgain(): void {
    for (const entry of this.#entries.values()) this.#stale.add(entry);
  }

  /** Puts together what is still to be. */
  settle(): void {
    while (this.#stale.size > 0) {
      const stale = [...this.#stale];
      this.#stale.clear();
      for (const entry of stale) {
        for (const [topic, claim] of entry.claims) this.#claims.remove(topic, claim);
        entry.claims = new Map();
        if (entry.groups.size === 0) this.#close(entry);
        else this.#join(entry);
      }
    }
  }

  #close(entry: Entry): void {
    this.#entries.delete(entry.key);
    this.#settled.delete(entry.key);
    if (entry.device !== undefined) this.#gone.set(entry.id, entry.device);
    this.#offerAgain();
  }

  #join(entry: Entry): void {
    const { convention, device: before, groups, id, names, word } = entry;
    const joined = joinDescriptions({
      convention,
      id,
      word,
      names,
      descriptions: [...groups.values()].flatMap(({ description }) => description ?? []),
      isTaken: (topic, templateText) => this.#isTaken(topic, templateText),
    });
    // The same object for as long as it says the same, so that nobody is told twice.
    const known = before && isSame(before.known, joined.known) ? before.known : joined.known;
    const device = { ...joined, known };
    entry.device = device;
    this.#claim(entry, device);
    this.#gone.delete(id);
    this.#settled.set(entry.key, device);
    if (before?.readings.some((one) => !device.readings.includes(one))) this.#offerAgain();
  }

  #claim(entry: Entry, device: DescribedDevice): void {
    if (this.#isConfigured(entry.id)) return;
    for (const [name, topic] of device.topics) {
      if (this.#claims.under(name).length >= mostDevicesOfTopic) continue;
      const claim = { device, topic };
      entry.claims.set(name, claim);
      this.#claims.add(name, claim);
    }
  }

  /** What a device had may be another's now. */
  #offerAgain(): void {
    for (const other of this.#entries.values())
      if (other.device !== undefined && other.device.leftOut.length > 0) this.#stale.add(other);
  }

  #isTaken(topic: string, templateText: string): boolean {
    const claims = this.#claims.under(topic);
    return (
      claims.some((claim) =>
        claim.topic.readings.some((one) => one.templateText === templateText),
      ) ||
      (claims.length >= mostDevicesOfTopic && claims.every((one) => one.topic.metrics.length > 0))
    );
  }
}

function keyOf({ convention, description, owner }: Group): string | undefined {
  if (description === undefined) return undefined;
  return `${convention.profile} ${owner ?? ""} ${description.device}`;
}

function idOf({ convention, description, owner }: Group): string {
  return owner ?? `${convention.family}-${description?.device ?? ""}`;
}

function isSame({ profile: one }: KnownDevice, { profile: other }: KnownDevice): boolean {
  return (
    one.id === other.id &&
    one.intervalMs === other.intervalMs &&
    JSON.stringify(one.attrs) === JSON.stringify(other.attrs)
  );
}
