/**
 * The road of one message to its events: measurements, a status, rejections. Nothing is dropped that
 * is not counted, nothing is thrown for what a device sends.
 *
 * Those who may read a message are asked one after the other. Whoever finds that it is somebody
 * else's, or cannot decode it, leaves it to the next; where nobody reads it, the rejection says what
 * the first found. A value that does not fit is stored beside those that do, as what came and of quality
 * bad; only a message without any value that fits is a rejection, which keeps the payload.
 */
import { bug } from "../core/errors.ts";
import type { CutMessage, RawMessage } from "../core/message.ts";
import type { RejectionCode } from "../core/rejection.ts";
import type { Catalog } from "./catalog.ts";
import { decode } from "./decode.ts";
import { type Refused, rejectionOf, statusEventOf } from "./make-event.ts";
import { wordsOfMessage } from "./message-words.ts";
import { isMisfit, type Misfit } from "./misfit.ts";
import type { Normalized, PassedOverMessage, StoredMessage } from "./normalized.ts";
import { openInner } from "./open.ts";
import { genericProfile, type Profile } from "./profile.ts";
import { createMemberReader, type ReadingLimits } from "./read-member.ts";
import { createMembersReader } from "./read-members.ts";
import {
  isConfigured,
  isUnread,
  noiseRoute,
  type ReadingRoute,
  type Route,
  type Routes,
  siteIgnores,
} from "./route.ts";
import type { SelfDescribed } from "./self-described.ts";
import type { SessionReader } from "./session-reader.ts";
import { readStatus, statusOfWill } from "./status.ts";
import { chooseTime, type EventTime } from "./times/device-time.ts";
import { Findings } from "./walk/findings.ts";
import { MessageReaders } from "./walk/message-reader.ts";
import { whoseMember } from "./whose.ts";

export interface NormalizerParts extends ReadingLimits {
  readonly catalog: Catalog;
  /** Devices that describe themselves; nobody listens to them without it. */
  readonly described?: SelfDescribed;
  /** Protocols whose messages need those before them; they are nobody's without it. */
  readonly sessions?: SessionReader;
}

/** Gives the function that reads messages; `clockSynced` is that of the gateway's own clock. */
export function createNormalizer(
  parts: NormalizerParts,
): (message: RawMessage, clockSynced: boolean) => Normalized {
  const { catalog, described, maxAgeMs, maxRejectedBytes, maxSkewMs, sessions } = parts;
  const readers = new MessageReaders(parts.unread ?? new Findings());
  const readMember = createMemberReader(parts, readers);
  const readMembers = createMembersReader({ catalog, readers, readMember, maxRejectedBytes });

  return (message, clockSynced) => {
    const known = catalog.routes(message.address, message.device);
    const taken = isIgnoredBySite(known) ? undefined : described?.take(message);
    const now = chooseTime(undefined, message.receivedMs, clockSynced, maxSkewMs, maxAgeMs);
    if (taken !== undefined)
      return isMisfit(taken)
        ? rejectionOf(message, now, taken, maxRejectedBytes)
        : { passedOver: "description", ...taken };
    const routes =
      described !== undefined && isLeftTo(described, message, known)
        ? routesDescribed(described, message, known)
        : known;
    const [first] = routes;
    if (first.kind === "noise") return first.passed;
    if (message.payload.byteLength === 0 && isCleared(first, message)) return cleared;
    const { cut, damaged, will } = message.attributes;
    if (sessions !== undefined && cut === undefined && damaged === undefined && isUnread(routes)) {
      const found = sessions.read(message, clockSynced, parts);
      if (found !== undefined) return found;
    }
    if (will && first.kind !== "status") {
      const device = first.kind === "measurement" ? first.device : undefined;
      return statusEventOf(message, now, device, statusOfWill(message));
    }
    if (cut !== undefined) {
      const refused = refusedBy(first, { code: "undecodable", reason: sayTooLarge(cut) });
      return rejectionOf(message, now, refused, maxRejectedBytes);
    }
    if (damaged !== undefined)
      return rejectionOf(
        message,
        now,
        refusedBy(first, { code: "damaged", reason: damaged }),
        maxRejectedBytes,
      );
    if (routes !== known && routes.length > 1) return readByAll(routes, message, clockSynced, now);
    let refused: Refused | undefined;
    for (const route of routes) {
      if (route.kind === "noise") return route.passed;
      // A damaged message of a known device is not news of another.
      if (refused?.code === "undecodable" && isGeneric(route)) break;
      const found = readBy(route, message, clockSynced, now);
      if (isMisfit(found)) {
        if (refused === undefined || (refused.isOthers && !found.isOthers)) refused = found;
      } else if (refused === undefined || refused.isOthers || hasReading(found)) return found;
    }
    if (refused === undefined) bug(`no route for ${message.address}`);
    return rejectionOf(message, now, refused, maxRejectedBytes);
  };

  /** By profiles, or as devices described the topic themselves. */
  function routesDescribed(from: SelfDescribed, { address, device }: RawMessage, known: Routes) {
    const found = from.find(address, device);
    if (found?.kind === "routes") return found.routes;
    if (found?.kind === "nothing") return nothingToStore;
    return found === undefined ? known : catalog.routes(found.topic, device);
  }

  /** Several devices described the topic: each has what is its own in the message. */
  function readByAll(
    routes: Routes,
    message: RawMessage,
    clockSynced: boolean,
    now: EventTime,
  ): StoredMessage {
    let refused: Refused | undefined;
    const read: StoredMessage[] = [];
    for (const route of routes) {
      if (route.kind === "noise") continue;
      const found = readBy(route, message, clockSynced, now);
      if (isMisfit(found)) refused ??= found;
      else read.push(found);
    }
    const readings = read.filter(hasReading);
    const [first, ...others] = readings.length > 0 ? readings : read.slice(0, 1);
    if (first === undefined)
      return rejectionOf(message, now, refused ?? noReading, maxRejectedBytes);
    return others.length === 0 ? first : { ...first, more: others };
  }

  function readBy(
    route: ReadableRoute,
    message: RawMessage,
    clockSynced: boolean,
    now: EventTime,
  ): StoredMessage | Refused {
    if (route.kind === "measurement") return readMeasurements(route, message, clockSynced, now);
    if (route.kind === "none") return route;
    const status = readStatus(route.status, message);
    return isMisfit(status)
      ? refusedBy(route, status)
      : statusEventOf(message, now, route.device, status);
  }

  function readMeasurements(
    route: ReadingRoute,
    message: RawMessage,
    clockSynced: boolean,
    now: EventTime,
  ): StoredMessage | Refused {
    const { profile, words } = route;
    const { maxPayloadBytes } = profile;
    if (maxPayloadBytes !== undefined && message.payload.byteLength > maxPayloadBytes) {
      const reason = `payload has ${message.payload.byteLength} bytes, and max_payload of ${profile.id} allows ${maxPayloadBytes}`;
      return refusedBy(route, { code: "undecodable", reason });
    }
    const outer = decode(profile.codec, message.payload, message.receivedMs);
    const decoded =
      profile.open.length === 0 ? outer : openInner(outer, profile.open, message.receivedMs);
    if (!decoded.ok) return refusedBy(route, { code: "undecodable", reason: decoded.reason });
    const { value } = decoded;
    if (profile.when !== undefined && profile.when.run(value, value, words) !== true)
      return isOthers(profile, "no-profile", `it reads only messages with ${profile.when.text}`);
    if (profile.each.length > 0) {
      const found = readMembers(message, clockSynced, now, route, decoded);
      if (found === undefined)
        return isOthers(profile, "no-metric", `there is nothing in ${sayWay(profile)}`);
      return isMisfit(found) ? refusedBy(route, found) : found;
    }
    const own = wordsOfMessage(profile, words, value, value);
    const device = whoseMember(catalog, route, value, value, own);
    if (isMisfit(device)) return { ...device, profile: profile.id };
    const named = route.renames ? { ...route, metrics: catalog.metricsOf(profile, own) } : route;
    return readMember(message, clockSynced, now, named, device, decoded);
  }
}

