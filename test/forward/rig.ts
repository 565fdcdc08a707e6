/** A forwarder with a log in memory and a real server, and what the stream holds afterwards. */
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { onTestFinished } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import type { Clock } from "../../src/core/clock.ts";
import type { Origin } from "../../src/core/event.ts";
import { toGatewayId, toSiteId } from "../../src/core/ids.ts";
import type { Metrics } from "../../src/core/metrics.ts";
import type { RecordLog } from "../../src/core/record-log.ts";
import { gatewayStream } from "../../src/core/subject.ts";
import { createForwarder, type Forwarder } from "../../src/forward/forwarder.ts";
import { type Backbone, openBackbone } from "../../src/stream/backbone.ts";
import { type BackboneOptions, backboneOptions } from "../../src/stream/options.ts";
import { silentLogger, silentMetrics } from "../support/silence.ts";
import { unfencedBackbone } from "../support/unfenced.ts";
import { waitUntil } from "../support/wait-until.ts";

export const origin: Origin = { site: toSiteId("plant-a"), gateway: toGatewayId("gw1") };
export const stream = gatewayStream(origin.gateway);
export const quickBackoff = { baseMs: 20, maxMs: 200 };

export interface RigOptions {
  readonly takeOver?: boolean;
  /** False leaves out the expected sequence. Default: true. */
  readonly fenced?: boolean;
  readonly clock?: Clock;
  readonly metrics?: Metrics;
  readonly configuration?: Partial<BackboneOptions>;
}

export interface Rig {
  readonly backbone: Backbone;
  readonly forwarder: Forwarder;
  /** Stops both; called again when the test ends. */
  stop(): Promise<void>;
}

/** Starts forwarding a log to a server, until stopped or the test ends. */
export function startForwarding(url: string, log: RecordLog, options: RigOptions = {}): Rig {
  const parsed = { ...backboneOptions.parse({ servers: [url] }), ...options.configuration };
  const clock = options.clock ?? systemClock;
  const shared = {
    clock,
    random: Math.random,
    logger: silentLogger,
    metrics: options.metrics ?? silentMetrics,
    backoff: quickBackoff,
  };
  const backbone = openBackbone(parsed, { ...shared, name: "gw1" });
  const forwarder = createForwarder({
    ...shared,
    log,
    backbone: options.fenced === false ? unfencedBackbone(backbone, "ev.") : backbone,
    origin,
    options: parsed,
    takeOver: options.takeOver ?? false,
  });
  forwarder.start();
  const stop = async (): Promise<void> => {
    await forwarder.stop();
    await backbone.close();
  };
  onTestFinished(stop);
  return { backbone, forwarder, stop };
}

/** Metrics whose counters a test may read. */
export function countingMetrics(): Metrics & { total(name: string): number } {
  const totals = new Map<string, number>();
  return {
    ...silentMetrics,
    counter: (name) => ({
      add: (count = 1) => void totals.set(name, (totals.get(name) ?? 0) + count),
    }),
    total: (name) => totals.get(name) ?? 0,
  };
}

/** Waits for a condition; one that never comes fails with its name. */
export async function until(what: string, look: () => boolean | Promise<boolean>): Promise<void> {
  await waitUntil(look, what, 120_000);
}

/** A second, plain client. */
export async function plainClient(url: string): Promise<NatsConnection> {
  const connection = await connect({ servers: url, reconnect: false });
  onTestFinished(() => connection.close());
  return connection;
}

/**
 * Event ids of all messages that the stream holds, in order; `-` for a message without one. A
 * message whose body is not the event that its header names throws.
 */
export async function readIds(url: string): Promise<string[]> {
  const connection = await connect({ servers: url, reconnect: false });
  try {
    const manager = await jetstreamManager(connection);
    const { state } = await manager.streams.info(stream);
    const ids: string[] = [];
    if (state.messages === 0) return ids;
    const consumer = await jetstream(connection).consumers.get(stream);
    const messages = await consumer.consume({ max_messages: 1_000 });
    for await (const message of messages) {
      const id = message.headers?.get("Ce-Id") ?? "";
      if (id !== "" && !message.string().includes(`"id":"${id}"`)) {
        throw new Error(`the body of ${id} is another: ${message.string()}`);
      }
      ids.push(id === "" ? "-" : id);
      if (message.info.pending === 0) break;
    }
    return ids;
  } finally {
    await connection.close();
  }
}

/** The last sequence of the stream. */
export async function lastStreamSeq(url: string): Promise<number> {
  const connection = await connect({ servers: url, reconnect: false });
  try {
    const manager = await jetstreamManager(connection);
    return (await manager.streams.info(stream)).state.last_seq;
  } finally {
    await connection.close();
  }
}

/** The ids that records `from` to `to` of a run have. */
export function idsOf(from: number, to: number, run = "run00001"): string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => `gw1.${run}.${from + i}`);
}
