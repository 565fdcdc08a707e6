/**
 * The road of one message to its events: measurements, a status, rejections. Nothing is dropped that
 * is not counted, nothing is thrown for what a device sends.
 *
 * A value that does not fit is stored beside those that do, as what came and of quality bad; a message
 * without any value that fits is a rejection, which keeps the payload.
 */
import type { Status } from "../core/event.ts";
import { eventKinds } from "../core/event-kind.ts";
import { type Extensions, retainedExtensions } from "../core/extensions.ts";
import type { CutMessage, RawMessage } from "../core/message.ts";
import type { Rejection } from "../core/rejection.ts";
import type { Catalog, Route } from "./catalog.ts";
import { decode } from "./decode.ts";
import { chooseTime, type EventTime, readDeviceTime } from "./device-time.ts";
import { hashOf, readIdentity } from "./identity.ts";
import { type KnownDevice, probesOf } from "./known-device.ts";
import { type Metric, type Pack, readMetrics } from "./metric.ts";
import { isMisfit, type Misfit } from "./misfit.ts";
import type { Normalized, NormalizedEvent, PassedOverMessage } from "./normalized.ts";
import { openInner } from "./open.ts";
import { readPath } from "./path.ts";
import { readStatus, statusOfLife, statusOfWill } from "./status.ts";

/** Reasons quote what a device sent, which may be long. */
const maxReasonLength = 512;

export interface NormalizerParts {
  readonly catalog: Catalog;
  /** A device time further ahead is replaced by the time of receipt. */
  readonly maxSkewMs: number;
  /** And so is one that is older, unless the profile says otherwise. */
  readonly maxAgeMs: number;
  /** A rejection keeps this much of the payload. */
  readonly maxRejectedBytes: number;
}

/** Gives the function that reads messages; `clockSynced` is that of the gateway's own clock. */
export function createNormalizer(
  parts: NormalizerParts,
): (message: RawMessage, clockSynced: boolean) => Normalized {
  const { catalog, maxAgeMs, maxSkewMs, maxRejectedBytes } = parts;

  return (message, clockSynced) => {
    const route = catalog.route(message.address, message.device);
    if (route.kind === "noise") return route.passed;
    if (message.payload.byteLength === 0 && isCleared(route, message)) return cleared;
    const now = chooseTime(undefined, message.receivedMs, clockSynced, maxSkewMs, maxAgeMs);
    if (route.kind === "status") {
      const status = readStatus(route.status, message);
      return isMisfit(status)
        ? reject(message, now, status, route.device)
        : statusEvent(route.device, status, now, message);
    }
    if (message.attributes.will) {
      const device = route.kind === "none" ? undefined : route.device;
      return statusEvent(device, statusOfWill(message), now, message);
    }
    const { cut } = message.attributes;
    if (cut !== undefined) {
      const misfit = { code: "undecodable", reason: sayTooLarge(cut) } as const;
      return reject(message, now, misfit, route.kind === "none" ? undefined : route.device);
    }
    if (route.kind === "none") return reject(message, now, route, undefined);
    return readMeasurement(message, clockSynced, route.device, route.metrics, now);
  };

  function readMeasurement(
    message: RawMessage,
    clockSynced: boolean,
    device: KnownDevice,
    metrics: readonly Metric[],
    now: EventTime,
  ): NormalizedEvent {
    const { profile } = device;
    const outer = decode(profile.codec, message.payload, message.receivedMs);
    const decoded =
      profile.open.length === 0 ? outer : openInner(outer, profile.open, message.receivedMs);
    if (!decoded.ok)
      return reject(message, now, { code: "undecodable", reason: decoded.reason }, device);
    const root = decoded.value;
    const pack = readMetrics(metrics, root, root, probesOf(device), decoded.bigNumbers);
    if (pack.fitting === 0) {
      const [doubt] = decoded.misfits ?? [];
      if (doubt !== undefined)
        return reject(message, now, { code: "undecodable", reason: doubt }, device);
      const [misfit] = pack.misfits ?? [];
      if (misfit !== undefined)
        return reject(message, now, { code: "bad-value", reason: misfit.reason }, device);
      if (pack.silent > 0 || profile.alive.some((path) => readPath(path, root) !== undefined))
        return statusEvent(device, statusOfLife(message), now, message);
      const reason = `none of the metrics of ${profile.id} is in the message`;
      return reject(message, now, { code: "no-metric", reason }, device);
    }
    const { receivedMs } = message;
    const told = readDeviceTime(profile.times, root, root);
    const oldestMs = told?.mapping.maxAgeMs ?? maxAgeMs;
    const time = chooseTime(told?.timeMs, receivedMs, clockSynced, maxSkewMs, oldestMs);
    const identity =
      profile.identity && readIdentity(profile.identity, hashOf(message.payload), root);
    return {
      event: {
        kind: "measurement",
        device: device.id,
        receivedMs: message.receivedMs,
        ...time,
        profile: profile.id,
        extensions: withMisfits(extensionsOf(message), pack, decoded.misfits),
        data: pack.measurements,
      },
      recordClass: pack.alarm ? "alarm" : "telemetry",
      ...(identity && { identity }),
      device,
    };
  }

  function reject(
    message: RawMessage,
    now: EventTime,
    { code, reason }: Misfit,
    device: KnownDevice | undefined,
  ): NormalizedEvent {
    const { payload } = message;
    const kept = Math.min(payload.byteLength, maxRejectedBytes);
    const data: Rejection = {
      code,
      reason: shorten(reason),
      topic: message.address,
      payload: Buffer.from(payload.buffer, payload.byteOffset, kept).toString("base64"),
      ...((kept < payload.byteLength || message.attributes.cut) && { truncated: true }),
      ...(device && { profile: device.profile.id }),
    };
    return {
      event: { kind: "rejection", ...factsOf(message, now, device), data },
      recordClass: eventKinds.rejection.recordClass,
      ...(device && { device }),
    };
  }

  function statusEvent(
    device: KnownDevice | undefined,
    data: Status,
    now: EventTime,
    message: RawMessage,
  ): NormalizedEvent {
    return {
      event: { kind: "status", ...factsOf(message, now, device), data },
      recordClass: eventKinds.status.recordClass,
      ...(device && { device }),
    };
  }
}

