/** One message, or one member of a message, to one event. */
import type { Extensions } from "../core/extensions.ts";
import type { RawMessage } from "../core/message.ts";
import type { Decoded } from "./codecs/codec.ts";
import { chooseTime, type EventTime, readDeviceTime } from "./device-time.ts";
import { hashOf, hashOfPart, type IdentityMapping, readIdentity } from "./identity.ts";
import { type KnownDevice, probesOf } from "./known-device.ts";
import { extensionsOf, rejectionOf, statusEventOf, withMisfits } from "./make-event.ts";
import { type Metric, type Pack, readMetrics } from "./metric.ts";
import type { Misfit } from "./misfit.ts";
import type { NormalizedEvent } from "./normalized.ts";
import { readPath } from "./path.ts";
import type { Profile } from "./profile.ts";
import type { ReadingRoute } from "./route.ts";
import { statusOfLife } from "./status.ts";

/** What holds for all messages. */
export interface ReadingLimits {
  /** A device time further ahead is replaced by the time of receipt. */
  readonly maxSkewMs: number;
  /** And so is one that is older, unless the profile says otherwise. */
  readonly maxAgeMs: number;
  /** A rejection keeps this much of the payload. */
  readonly maxRejectedBytes: number;
}

/** A member of a message with several. */
export interface Part {
  readonly value: unknown;
  /** Under the names that they have for this member. */
  readonly metrics: readonly Metric[];
  /** Which of the members, from 0 on. */
  readonly index: number;
  /** As a path of the message. */
  readonly place: string;
  /** Of the whole payload. */
  readonly payloadHash: number;
}

/** A payload that could be decoded. */
export type DecodedPayload = Extract<Decoded, { ok: true }>;

/** Reads a message whose device is known; `part` only where it has several members. */
export type ReadMember = (
  message: RawMessage,
  clockSynced: boolean,
  now: EventTime,
  route: ReadingRoute,
  device: KnownDevice,
  decoded: DecodedPayload,
  part?: Part,
) => NormalizedEvent;

export function createMemberReader({
  maxAgeMs,
  maxRejectedBytes,
  maxSkewMs,
}: ReadingLimits): ReadMember {
  return (message, clockSynced, now, route, device, decoded, part) => {
    const { profile } = route;
    const whole = decoded.value;
    const value = part === undefined ? whole : part.value;
    const metrics = part?.metrics ?? route.metrics;
    const pack = readMetrics(metrics, value, whole, probesOf(device), decoded.bigNumbers);
    if (pack.fitting === 0) {
      const misfit = whyNothing(profile, decoded, pack, value);
      if (misfit === undefined) return statusEventOf(message, now, device, statusOfLife(message));
      const refused = { ...misfit, device, profile: profile.id, ...(part && { member: part }) };
      return rejectionOf(message, now, refused, maxRejectedBytes);
    }
    const { receivedMs } = message;
    const told = readDeviceTime(profile.times, value, whole);
    const oldestMs = told?.mapping.maxAgeMs ?? maxAgeMs;
    const time = chooseTime(told?.timeMs, receivedMs, clockSynced, maxSkewMs, oldestMs);
    const identity = profile.identity && identityOf(profile.identity, message, whole, part);
    return {
      event: {
        kind: "measurement",
        device: device.id,
        receivedMs,
        ...time,
        profile: profile.id,
        extensions: extensionsWith(message, pack, decoded),
        data: pack.measurements,
      },
      recordClass: pack.alarm ? "alarm" : "telemetry",
      ...(identity && { identity }),
      device,
    };
  };
}

/** Undefined where the message says nothing but that its device lives. */
function whyNothing(
  { alive, id }: Profile,
  { misfits: doubts, value: whole }: DecodedPayload,
  { misfits, silent }: Pack,
  value: unknown,
): Misfit | undefined {
  const [doubt] = doubts ?? [];
  if (doubt !== undefined) return { code: "undecodable", reason: doubt };
  const [misfit] = misfits ?? [];
  if (misfit !== undefined) return { code: "bad-value", reason: misfit.reason };
  if (silent > 0 || alive.some((path) => readPath(path, value, whole) !== undefined))
    return undefined;
  return { code: "no-metric", reason: `none of the metrics of ${id} is in the message` };
}

/** Tells, beside the values that fit, why others do not; those of the codec first. */
function extensionsWith(
  message: RawMessage,
  { misfits }: Pack,
  { misfits: doubts = [] }: DecodedPayload,
): Extensions | undefined {
  if (misfits === undefined && doubts.length === 0) return extensionsOf(message);
  return withMisfits(message, [...doubts, ...(misfits ?? []).map(({ reason }) => reason)]);
}

function identityOf(
  mapping: IdentityMapping,
  { payload }: RawMessage,
  whole: unknown,
  part: Part | undefined,
) {
  return part === undefined
    ? readIdentity(mapping, hashOf(payload), whole)
    : readIdentity(mapping, hashOfPart(part.payloadHash, part.index), part.value, whole);
}
