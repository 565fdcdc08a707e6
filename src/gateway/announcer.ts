/**
 * Tells the hub which devices there are: every configured one at start, every other when it is met
 * first, all again once a day. Hub roles learn of devices in no other way.
 */
import { BoundedMap } from "../core/bounded-map.ts";
import type { Clock, Timer } from "../core/clock.ts";
import type { DeviceRecord } from "../core/device.ts";
import type { GatewayEvent } from "../core/event.ts";
import { type DeviceId, toDeviceId } from "../core/ids.ts";
import { describeDevice, type KnownDevice } from "../normalize/known-device.ts";
import { sayNaming } from "../normalize/topics/device-name.ts";
import { type DeviceOutline, outlineOfKnown, outlineOfRecord } from "./device-outline.ts";
import { MainProfiles } from "./main-profiles.ts";
import { MetProbes } from "./met-probes.ts";
import { isSame, isSameKind, markOf } from "./told-alike.ts";

const everyMs = 24 * 3_600_000;
/** One more forgets another; it is announced again when it speaks again. */
const mostDiscovered = 65_536;

type Facts = Readonly<Record<string, string>>;

interface Configured {
  /** Without what it says of itself. */
  readonly record: DeviceRecord;
  /** How the device was when it was met last. */
  readonly met: KnownDevice | undefined;
}

export class Announcer {
  readonly #configured = new Map<DeviceId, Configured>();
  readonly #discovered = new BoundedMap<DeviceId, KnownDevice>(mostDiscovered);
  readonly #mainProfiles = new MainProfiles(mostDiscovered);
  /** What devices say of themselves, beside what is known of them anyway. */
  readonly #facts = new BoundedMap<DeviceId, Facts>(mostDiscovered);
  readonly #probes: MetProbes;
  /** Those that were met under names which their profiles do not give any more. */
  readonly #formerly = new Map<DeviceId, KnownDevice>();
  readonly #clock: Clock;
  readonly #append: (record: DeviceRecord) => void;
  readonly #remove: (device: DeviceId) => void;
  #timer: Timer | undefined;
  #revision = 0;

  constructor(
    clock: Clock,
    append: (record: DeviceRecord) => void,
    remove: (device: DeviceId) => void,
    probes = new MetProbes(),
  ) {
    this.#probes = probes;
    this.#clock = clock;
    this.#append = append;
    this.#remove = remove;
  }

  /** Announces the configured devices; then all known ones, every 24 hours. */
  start(configured: Iterable<DeviceRecord>): void {
    for (const record of configured) {
      this.#configured.set(record.device, { record, met: undefined });
      this.#tell(record);
    }
    this.#again();
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /**
   * The configuration was read anew: announces the devices that are new in it or described in another
   * way, and has those removed that are gone from it.
   */
  configure(records: readonly DeviceRecord[]): void {
    for (const { id } of this.#discovered.values()) this.#mainProfiles.doubt(id);
    const gone = new Set(this.#configured.keys());
    for (const record of records) {
      const before = this.#configured.get(record.device);
      gone.delete(record.device);
      this.#configured.set(record.device, { record, met: undefined });
      if (!before || !isSame(before.record, record)) this.#tell(record);
    }
    for (const device of gone) {
      this.#configured.delete(device);
      this.#probes.forget(device);
      this.#remove(device);
    }
  }

  /**
   * To be called before an event of the device is appended; cheap for a device that is known.
   * A probe that is new at it is told of, too.
   */
  met(device: KnownDevice, event?: GatewayEvent): void {
    const hasNewProbe = event?.kind === "measurement" && this.#probes.meet(device, event.data);
    const configured = this.#configured.get(device.id);
    const isTold = configured ? this.#metConfigured(configured, device) : this.#metStranger(device);
    if (!hasNewProbe) return;
    this.#revision += 1;
    if (!isTold) this.#tellAgain(device.id);
  }

  /** Takes down what a device says of itself that is read by a profile; tells the hub what is new. */
  learn(device: DeviceId, facts: Facts): void {
    const before = this.#facts.get(device);
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(facts)) return;
    this.#facts.set(device, facts);
    this.#tellAgain(device);
  }

  #tellAgain(device: DeviceId): void {
    const configured = this.#configured.get(device);
    const discovered = this.#discovered.get(device);
    if (configured) this.#tell(configured.record);
    else if (discovered) this.#tell(describeDevice(discovered));
  }

  #tell(record: DeviceRecord): void {
    this.#append(this.#withFacts(record));
  }

