import { type JetStreamClient, type JetStreamPublishOptions, jetstream } from "@nats-io/jetstream";
import { headers, type NatsConnection } from "@nats-io/transport-node";
import type { GatewayEvent, Origin, StoredEvent } from "../../src/core/event.ts";
import {
  eventIdOf,
  type GatewayId,
  type LogPosition,
  toDeviceId,
  toGatewayId,
  toRunId,
  toSeq,
  toSiteId,
} from "../../src/core/ids.ts";
import { eventSubject, gatewayStream } from "../../src/core/subject.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import type { BackboneOptions } from "../../src/stream/options.ts";
import { gatewayStreamContract } from "../../src/stream/stream-contract.ts";
import { createEventEncoder } from "./event-encoder.ts";

export const origin = { site: toSiteId("plant-a"), gateway: toGatewayId("gw1") };
export const stream = gatewayStream(origin.gateway);
export const startMs = Date.UTC(2026, 10, 21, 14, 0, 0);

const encoders = new Map<GatewayId, ReturnType<typeof createEventEncoder>>();

function encoderOf(at: Origin): ReturnType<typeof createEventEncoder> {
  const encoder = encoders.get(at.gateway) ?? createEventEncoder(at);
  encoders.set(at.gateway, encoder);
  return encoder;
}

/** A measurement of one number by one device, one second after the other by `second`. */
export function reading(device: string, value: number, second: number): GatewayEvent {
  const timeMs = startMs + second * 1_000;
  return {
    kind: "measurement",
    device: toDeviceId(device),
    timeMs,
    receivedMs: timeMs,
    clock: "device",
    data: [{ name: "temperature", unit: "Cel", value, quality: "good" }],
  };
}

/** The event as it is read back from record `seq` of a run. */
export function storedEvent(event: GatewayEvent, run: string, seq: number): StoredEvent {
  return { ...event, origin, position: { run: toRunId(run), seq: toSeq(seq) } };
}

/** Makes the stream of the gateway where it is missing. */
export async function makeGatewayStream(
  connection: NatsConnection,
  options: BackboneOptions,
): Promise<void> {
  await ensureStream(connection, gatewayStreamContract(origin, options));
}

/** Publishes an event as a gateway does; default: the one of this file. */
export async function publishEvent(
  client: JetStreamClient,
  event: GatewayEvent,
  { run, seq }: LogPosition,
  options: Partial<JetStreamPublishOptions> = {},
  at: Origin = origin,
): Promise<void> {
  const id = eventIdOf(at.gateway, run, seq);
  const { device, kind } = event;
  const carried = headers();
  carried.set("Ce-Id", id);
  const natsSubject = eventSubject({ ...at, device, kind });
  await client.publish(natsSubject, encoderOf(at)(event, id), { ...options, headers: carried });
}

/** Publishes events one after the other, the first one as record `seq` of the run. */
export async function publishRecords(
  connection: NatsConnection,
  run: string,
  seq: number,
  events: readonly GatewayEvent[],
): Promise<void> {
  const client = jetstream(connection);
  for (const [index, event] of events.entries())
    await publishEvent(client, event, { run: toRunId(run), seq: toSeq(seq + index) });
}
