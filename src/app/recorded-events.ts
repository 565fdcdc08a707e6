/** What gateways said, of their streams or of a file, for whoever hears it again. */
import { createReadStream } from "node:fs";
import type { SitePlace } from "../config/site/read-site-place.ts";
import { GatewayError } from "../core/errors.ts";
import type { Origin, StoredEvent } from "../core/event.ts";
import { decodeEvent, isMalformed } from "../core/event-codec.ts";
import { toDeviceId } from "../core/ids.ts";
import { deviceToken, gatewaySubjectPrefix } from "../core/subject.ts";
import { systemCode, systemReason } from "../core/system-reason.ts";
import { readRecording } from "../past/read-recording.ts";
import type { Backbone } from "../stream/backbone.ts";
import { connectInTime } from "../stream/connect-in-time.ts";
import { type DiscoveredGateway, lookAtGateways } from "../stream/discover-gateways.ts";
import { getLastMessage } from "../stream/message-get.ts";
import { readSubject } from "../stream/read-subject.ts";
import { SeenRecords } from "../stream/seen-records.ts";
import { openBackboneFor } from "./open-backbone-for.ts";
import { siteBackboneOptions } from "./site-backbone.ts";

const connectMs = 5_000;

/** False when no more is wanted. */
export type TakeEvent = (event: StoredEvent) => boolean;

/** What was read. */
export interface Recorded {
  readonly gateways: number;
  /** Lines or messages that are no events of gateways. */
  readonly others: number;
}

export interface WhichEvents {
  /** Of gateways only whose streams hold anything of this device. */
  readonly device?: string | undefined;
  /** Told which gateways there are, before any of them is read. */
  readonly onGateways?: (gateways: readonly Origin[]) => void;
}

/** Each record of each gateway once, one gateway after the other, as the streams hold them now. */
export async function readStreams(
  site: SitePlace,
  servers: readonly string[],
  take: TakeEvent,
  { device, onGateways }: WhichEvents = {},
): Promise<Recorded> {
  const backbone = openBackboneFor(siteBackboneOptions({ site, servers }), "sluicegate-backtest");
  try {
    const advice = "say where it is with --nats";
    const connection = await connectInTime(backbone, { servers, timeoutMs: connectMs, advice });
    const { gateways } = await lookAtGateways(connection);
    onGateways?.(gateways.map(({ gateway }) => gateway));
    let others = 0;
    for (const { gateway } of gateways) {
      if (device !== undefined && !(await hasDevice(connection, gateway, device))) continue;
      const admit = onceEach(take, () => {
        others += 1;
      });
      await readSubject(connection, gateway.stream, ">", (body) =>
        admit(Buffer.from(body).toString()),
      );
    }
    return { gateways: gateways.length, others };
  } finally {
    await backbone.close();
  }
}

async function hasDevice(
  connection: Awaited<ReturnType<Backbone["connected"]>>,
  { gateway, site, stream }: DiscoveredGateway,
  device: string,
): Promise<boolean> {
  const subjects = `${gatewaySubjectPrefix(site, gateway)}${deviceToken(toDeviceId(device))}.*`;
  return (await getLastMessage(connection, stream, subjects)) !== undefined;
}

/** The same of a recording. */
export async function readRecordingOf(path: string, take: TakeEvent): Promise<Recorded> {
  let others = 0;
  const gateways = new Map<string, TakeEvent>();
  try {
    for await (const read of readRecording(createReadStream(path))) {
      if (!("recorded" in read)) {
        others += 1;
        continue;
      }
      const { event } = read.recorded;
      const { gateway } = event.origin;
      const admit = gateways.get(gateway) ?? onceEachEvent(take);
      gateways.set(gateway, admit);
      if (!admit(event)) break;
    }
  } catch (thrown) {
    if (systemCode(thrown) === undefined) throw thrown;
    throw new GatewayError("usage", `cannot read ${path}: ${systemReason(thrown)}`);
  }
  return { gateways: gateways.size, others };
}

/** The gateways that a recording has something of. */
export async function gatewaysIn(path: string): Promise<readonly Origin[]> {
  const found = new Map<string, Origin>();
  await readRecordingOf(path, ({ origin }) => {
    if (!found.has(origin.gateway)) found.set(origin.gateway, origin);
    return true;
  });
  return [...found.values()];
}

function onceEach(take: TakeEvent, onOther: () => void): (text: string) => boolean {
  const admit = onceEachEvent(take);
  return (text) => {
    const event = decodeEvent(text);
    if (!isMalformed(event)) return admit(event);
    onOther();
    return true;
  };
}

/** What a gateway sent again is there twice. */
function onceEachEvent(take: TakeEvent): TakeEvent {
  const seen = new SeenRecords();
  return (event) => {
    if (seen.has(event.position)) return true;
    seen.add(event.position);
    return take(event);
  };
}
