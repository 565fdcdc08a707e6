/**
 * Which device a message is from and which profile reads it.
 *
 * Configured devices win over discovered ones, credentials over topics. Where the topics of several
 * profiles take a message, the one that says more about the topic wins.
 *
 * Invariants
 * - The answer depends on topic and credentials only, never on the payload or on earlier messages.
 * - What strangers send takes a bounded amount of memory.
 */

import { BoundedMap } from "../core/bounded-map.ts";
import type { DeviceRecord } from "../core/device.ts";
import { type DeviceId, isId, toDeviceId } from "../core/ids.ts";
import type { RejectionCode } from "../core/rejection.ts";
import { matchesTopic } from "../core/topic-filter.ts";
import { nameDevice } from "./device-name.ts";
import type { IgnoredTopics } from "./ignored-topics.ts";
import { describeDevice, type KnownDevice } from "./known-device.ts";
import { dependsOnTopic, type Metric, nameMetric } from "./metric.ts";
import type { PassedOverMessage } from "./normalized.ts";
import type { Profile, StatusMapping } from "./profile.ts";
import {
  type Captures,
  matchOwnTopic,
  matchTemplate,
  type TopicTemplate,
} from "./topic-template.ts";

/** How the messages of one topic are read, or why they are not. */
export type Route =
  | {
      readonly kind: "measurement";
      readonly device: KnownDevice;
      readonly metrics: readonly Metric[];
    }
  | { readonly kind: "status"; readonly device: KnownDevice; readonly status: StatusMapping }
  | { readonly kind: "noise"; readonly passed: PassedOverMessage }
  | { readonly kind: "none"; readonly code: RejectionCode; readonly reason: string };

/** One topic template of one profile. */
export interface Matcher {
  readonly template: TopicTemplate;
  readonly devicePrefix: string;
  readonly profile: Profile;
  /** Undefined for topics of measurements. */
  readonly status?: StatusMapping | undefined;
  /** Of topics that nobody needs. */
  readonly noise?: IgnoredTopics;
}

/** A configured device and the topics that are its own. */
export interface ConfiguredDevice {
  readonly device: KnownDevice;
  readonly filter: string | undefined;
}

/** What the routes of topics may take: those of 60,000 short topics, or of 200 of the longest. */
const maxRouteBytes = 32 * 1024 * 1024;
const maxDiscovered = 65_536;
/** What a route takes beside its topic, and each of its metrics. */
const routeBytes = 256;
const metricBytes = 64;
/** As much of a topic is told of in a reason. */
const shownCharacters = 128;

/** Made by `createCatalog` only. */
export class Catalog {
  readonly #ignore: readonly string[];
  readonly #configured: readonly ConfiguredDevice[];
  readonly #byId: ReadonlyMap<DeviceId, KnownDevice>;
  readonly #matchers: readonly Matcher[];
  readonly #generic: Profile | undefined;
  /** Those whose devices have no word before their own. */
  readonly #families: readonly string[];
  readonly #routes = new BoundedMap<string, Route>(maxRouteBytes, weighRoute);
  /** What profiles measure whose metrics have one name under every topic. */
  readonly #fixedMetrics = new Map<Profile, readonly Metric[]>();
  readonly #discovered = new BoundedMap<string, KnownDevice>(maxDiscovered);