/** Such a message takes back what was retained of its topic (MQTT 3.1.1 §3.3.1.3), or asks for news. */
const cleared: PassedOverMessage = { passedOver: "cleared" };

/** A will says something without a word, and so may a status. */
function isCleared(route: Route, { attributes }: RawMessage): boolean {
  if (attributes.will) return false;
  if (route.kind !== "status") return true;
  const { offline, online } = route.status;
  return !online.includes("") && !offline.includes("");
}

/** What an event says of a message that is no measurement, besides its body. */
function factsOf(message: RawMessage, now: EventTime, device: KnownDevice | undefined) {
  return {
    device: device?.id ?? message.device ?? null,
    receivedMs: message.receivedMs,
    ...now,
    ...(device && { profile: device.profile.id }),
    extensions: extensionsOf(message),
  };
}

/** Tells, beside the values that fit, why others do not; `doubts` are the codec's. */
function withMisfits(
  extensions: Extensions | undefined,
  { misfits }: Pack,
  doubts: readonly string[] = [],
): Extensions | undefined {
  if (misfits === undefined && doubts.length === 0) return extensions;
  const reasons = [...doubts, ...(misfits ?? []).map(({ reason }) => reason)];
  return { ...extensions, misfits: shorten(reasons.join("; ")) };
}

function shorten(text: string): string {
  return text.length > maxReasonLength ? `${text.slice(0, maxReasonLength)}…` : text;
}

/** What the way in says of the message that its event has to carry on. */
function extensionsOf({ attributes }: RawMessage): Extensions | undefined {
  return attributes.retained === undefined ? undefined : retainedExtensions;
}

function sayTooLarge({ atMost, bytes, limit }: CutMessage): string {
  return `the message has ${bytes} bytes, and ${limit} allows ${atMost}; raise it, or ignore the topic`;
}
