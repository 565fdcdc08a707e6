/** How the messages of one topic may be read: what the catalog finds, and the reader goes through. */
import type { RejectionCode } from "../core/rejection.ts";
import type { KnownDevice } from "./known-device.ts";
import type { PassedOverMessage } from "./normalized.ts";
import { genericProfile, type Profile, type StatusMapping, takesAll } from "./profile.ts";
import type { Captures } from "./topics/topic-template.ts";
import type { TopicMetrics } from "./walk/metric.ts";

/** A profile reads the message. */
export interface ReadingRoute {
  readonly kind: "measurement";
  readonly profile: Profile;
  /** Whom credentials, configuration or topic name; undefined where only the message can. */
  readonly device: KnownDevice | undefined;
  /** The message itself is asked first whom it is from. */
  readonly asksMessage: boolean;
  /** Under the names that they have on this topic. */
  readonly metrics: TopicMetrics;
  /** Names of metrics depend on the keys of members, too. */
  readonly renames: boolean;
  /** Words of the topic, where the profile asks for them beyond the names of metrics. */
  readonly words: Captures;
}

export type Route =
  | ReadingRoute
  | { readonly kind: "status"; readonly device: KnownDevice; readonly status: StatusMapping }
  | { readonly kind: "noise"; readonly passed: PassedOverMessage }
  | { readonly kind: "none"; readonly code: RejectionCode; readonly reason: string };

/** In the order in which they are asked; the first that takes a message reads it. */
export type Routes = readonly [Route, ...Route[]];

/** What a list of routes takes beside its topic, each route in it, and each metric of that. */
const listBytes = 128;
const routeBytes = 128;
const metricBytes = 64;

/** What the routes of a topic take in memory. */
export function weighRoutes(topic: string, routes: Routes): number {
  let bytes = listBytes + 2 * topic.length;
  for (const route of routes) {
    bytes += routeBytes;
    if (route.kind !== "measurement") continue;
    bytes += route.metrics.length * metricBytes;
    for (const [word, found] of route.words)
      bytes += metricBytes + 2 * (word.length + found.length);
  }
  return bytes;
}

/** True where a route takes whatever its codec can read. */
export function isTaken(routes: readonly Route[]): boolean {
  return routes.some((route) => route.kind === "measurement" && takesAll(route.profile));
}

/**
 * False where a route in front takes all that this profile could: what is left are messages that its
 * codec cannot read.
 */
export function isReachable(profile: Profile, routes: readonly Route[]): boolean {
  return !routes.some(
    (route) =>
      route.kind === "measurement" &&
      takesAll(route.profile) &&
      route.profile.codec === profile.codec,
  );
}

/** The name by which the configuration says that a topic is noise. */
export const siteIgnores = "profiles.ignore";

/** True where nobody reads messages of these routes, or only who reads all that nobody knows. */
export function isUnread([first]: Routes): boolean {
  if (first.kind === "none") return true;
  if (first.kind !== "measurement" || first.profile.name !== genericProfile) return false;
  return !isConfigured([first]);
}

/** True where the configuration says whose the messages are. */
export function isConfigured([first]: Routes): boolean {
  if (first.kind !== "measurement" && first.kind !== "status") return false;
  return first.device?.configured !== undefined;
}

/** Messages that are counted and not stored; `by` is who says so. */
export function noiseRoute(by: string, filter: string): Route {
  return { kind: "noise", passed: { passedOver: "ignored", by, filter } };
}

export function noRoute(code: RejectionCode, reason: string): Route {
  return { kind: "none", code, reason };
}
