/**
 * Who may read the messages of a topic: a short list of profiles, the one that says most about the
 * topic first, each with the device that it takes the message to be from.
 *
 * Configured devices win over discovered ones, credentials over topics. The list ends with a configured
 * device, or with a profile that takes all of the topic but what only another codec can read.
 *
 * Invariants
 * - The answer depends on topic and credentials only, never on the payload or on earlier messages, but
 *   for a status that is of known devices only.
 * - What strangers send takes a bounded amount of memory.
 */
import { BoundedMap } from "../core/bounded-map.ts";
import type { DeviceRecord } from "../core/device.ts";
import { type DeviceId, isId, toDeviceId } from "../core/ids.ts";
import { matchesTopic } from "../core/topic-filter.ts";
import type { KnownDevice } from "./known-device.ts";
import { type ConfiguredDevice, KnownDevices } from "./known-devices.ts";
import type { Matcher } from "./matcher.ts";
import { MetricNames } from "./metric-names.ts";
import { isMisfit, type Misfit } from "./misfit.ts";
import { asksForWords, namesByMessage, namesItself, type Profile } from "./profile.ts";
import {
  isReachable,
  isTaken,
  noiseRoute,
  noRoute,
  type ReadingRoute,
  type Route,
  type Routes,
  siteIgnores,
  weighRoutes,
} from "./route.ts";
import { nameDevice } from "./topics/device-name.ts";
import {
  type Captures,
  matchOwnTopic,
  matchTemplate,
  type TopicTemplate,
} from "./topics/topic-template.ts";
import type { TopicMetrics } from "./walk/metric.ts";

/** What the routes of topics may take: those of 60,000 short topics, or of 200 of the longest. */
const maxRouteBytes = 32 * 1024 * 1024;
/** Profiles that are asked about one message. */
const mostRoutes = 8;
const noWords: Captures = new Map();

/** Made by `createCatalog` only. */
export class Catalog {
  #ignore: readonly string[];
  #devices: KnownDevices;
  #matchers: readonly Matcher[];
  #generic: Profile | undefined;
  /** Those whose devices have no word before their own. */
  #families: readonly string[];
  #routes = new BoundedMap<string, Routes>(maxRouteBytes, weighRoutes);
  #names = new MetricNames();
  /** What was found last is another once a device was met. */
  #isForNow = false;