  #withFacts(listed: DeviceRecord): DeviceRecord {
    const record = this.#probes.addTo(listed);
    const facts = this.#facts.get(record.device);
    return facts ? { ...record, attrs: { ...facts, ...record.attrs } } : record;
  }

  /** What the hub was told of a device. */
  recordOf(device: DeviceId): DeviceRecord | undefined {
    const known = this.discoveredAs(device);
    const record = this.#configured.get(device)?.record ?? (known && describeDevice(known));
    return record && this.#withFacts(record);
  }

  /** True where the hub was told. */
  #metStranger(device: KnownDevice): boolean {
    const before = this.#discovered.get(device.id);
    if (before && this.#mainProfiles.isBeside(before, device)) return false;
    if (before === device) return false;
    this.#discovered.set(device.id, device);
    if (before && isSameKind(before, device)) return false;
    this.#revision += 1;
    this.#succeed(device);
    this.#tell(describeDevice(device));
    return true;
  }

  /** Who speaks under a new name has none of the names before; who speaks under an old one keeps it. */
  #succeed({ id, profile, word }: KnownDevice): void {
    this.#formerly.delete(id);
    if (word === undefined) return;
    const former = this.#formerly.get(toDeviceId(word));
    if (former?.profile.name !== profile.name) return;
    this.#formerly.delete(former.id);
    this.#remove(former.id);
  }

  /** The same of one that is configured. */
  #metConfigured(before: Configured, device: KnownDevice): boolean {
    if (before.met === device) return false;
    const record = describeDevice(device);
    this.#configured.set(device.id, { record, met: device });
    if (isSame(before.record, record)) return false;
    this.#tell(record);
    return true;
  }

  /**
   * Knows a device again that an earlier process met; says so only where the hub was told something
   * else of it. `mark` is what `markOf` gave then, `naming` what `sayNaming` did: a device that was
   * named in another way is known by that name until it speaks under the new one.
   */
  recall(device: KnownDevice, mark: string, naming: string): void {
    if (this.knows(device.id)) return;
    const isNow = naming === sayNaming(device.profile.naming);
    (isNow ? this.#discovered : this.#formerly).set(device.id, device);
    if (isNow) this.#mainProfiles.doubt(device.id);
    if (markOf(device) !== mark) this.#tell(describeDevice(device));
  }

  /** A device that was met and is not configured, as it was met. */
  discoveredAs(device: DeviceId): KnownDevice | undefined {
    return this.#formerly.get(device) ?? this.#discovered.get(device);
  }

  /** The devices that were met and are not configured. */
  *discovered(): Iterable<KnownDevice> {
    yield* this.#formerly.values();
    yield* this.#discovered.values();
  }

  /** All devices that were announced, in short. */
  *known(): Iterable<DeviceOutline> {
    for (const { record } of this.#configured.values()) yield outlineOfRecord(record);
    for (const device of this.discovered()) yield outlineOfKnown(device);
  }

  /** True for a device under a name that its profile does not give any more. */
  isFormer(device: DeviceId): boolean {
    return this.#formerly.has(device);
  }

  /** Changes when `discovered` gives something else. */
  get revision(): number {
    return this.#revision;
  }

  /** Announces it no more unless it speaks again; false, and nothing, where it is configured. */
  forget(device: DeviceId): boolean {
    this.#formerly.delete(device);
    this.#discovered.delete(device);
    if (!this.#configured.has(device)) this.#probes.forget(device);
    this.#mainProfiles.forget(device);
    this.#revision += 1;
    return !this.#configured.has(device);
  }

  /** Tells the hub that a device took itself back, unless the configuration names it. */
  withdraw(device: DeviceId): void {
    if (this.knows(device) && this.forget(device)) this.#remove(device);
  }

  isConfigured(device: DeviceId): boolean {
    return this.#configured.has(device);
  }

  /** True for a device that was announced. */
  knows(device: DeviceId): boolean {
    if (this.#configured.has(device) || this.#formerly.has(device)) return true;
    return this.#discovered.get(device) !== undefined;
  }

  /** The one of them that was announced; null where none was, or any of several may be meant. */
  onlyKnown(devices: readonly DeviceId[]): DeviceId | null {
    const [known, ...others] = devices.filter((device) => this.knows(device));
    return known === undefined || others.length > 0 ? null : known;
  }

  get count(): number {
    return this.#configured.size + this.#formerly.size + this.#discovered.size;
  }

  #again(): void {
    this.#timer = this.#clock.setTimer(everyMs, () => {
      for (const { record } of this.#configured.values()) this.#tell(record);
      for (const device of this.discovered()) this.#tell(describeDevice(device));
      this.#again();
    });
  }
}
