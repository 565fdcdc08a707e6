/**
 * Events as CloudEvents 1.0 in structured JSON, measurements as a SenML pack (RFC 8428) inside.
 *
 * Encoding is done once per event and is on the hot path: it writes text, not objects. Decoding is
 * the border of the hub: everything is checked there, and what does not fit is a value.
 */
import type { EpochMs } from "./clock.ts";
import { encodePack } from "./encode-pack.ts";
import type { EventBodies, GatewayEvent, Origin, StoredEvent } from "./event.ts";
import { fitsKind } from "./event-body.ts";
import { cloudEventType, type EventKind, eventKinds, kindOfType } from "./event-kind.ts";
import { type Extensions, encodeExtensions, readExtensions } from "./extensions.ts";
import { type DeviceId, parseEventId, toDeviceId, toGatewayId, toSiteId } from "./ids.ts";
import { isObject } from "./is-object.ts";
import type { Measurement, Quality } from "./measurement.ts";
import { parseMoment } from "./moment.ts";
import { remember } from "./remember.ts";
import { escapeToken, unescapeToken } from "./token.ts";

/** Names are few and come with every event. */
const maxNames = 16_384;
const profileText = remember(maxNames, (name) => `,"profile":${JSON.stringify(name)}`);
/** No gateway writes longer ones; every reader keeps them. */
const mostNameCharacters = 1_024;
const mostUnitCharacters = 256;
/** No subject is longer, and many of them are remembered. */
const mostSourceCharacters = 4_096;

/** What is the same in all events of one kind that one device says: in front of each of its moments. */
interface Frame {
  readonly kind: EventKind;
  readonly start: string;
  readonly between: string;
}

/** Gives the text of events of one gateway, from behind their id on: see `event-front.ts`. */
export function createTailEncoder(origin: Origin): (event: GatewayEvent) => string {
  const own = `/${escapeToken(origin.site)}/${escapeToken(origin.gateway)}`;
  const frameOf = (device: string | null, kind: EventKind): Frame => {
    const source = device === null ? own : `${own}/${escapeToken(device)}`;
    const subject = device === null ? "" : `,"subject":${JSON.stringify(device)}`;
    const type = cloudEventType(kind);
    return {
      kind,
      start: `,"source":"${source}","type":"${type}"${subject},"time":"`,
      between: `","datacontenttype":"${eventKinds[kind].contentType}","received":"`,
    };
  };
  const lastOf = remember(maxNames, (device) => ({ frame: frameOf(device, "measurement") }));
  return (event) => {
    const { clock, data, device, deviceTimeMs, extensions, kind, profile, receivedMs } = event;
    const last = device === null ? { frame: frameOf(null, kind) } : lastOf(device);
    if (last.frame.kind !== kind) last.frame = frameOf(device, kind);
    const { between, start } = last.frame;
    const time = formatTime(event.timeMs);
    const received = receivedMs === event.timeMs ? time : formatTime(receivedMs);
    let text = `${start}${time}${between}${received}","clock":"${clock}"`;
    if (profile !== undefined) text += profileText(profile);
    if (deviceTimeMs !== undefined) text += `,"devicetime":"${formatTime(deviceTimeMs)}"`;
    if (extensions !== undefined) text += encodeExtensions(extensions);
    const body = kind === "measurement" ? encodePack(event.data) : JSON.stringify(data);
    return `${text},"data":${body}}`;
  };
}

/** The second that was formatted last, up to its dot: what is formatted next is mostly of it, too. */
let lastSecond = Number.NaN;
let lastSecondText = "";

/** RFC 3339 in UTC with milliseconds. */
export function formatTime(timeMs: EpochMs): string {
  const wholeMs = Math.trunc(timeMs);
  const second = Math.floor(wholeMs / 1_000);
  if (second !== lastSecond) {
    lastSecondText = new Date(second * 1_000).toISOString().slice(0, -4);
    lastSecond = second;
  }
  const ms = wholeMs - second * 1_000;
  return `${lastSecondText}${ms < 10 ? "00" : ms < 100 ? "0" : ""}${ms}Z`;
}

/** Why a message on the road is not one of ours. */
export interface MalformedEvent {
  readonly malformed: string;
}

/**
 * Reads a CloudEvent back. The origin comes from `source`, the position from `id`; both must agree
 * on the gateway, and all that names a device on the device. Bodies are looked at as far as somebody
 * rests on what is in them.
 */