  /** `matchers` in the order in which they are asked. */
  constructor(
    configured: readonly ConfiguredDevice[],
    matchers: readonly Matcher[],
    generic: Profile | undefined,
    ignore: readonly string[],
  ) {
    this.#ignore = ignore;
    this.#configured = configured;
    this.#byId = new Map(configured.map(({ device }) => [device.id, device]));
    this.#matchers = matchers;
    this.#generic = generic;
    const names = matchers.map(({ profile }) => profile.naming);
    this.#families = [
      ...new Set(names.flatMap(({ family, words }) => (words.length === 0 ? family : []))),
    ];
  }

  /** The route of a topic; `device` is the one that the credentials name. */
  route(topic: string, device: DeviceId | undefined): Route {
    const key = device === undefined ? topic : `${device}\0${topic}`;
    const known = this.#routes.get(key);
    if (known !== undefined) return known;
    const found = this.#find(topic, device);
    this.#routes.set(key, found);
    return found;
  }

  /** The ids that a device may have whose topic, or whose client, calls it so. */
  idsOf(word: string): DeviceId[] {
    return [word, ...this.#families.map((family) => `${family}-${word}`)].map(toDeviceId);
  }

  /**
   * The device that was discovered earlier by a profile of this name; undefined where the profile is
   * gone, or the device is configured now.
   */
  discovered(id: DeviceId, profileName: string): KnownDevice | undefined {
    if (this.#byId.has(id)) return undefined;
    const profile =
      this.#generic?.name === profileName
        ? this.#generic
        : this.#matchers.find((matcher) => matcher.profile.name === profileName)?.profile;
    return profile && this.#discover(id, profile, undefined);
  }

  /** What the hub must know before these devices speak. */
  configuredDevices(): DeviceRecord[] {
    return this.#configured.map(({ device }) => describeDevice(device));
  }

  #find(topic: string, named: DeviceId | undefined): Route {
    const ignoring = this.#ignore.find((filter) => matchesTopic(filter, topic));
    if (ignoring !== undefined) return noise("profiles.ignore", ignoring);
    const levels = topic.split("/");
    const configured = named === undefined ? this.#ownerOf(topic) : this.#byId.get(named);
    if (configured !== undefined) return this.#routeOfConfigured(configured, levels);
    for (const { template, devicePrefix, noise: ignored, profile, status } of this.#matchers) {
      const captures = matchTemplate(template, levels);
      if (captures !== undefined && ignored !== undefined) return noise(profile.name, ignored.text);
      const word = captures?.get("device");
      if (captures === undefined || word === undefined || !word.startsWith(devicePrefix)) continue;
      const id = named ?? toDeviceId(nameDevice(profile.naming, captures));
      if (named === undefined && !(isId(word) && isId(id)))
        return none(
          "bad-device",
          `"${word.slice(0, shownCharacters)}" in the topic cannot be the id of a device`,
        );
      const owner = named === undefined ? this.#claimant(profile, word, id) : undefined;
      if (owner !== undefined) return this.#routeOfConfigured(owner, levels);
      const device = this.#discover(id, profile, named === undefined ? word : undefined);
      return status === undefined
        ? { kind: "measurement", device, metrics: this.#nameMetrics(profile, captures) }
        : { kind: "status", device, status };
    }
    if (this.#generic === undefined)
      return none("no-profile", "no device and no profile takes this topic");
    const captures = new Map([["device", topic]]);
    const id = named ?? toDeviceId(nameDevice(this.#generic.naming, captures));
    if (!isId(id) || topic === "")
      return none("bad-device", "the topic cannot be the id of a device");
    return {
      kind: "measurement",
      device: this.#discover(id, this.#generic, named === undefined ? topic : undefined),
      metrics: this.#nameMetrics(this.#generic, new Map()),
    };
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

  /** Such a device has topics of its own; their ends tell status from measurements. */
  #routeOfConfigured(device: KnownDevice, levels: readonly string[]): Route {
    const { profile } = device;
    const isOwn = (template: TopicTemplate): boolean =>
      matchOwnTopic(template, levels) !== undefined;
    const ignored = profile.ignored.find(({ templates }) => templates.some(isOwn));
    if (ignored !== undefined) return noise(profile.name, ignored.text);
    const status = profile.status.find(({ topic }) => isOwn(topic));
    if (status !== undefined) return { kind: "status", device, status };
    const template = profile.topics.find(isOwn);
    const captures: Captures = (template && matchOwnTopic(template, levels)) ?? new Map();
    return { kind: "measurement", device, metrics: this.#nameMetrics(profile, captures) };
  }

  /** One list for all topics where no name depends on the topic. */
  #nameMetrics(profile: Profile, captures: Captures): readonly Metric[] {
    const fixed = this.#fixedMetrics.get(profile);
    if (fixed !== undefined) return fixed;
    const metrics = nameMetrics(profile, captures);
    if (!profile.metrics.some(dependsOnTopic)) this.#fixedMetrics.set(profile, metrics);
    return metrics;
  }

  #ownerOf(topic: string): KnownDevice | undefined {
    return this.#configured.find(
      ({ filter }) => filter !== undefined && matchesTopic(filter, topic),
    )?.device;
  }

  #discover(id: DeviceId, profile: Profile, word: string | undefined): KnownDevice {
    const key = `${profile.id}\0${id}`;
    const known = this.#discovered.get(key);
    if (known !== undefined) return known;
    const device: KnownDevice = { id, word, profile, configured: undefined };
    this.#discovered.set(key, device);
    return device;
  }
}

/** Where the words of a topic give two metrics one name, the earlier one has it. */
function nameMetrics(profile: Profile, captures: Captures): Metric[] {
  const names = new Set<string>();
  return profile.metrics.flatMap((mapping) => {
    const metric = nameMetric(mapping, captures);
    if (metric === undefined) return [];
    if (metric.around === undefined && names.has(metric.name)) return [];
    names.add(metric.name);
    return [metric];
  });
}

function weighRoute(topic: string, route: Route): number {
  const metrics = route.kind === "measurement" ? route.metrics.length : 0;
  return routeBytes + 2 * topic.length + metrics * metricBytes;
}

function noise(by: string, filter: string): Route {
  return { kind: "noise", passed: { passedOver: "ignored", by, filter } };
}

function none(code: RejectionCode, reason: string): Route {
  return { kind: "none", code, reason };
}