  /** `matchers` in the order in which they are asked. */
  constructor(
    configured: readonly ConfiguredDevice[],
    matchers: readonly Matcher[],
    generic: Profile | undefined,
    ignore: readonly string[],
  ) {
    this.#ignore = ignore;
    this.#devices = new KnownDevices(configured);
    this.#matchers = matchers;
    this.#generic = generic;
    const names = matchers.map(({ listed }) => listed.outline.naming);
    this.#families = [
      ...new Set(names.flatMap(({ family, words }) => (words.length === 0 ? family : []))),
    ];
  }

  /**
   * Reads from now on as `next` would, which is of no use any more. Devices come as new objects.
   */
  adopt(next: Catalog): void {
    next.#devices.recall(this.#devices);
    this.#ignore = next.#ignore;
    this.#devices = next.#devices;
    this.#matchers = next.#matchers;
    this.#generic = next.#generic;
    this.#families = next.#families;
    this.#routes = next.#routes;
    this.#names = next.#names;
  }

  /** The routes of a topic; `device` is the one that the credentials name. */
  routes(topic: string, device: DeviceId | undefined): Routes {
    const key = device === undefined ? topic : `${device}\0${topic}`;
    const known = this.#routes.get(key);
    if (known !== undefined) return known;
    this.#isForNow = false;
    const [first, ...others] = this.#find(topic, device);
    const found: Routes = [
      first ?? noRoute("no-profile", "no device and no profile takes this topic"),
      ...others,
    ];
    if (!this.#isForNow) this.#routes.set(key, found);
    return found;
  }

  /**
   * The device that a message names itself; `words` are those of the topic and of the members around
   * it. What nobody can be called is a misfit.
   */
  identify(word: string, profile: Profile, words: Captures): KnownDevice | Misfit {
    const all = new Map([...words, ["device", word]]);
    return this.#devices.called(word, profile, all, "the message");
  }

  /** The metrics of a profile under the names that these words give them. */
  metricsOf(profile: Profile, words: Captures): TopicMetrics {
    return this.#names.of(profile, words);
  }

  /** The ids that a device may have whose topic, or whose client, calls it so. */
  idsOf(word: string): DeviceId[] {
    return [word, ...this.#families.map((family) => `${family}-${word}`)].map(toDeviceId);
  }

  /** The device that the configuration names. */
  configured(id: DeviceId): KnownDevice | undefined {
    return this.#devices.configured(id);
  }

  /**
   * The device that was discovered earlier by a profile of this name; undefined where the profile is
   * gone, or the device is configured now.
   */
  discovered(id: DeviceId, profileName: string): KnownDevice | undefined {
    if (this.#devices.configured(id)) return undefined;
    const profile =
      this.#generic?.name === profileName
        ? this.#generic
        : this.#matchers.find(({ listed }) => listed.outline.name === profileName)?.listed.read();
    return profile && this.#devices.discover(id, profile, undefined);
  }

  /** What the hub must know before these devices speak. */
  configuredDevices(): DeviceRecord[] {
    return this.#devices.records();
  }

  #find(topic: string, named: DeviceId | undefined): Route[] {
    const ignoring = this.#ignore.find((filter) => matchesTopic(filter, topic));
    if (ignoring !== undefined) return [noiseRoute(siteIgnores, ignoring)];
    const levels = topic.split("/");
    if (named !== undefined) {
      const configured = this.#devices.configured(named);
      if (configured) return this.#routesOfConfigured(configured, levels, true);
    } else {
      const owner = this.#devices.ownerOf(topic);
      // Its entry means all that comes on the topic; but several devices are not one.
      if (owner) return this.#routesOfConfigured(owner, levels, owner.profile.each.length === 0);
    }
    const routes: Route[] = [];
    for (const { devicePrefix, listed, noise, status, template } of this.#matchers) {
      if (routes.length === mostRoutes) return routes;
      const words = matchTemplate(template, levels);
      if (words === undefined || (noise !== undefined && isTaken(routes))) continue;
      if (noise !== undefined) return [...routes, noiseRoute(listed.outline.name, noise.text)];
      const word = words.get("device");
      if (word?.startsWith(devicePrefix) === false) continue;
      const profile = listed.read();
      if (status === undefined && !isReachable(profile, routes)) continue;
      if (status?.known && named === undefined && word !== undefined)
        if (this.#devices.known(word, profile, words) === undefined) {
          this.#isForNow = true;
          continue;
        }
      const device = this.#deviceOf(profile, words, named);
      if (device !== undefined && isMisfit(device)) {
        if (routes.length === 0) routes.push({ kind: "none", ...device });
        return routes;
      }
      // What a configured device says is read by its own profile, on all its topics.
      if (device?.configured !== undefined)
        return [...routes, ...this.#routesOfConfigured(device, levels, false)];
      if (status === undefined)
        routes.push(this.#reading(profile, words, device, named !== undefined));
      else if (device !== undefined) routes.push({ kind: "status", device, status });
    }
    const generic = this.#genericRoute(topic, named);
    if (generic?.kind === "measurement" && isReachable(generic.profile, routes))
      routes.push(generic);
    return routes.length === 0 && generic !== undefined ? [generic] : routes;
  }

  /** Undefined where neither credentials nor topic say who it is. */
  #deviceOf(
    profile: Profile,
    words: Captures,
    named: DeviceId | undefined,
  ): KnownDevice | Misfit | undefined {
    if (named !== undefined) return this.#devices.discover(named, profile, undefined);
    const word = words.get("device");
    if (word === undefined) return undefined;
    const device = this.#devices.called(word, profile, words, "the topic");
    return isMisfit(device) && namesItself(profile) ? undefined : device;
  }

  #reading(
    profile: Profile,
    words: Captures,
    device: KnownDevice | undefined,
    isSure: boolean,
  ): ReadingRoute {
    return {
      kind: "measurement",
      profile,
      device,
      asksMessage: !isSure && namesItself(profile),
      metrics: this.#names.of(profile, words),
      renames: namesByMessage(profile),
      words: asksForWords(profile) ? words : noWords,
    };
  }

  /** Such a device has topics of its own; their ends tell status from measurements. */
  #routesOfConfigured(device: KnownDevice, levels: readonly string[], isSure: boolean): Route[] {
    const { profile } = device;
    const isOwn = (template: TopicTemplate): boolean =>
      matchOwnTopic(template, levels) !== undefined;
    const ignored = profile.ignored.find(({ templates }) => templates.some(isOwn));
    if (ignored !== undefined) return [noiseRoute(profile.name, ignored.text)];
    const status = profile.status.find(({ topic }) => isOwn(topic));
    const template = profile.topics.find(isOwn);
    const words = (template && matchOwnTopic(template, levels)) ?? noWords;
    const reading = this.#reading(profile, words, device, isSure);
    return status === undefined ? [reading] : [{ kind: "status", device, status }, reading];
  }

  /** With the generic profile the whole topic is the device. */
  #genericRoute(topic: string, named: DeviceId | undefined): Route | undefined {
    const profile = this.#generic;
    if (profile === undefined) return undefined;
    const words = new Map([["device", topic]]);
    const id = named ?? toDeviceId(nameDevice(profile.naming, words));
    if (!isId(id) || topic === "")
      return noRoute("bad-device", "the topic cannot be the id of a device");
    const device = this.#devices.discover(id, profile, named === undefined ? topic : undefined);
    return this.#reading(profile, noWords, device, true);
  }
}
