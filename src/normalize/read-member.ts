/** One message, or one member of a message, to one event. */
import type { EpochMs } from "../core/clock.ts";
import { type Extensions, simulatedExtensions, staleExtensions } from "../core/extensions.ts";
import type { Measurement } from "../core/measurement.ts";
import type { RawMessage } from "../core/message.ts";
import type { Decoded } from "./codecs/codec.ts";
import { hashOf, hashOfPart, type IdentityMapping, readIdentity } from "./identity.ts";
import { type KnownDevice, probesOf } from "./known-device.ts";
import { extensionsOf, rejectionOf, statusEventOf } from "./make-event.ts";
import type { Misfit } from "./misfit.ts";
import type { NormalizedEvent } from "./normalized.ts";
import { readPath } from "./paths/path.ts";
import type { Profile } from "./profile.ts";
import { readRepeat } from "./repeat.ts";
import type { ReadingRoute } from "./route.ts";
import { statusOfLife } from "./status.ts";
import {
  chooseTime,
  type EventTime,
  readDeviceTime,
  readWallTime,
  type TimeMapping,
} from "./times/device-time.ts";
import { WallClocks } from "./times/wall-clocks.ts";
import type { Order } from "./times/zone.ts";
import { Findings } from "./walk/findings.ts";
import type { MessageReaders } from "./walk/message-reader.ts";
import type { TopicMetrics } from "./walk/metric.ts";
import type { MetricMisfit, Pack } from "./walk/pack.ts";

/** What holds for all messages. */
export interface ReadingLimits {
  /** A device time further ahead is replaced by the time of receipt. */
  readonly maxSkewMs: number;
  /** And so is one that is older, unless the profile says otherwise. */
  readonly maxAgeMs: number;
  /** A rejection keeps this much of the payload. */
  readonly maxRejectedBytes: number;
  /** Takes down what of the messages nobody reads, by its path. */
  readonly unread?: Findings;
  /** Takes down values that do not fit, by the name of their metric. */
  readonly misfits?: Findings;
}

