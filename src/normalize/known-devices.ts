/**
 * The devices that messages are from: those that are configured, and as many discovered ones as may
 * be remembered. Their names come from topics and out of messages, so strangers can make them up.
 */
import { BoundedMap } from "../core/bounded-map.ts";
import type { DeviceRecord } from "../core/device.ts";
import { type DeviceId, isId, toDeviceId } from "../core/ids.ts";
import { ownText } from "../core/own-text.ts";
import { matchesTopic } from "../core/topic-filter.ts";
import { describeDevice, type KnownDevice } from "./known-device.ts";
import type { Misfit } from "./misfit.ts";
import type { Profile } from "./profile.ts";
import { nameDevice } from "./topics/device-name.ts";
import type { Captures } from "./topics/topic-template.ts";

/** A configured device and the topics that are its own. */
export interface ConfiguredDevice {
  readonly device: KnownDevice;
  readonly filter: string | undefined;
}

const maxDiscovered = 65_536;
/** As much of a name is told of in a reason. */
const shownCharacters = 128;

export class KnownDevices {
  readonly #configured: readonly ConfiguredDevice[];
  readonly #byId: ReadonlyMap<DeviceId, KnownDevice>;
  readonly #discovered = new BoundedMap<string, KnownDevice>(maxDiscovered);

  readonly #met = new BoundedMap<DeviceId, true>(maxDiscovered);

  constructor(configured: readonly ConfiguredDevice[]) {
    this.#configured = configured;
    this.#byId = new Map(configured.map(({ device }) => [device.id, device]));
  }

  configured(id: DeviceId): KnownDevice | undefined {
    return this.#byId.get(id);
  }

  /** The configured device whose own topic it is. */
  ownerOf(topic: string): KnownDevice | undefined {
    return this.#configured.find(
      ({ filter }) => filter !== undefined && matchesTopic(filter, topic),
    )?.device;
  }

  /** What the hub must know before these devices speak. */
  records(): DeviceRecord[] {
    return this.#configured.map(({ device }) => describeDevice(device));
  }

  /**
   * The device that a topic or a message of a profile calls `word`; configured where the
   * configuration means it. `words` are all that its name is made of.
   */
  called(word: string, profile: Profile, words: Captures, place: string): KnownDevice | Misfit {
    const id = toDeviceId(nameDevice(profile.naming, words));
    if (!isId(word) || !isId(id))
      return {
        code: "bad-device",
        reason: `"${word.slice(0, shownCharacters)}" in ${place} cannot be the id of a device`,
      };
    return this.#claimant(profile, word, id) ?? this.discover(id, profile, word);
  }

  /** The same device where a message of it was read before, or the configuration has it. */
  known(word: string, profile: Profile, words: Captures): KnownDevice | undefined {
    const id = toDeviceId(nameDevice(profile.naming, words));
    const owner = this.#claimant(profile, word, id);
    if (owner !== undefined) return owner;
    return this.#met.get(id) === undefined ? undefined : this.discover(id, profile, word);
  }

  /** Those that were met before are known here, too. */
  recall(before: KnownDevices): void {
    for (const [id] of before.#met.entries()) this.#met.set(id, true);
  }

  /** The same object for as long as it is remembered; `word` is what the device is called by. */
  discover(id: DeviceId, profile: Profile, word: string | undefined): KnownDevice {
    const key = `${profile.id}\0${id}`;
    const known = this.#discovered.get(key);
    if (known !== undefined) return known;
    const own = word === undefined ? undefined : ownText(word);
    const device: KnownDevice = { id, word: own, profile, configured: undefined };
    this.#discovered.set(key, device);
    this.#met.set(id, true);
    return device;
  }

  /**
   * The configured device that a topic of a profile names: in the family by the bare word, in any
   * family where no profile's topic is its own. With a topic of its own it is no other application's.
   */
  #claimant(profile: Profile, word: string, id: DeviceId): KnownDevice | undefined {
    const owner = this.#byId.get(toDeviceId(word));
    const isOfFamily = owner?.profile.naming.family === profile.naming.family;
    if (owner && owner.profile.topics.length === 0) return owner;
    if (owner && isOfFamily && (profile.naming.words.length === 0 || !owner.configured?.topic))
      return owner;
    return this.#byId.get(id);
  }
}