function isGeneric(route: Route): boolean {
  return route.kind === "measurement" && route.profile.name === genericProfile;
}

type ReadableRoute = Exclude<Route, { kind: "noise" }>;

/** Such a message takes back what was retained of its topic (MQTT 3.1.1 §3.3.1.3), or asks for news. */
const cleared: PassedOverMessage = { passedOver: "cleared" };

const noReading: Misfit = { code: "no-metric", reason: "nobody reads the message" };
/** Commands to devices, and attributes for people. */
const nothingToStore: Routes = [noiseRoute("description", "")];

/** True where no profile reads the topic, or none that could mean it. */
function isLeftTo(described: SelfDescribed, { address }: RawMessage, known: Routes): boolean {
  return isUnread(known) || (described.isOwn(address) && !isConfigured(known));
}

/** The site says itself that it wants nothing of the topic. */
function isIgnoredBySite([first]: Routes): boolean {
  return first.kind === "noise" && first.passed.by === siteIgnores;
}

/** A will says something without a word, and so may a status. */
function isCleared(route: Route, { attributes }: RawMessage): boolean {
  if (attributes.will) return false;
  if (route.kind !== "status") return true;
  const { offline, online } = route.status;
  return !online.includes("") && !offline.includes("");
}

function refusedBy(route: ReadableRoute, misfit: Misfit): Refused {
  if (route.kind === "none") return misfit;
  const { device } = route;
  const { id } = route.kind === "measurement" ? route.profile : route.device.profile;
  return { ...misfit, device, profile: id };
}

/** No device is known of what is not for its profile. */
function isOthers({ id }: Profile, code: RejectionCode, why: string): Refused {
  return { code, reason: `${id} takes the topic, but ${why}`, profile: id, isOthers: true };
}

function sayWay({ each }: Profile): string {
  return each.map(({ paths }) => paths.map(({ text }) => text).join(" or ")).join(", then in ");
}

function hasReading({ event, more = [] }: StoredMessage): boolean {
  return event.kind !== "rejection" || more.some((one) => one.event.kind !== "rejection");
}

function sayTooLarge({ atMost, bytes, limit }: CutMessage): string {
  return `the message has ${bytes} bytes, and ${limit} allows ${atMost}; raise it, or ignore the topic`;
}