export function decodeEvent(text: string): StoredEvent | MalformedEvent {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { malformed: "not JSON" };
  }
  if (!isObject(value)) return { malformed: "not an object" };
  const { id, source, subject, type, time, received, clock, profile, devicetime, data } = value;
  const position = typeof id === "string" ? parseEventId(id) : undefined;
  if (!position) return { malformed: "id is not <gateway>.<run>.<seq>" };
  const kind = typeof type === "string" ? kindOfType(type) : undefined;
  if (!kind) return { malformed: `type ${String(type)} is not known` };
  const isSource = typeof source === "string" && source.length <= mostSourceCharacters;
  const speaker = isSource ? speakerOf(source) : undefined;
  if (!speaker || speaker.origin.gateway !== position.gateway)
    return { malformed: "source and id differ" };
  const { device, origin } = speaker;
  if (subject !== undefined && subject !== device)
    return { malformed: "source and subject differ" };
  const timeMs = parseMoment(time);
  const receivedMs = received === time ? timeMs : parseMoment(received);
  if (timeMs === undefined || receivedMs === undefined)
    return { malformed: "time is not RFC 3339" };
  if (clock !== "device" && clock !== "gateway" && clock !== "unsynced")
    return { malformed: "clock" };
  const body = kind === "measurement" ? decodePack(data) : decodeObject(kind, data);
  if (body === undefined) return { malformed: `data of a ${kind} event does not fit` };
  if (kind === "device" && "device" in body && body.device !== device)
    return { malformed: "source and data name different devices" };
  const { run, seq } = position;
  const event: DecodedEvent = {
    kind,
    device,
    timeMs,
    receivedMs,
    clock,
    data: body,
    origin,
    position: { run, seq },
  };
  // One after the other: a spread for each that may be absent costs more than reading the rest.
  if (typeof profile === "string") event.profile = profile;
  const deviceTimeMs = parseMoment(devicetime);
  if (deviceTimeMs !== undefined) event.deviceTimeMs = deviceTimeMs;
  const extensions = readExtensions(value);
  if (extensions) event.extensions = extensions;
  return event as StoredEvent;
}

/** An event whose body is that of its kind. */
interface DecodedEvent
  extends Omit<StoredEvent, "profile" | "deviceTimeMs" | "extensions" | "data"> {
  data: object;
  profile?: string;
  deviceTimeMs?: EpochMs;
  extensions?: Extensions;
}

export function isMalformed(decoded: StoredEvent | MalformedEvent): decoded is MalformedEvent {
  return "malformed" in decoded;
}

interface Speaker {
  readonly device: DeviceId | null;
  readonly origin: Origin;
}

/** Whose event it is, by its source; the same few come again and again. */
const speakerOf = remember(maxNames, (source): Speaker | undefined => {
  const [empty, siteToken, gatewayToken, deviceToken, ...rest] = source.split("/");
  if (empty !== "" || rest.length > 0) return undefined;
  const site = unescapeToken(siteToken ?? "");
  const gateway = unescapeToken(gatewayToken ?? "");
  const device = deviceToken === undefined ? null : unescapeToken(deviceToken);
  if (site === undefined || gateway === undefined || device === undefined) return undefined;
  return {
    device: device === null ? null : toDeviceId(device),
    origin: { site: toSiteId(site), gateway: toGatewayId(gateway) },
  };
});

function decodePack(data: unknown): EventBodies["measurement"] | undefined {
  if (!Array.isArray(data)) return undefined;
  const measurements: Measurement[] = [];
  for (const record of data) {
    if (!isObject(record) || typeof record["n"] !== "string") return undefined;
    const value = record["v"] ?? record["vb"] ?? record["vs"];
    if (record["n"].length > mostNameCharacters || !isValue(value)) return undefined;
    const quality: Quality =
      record["q"] === "bad" || record["q"] === "uncertain" ? record["q"] : "good";
    const { n: name, u: unit } = record;
    if (typeof unit === "string" && unit.length > mostUnitCharacters) return undefined;
    measurements.push(
      typeof unit === "string" ? { name, unit, value, quality } : { name, value, quality },
    );
  }
  return measurements;
}

/** JSON can write numbers that no number is, such as 1e999. */
function isValue(value: unknown): value is Measurement["value"] {
  if (typeof value === "number") return Number.isFinite(value);
  return typeof value === "boolean" || typeof value === "string";
}

function decodeObject(
  kind: Exclude<EventKind, "measurement">,
  data: unknown,
): Record<string, unknown> | undefined {
  return isObject(data) && fitsKind(kind, data) ? data : undefined;
}
