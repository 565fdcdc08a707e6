/** The events that are no measurements, and what all events of a message have in common. */
import type { Status } from "../core/event.ts";
import { eventKinds } from "../core/event-kind.ts";
import { type Extensions, publishersExtensions, retainedExtensions } from "../core/extensions.ts";
import type { RawMessage } from "../core/message.ts";
import type { Rejection } from "../core/rejection.ts";
import type { KnownDevice } from "./known-device.ts";
import type { Misfit } from "./misfit.ts";
import type { NormalizedEvent } from "./normalized.ts";
import { saidTrace } from "./said-trace.ts";
import type { EventTime } from "./times/device-time.ts";

/** Reasons quote what a device sent, which may be long. */
const maxReasonLength = 512;
const noReasons: readonly string[] = [];

/** What of a message did not fit. */
export interface Refused extends Misfit {
  /** Whom it is from, where that is known. */
  readonly device?: KnownDevice | undefined;
  /** The profile that was tried. */
  readonly profile?: string | undefined;
  /** The message is not for this profile; another one may read it. */
  readonly isOthers?: true;
  /** Of several members the one that did not fit, by its place in the message. */
  readonly member?: { readonly place: string; readonly value: unknown };
}

/** A rejection that keeps what did not fit, up to `maxBytes`. */
export function rejectionOf(
  message: RawMessage,
  now: EventTime,
  { code, device, member, profile, reason }: Refused,
  maxBytes: number,
): NormalizedEvent {
  const payload = member === undefined ? message.payload : bytesOf(member.value);
  const kept = Math.min(payload.byteLength, maxBytes);
  const isCut = kept < payload.byteLength || message.attributes.cut !== undefined;
  const data: Rejection = {
    code,
    reason: shorten(reason),
    topic: message.address,
    payload: Buffer.from(payload.buffer, payload.byteOffset, kept).toString("base64"),
    ...(isCut && { truncated: true }),
    ...(profile !== undefined && { profile }),
    ...(member && { member: member.place.slice(0, maxReasonLength) }),
  };
  return {
    event: { kind: "rejection", ...factsOf(message, now, device), data },
    recordClass: eventKinds.rejection.recordClass,
    ...(device && { device }),
  };
}

export function statusEventOf(
  message: RawMessage,
  now: EventTime,
  device: KnownDevice | undefined,
  data: Status,
): NormalizedEvent {
  return {
    event: { kind: "status", ...factsOf(message, now, device), data },
    recordClass: eventKinds.status.recordClass,
    ...(device && { device }),
  };
}

/**
 * What way in and publisher say of the message that its event has to carry on, and why some of it does
 * not fit where other values do. `member` and `whole` are what was decoded, where something was.
 */
export function extensionsOf(
  message: RawMessage,
  reasons: readonly string[] = noReasons,
  member?: unknown,
  whole?: unknown,
): Extensions | undefined {
  const { properties, retained } = message.attributes;
  const trace = saidTrace(message, member, whole);
  const misfits = trace === undefined ? reasons : [...reasons, ...trace.problems];
  const said = properties && publishersExtensions(properties);
  const marks = retained === undefined ? undefined : retainedExtensions;
  if (misfits.length > 0)
    return { ...trace?.attributes, ...said, ...marks, misfits: shorten(misfits.join("; ")) };
  if (trace !== undefined) return { ...trace.attributes, ...said, ...marks };
  return said === undefined ? marks : { ...said, ...marks };
}

function shorten(text: string): string {
  return text.length > maxReasonLength ? `${text.slice(0, maxReasonLength)}…` : text;
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

/** A member as JSON. Nested beyond what can be written, it is left out. */
function bytesOf(member: unknown): Uint8Array {
  try {
    return Buffer.from(JSON.stringify(member) ?? "");
  } catch {
    return Buffer.alloc(0);
  }
}
