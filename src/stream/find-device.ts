/** Which gateways of a site know a device, as their own streams tell it. */
import type { NatsConnection } from "@nats-io/transport-node";
import type { DeviceRecord } from "../core/device.ts";
import type { Origin, StoredEvent } from "../core/event.ts";
import { decodeEvent, isMalformed } from "../core/event-codec.ts";
import type { EventKind } from "../core/event-kind.ts";
import type { DeviceId, SiteId } from "../core/ids.ts";
import { eventSubject, gatewayStream, kindSubjects } from "../core/subject.ts";
import { lookAtGateways } from "./discover-gateways.ts";
import { getLastMessage } from "./message-get.ts";
import { readSubject } from "./read-subject.ts";

/** A device, and the gateway that told of it. */
export interface FoundDevice {
  readonly origin: Origin;
  readonly record: DeviceRecord;
}

/** The gateways of a site that have a stream. */
export async function gatewaysOf(connection: NatsConnection, site: SiteId): Promise<Origin[]> {
  const { gateways } = await lookAtGateways(connection);
  return gateways.map(({ gateway }) => gateway).filter((one) => one.site === site);
}

/** Those of the gateways that know the device and have not said since that it is gone. */
export async function findDevice(
  connection: NatsConnection,
  gateways: readonly Origin[],
  device: DeviceId,
): Promise<FoundDevice[]> {
  const found = await Promise.all(
    gateways.map(async (origin) => {
      const told = await lastEvent(connection, origin, device, "device");
      if (told?.kind !== "device") return [];
      const last = await lastEvent(connection, origin, device, "status");
      const isGone =
        last?.kind === "status" &&
        last.data.cause === "device-removed" &&
        last.receivedMs >= told.receivedMs;
      return isGone ? [] : [{ origin, record: told.data }];
    }),
  );
  return found.flat();
}

/** The names of devices that the streams of the gateways hold now, at most so many messages back. */
export async function namesOfDevices(
  connection: NatsConnection,
  gateways: readonly Origin[],
  most: number,
): Promise<Set<DeviceId>> {
  const names = new Set<DeviceId>();
  const text = new TextDecoder();
  for (const { gateway, site } of gateways)
    await readSubject(
      connection,
      gatewayStream(gateway),
      kindSubjects(site, gateway, "device"),
      (body) => {
        const event = decodeEvent(text.decode(body));
        if (!isMalformed(event) && event.kind === "device") names.add(event.data.device);
        return true;
      },
      most,
    );
  return names;
}

async function lastEvent(
  connection: NatsConnection,
  origin: Origin,
  device: DeviceId,
  kind: EventKind,
): Promise<StoredEvent | undefined> {
  const subject = eventSubject({ ...origin, device, kind });
  const message = await getLastMessage(connection, gatewayStream(origin.gateway), subject);
  const event = message && decodeEvent(new TextDecoder().decode(message.body));
  return event === undefined || isMalformed(event) ? undefined : event;
}