/** A member of a message with several. */
export interface Part {
  readonly value: unknown;
  /** Under the names that they have for this member. */
  readonly metrics: TopicMetrics;
  /** Which of the members, from 0 on. */
  readonly index: number;
  /** As a path of the message. */
  readonly place: string;
  /** Of the whole payload. */
  readonly payloadHash: number;
  /** So many values of the message outside of its members are read by nobody. */
  readonly unreadOutside: number;
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

export function createMemberReader(
  { maxAgeMs, maxRejectedBytes, maxSkewMs, misfits = new Findings() }: ReadingLimits,
  readers: MessageReaders,
): ReadMember {
  /** The time that a device told last, where its zone has an hour that comes twice. */
  const lastTimes = new WeakMap<KnownDevice, EpochMs>();
  const wallClocks = new WallClocks();
  return (message, clockSynced, now, route, device, decoded, part) => {
    const { profile } = route;
    const whole = decoded.value;
    const value = part === undefined ? whole : part.value;
    const metrics = part?.metrics ?? route.metrics;
    const { bigNumbers, failures } = decoded;
    const reading = { root: value, whole, bigNumbers, failures };
    const pack = readers.of(profile).read(metrics, reading, probesOf(device), message.receivedMs);
    if (pack.misfits !== undefined) noteMisfits(profile, pack.misfits, message.receivedMs);
    // What was asked for and could not be read is an answer, if a bad one.
    const isAnswer = pack.fitting > 0 || (failures && pack.measurements.length > 0);
    if (!isAnswer) {
      if (part !== undefined) pack.unread += part.unreadOutside;
      const misfit = whyNothing(profile, decoded, pack);
      if (misfit === undefined) return statusEventOf(message, now, device, statusOfLife(message));
      const refused = { ...misfit, device, profile: profile.id, ...(part && { member: part }) };
      return rejectionOf(message, now, refused, maxRejectedBytes);
    }
    const { receivedMs } = message;
    const isMadeUp =
      profile.simulated !== undefined && readPath(profile.simulated, value, whole) === true;
    const order = profile.times.some(isOrdered) ? orderOf(device, receivedMs) : undefined;
    const told = readDeviceTime(profile.times, value, whole, order);
    if (told?.mapping.ordered) lastTimes.set(device, told.timeMs);
    const oldestMs = told?.mapping.maxAgeMs ?? maxAgeMs;
    const time = told ? chooseTime(told.timeMs, receivedMs, clockSynced, maxSkewMs, oldestMs) : now;
    const wallMs = told || !clockSynced ? undefined : readWallTime(profile.times, value, whole);
    const isOld = wallMs !== undefined && wallClocks.isOld(device, wallMs, receivedMs, maxAgeMs);
    const extensions = markTime(
      extensionsWith(message, pack, decoded, value, isMadeUp),
      time,
      order,
    );
    const identity = profile.identity && identityOf(profile.identity, message, whole, part);
    const repeat =
      profile.repeat &&
      readRepeat(profile.repeat, message.payload, value, whole, pack.measurements);
    return {
      event: {
        kind: "measurement",
        device: device.id,
        receivedMs,
        ...time,
        profile: profile.id,
        extensions: isOld ? { ...extensions, ...staleExtensions } : extensions,
        data: isMadeUp ? doubted(pack.measurements) : pack.measurements,
      },
      recordClass: pack.alarm ? "alarm" : "telemetry",
      identity,
      repeat,
      device,
    };
  };

  function orderOf(device: KnownDevice, receivedMs: EpochMs): Order {
    return { lastMs: lastTimes.get(device), latestMs: receivedMs + maxSkewMs, uncertain: false };
  }

  function noteMisfits({ id }: Profile, found: readonly MetricMisfit[], nowMs: EpochMs): void {
    for (const { came, metric } of found) misfits.note(id, metric, came, nowMs);
  }
}

/** Undefined where the message says nothing but that its device lives. */
function whyNothing(
  { id }: Profile,
  { misfits: doubts }: DecodedPayload,
  { alive, misfits, silent, unread }: Pack,
): Misfit | undefined {
  const [doubt] = doubts ?? [];
  if (doubt !== undefined) return { code: "undecodable", reason: doubt };
  const [misfit] = misfits ?? [];
  if (misfit !== undefined) return { code: "bad-value", reason: misfit.reason };
  // A reading that nobody reads is none of the news that a device lives.
  if (unread === 0 && (silent > 0 || alive)) return undefined;
  return { code: "no-metric", reason: `none of the metrics of ${id} is in the message` };
}

/** Tells, beside the values that fit, why others do not; those of the codec first. */
function extensionsWith(
  message: RawMessage,
  { misfits }: Pack,
  { misfits: doubts, value: whole }: DecodedPayload,
  member: unknown,
  isMadeUp: boolean,
): Extensions | undefined {
  const reasons =
    misfits === undefined && doubts === undefined
      ? undefined
      : [...(doubts ?? []), ...(misfits?.map(({ reason }) => reason) ?? [])];
  const found = extensionsOf(message, reasons, member, whole);
  return isMadeUp ? { ...found, ...simulatedExtensions } : found;
}

/** Nothing that was made up is a good value. */
function doubted(measurements: readonly Measurement[]): Measurement[] {
  return measurements.map((one) =>
    one.quality === "good" ? { ...one, quality: "uncertain" } : one,
  );
}

function isOrdered({ ordered }: TimeMapping): boolean {
  return ordered;
}

/** An hour that came twice, and nothing tells which one is meant. */
function markTime(
  extensions: Extensions | undefined,
  { clock }: EventTime,
  order: Order | undefined,
): Extensions | undefined {
  return order?.uncertain && clock === "device"
    ? { ...extensions, ambiguoustime: true }
    : extensions;
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
