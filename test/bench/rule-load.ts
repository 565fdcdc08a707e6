/**
 * What a processor reads of some gateways, as text: each device says once a second how warm it is, and
 * each gateway writes a watermark once a second. Of the devices a third stand near the limits of the
 * rules, so some breach some of them at any time.
 */
import type { GatewayEvent } from "../../src/core/event.ts";
import {
  eventIdOf,
  toDeviceId,
  toGatewayId,
  toRunId,
  toSeq,
  toSiteId,
} from "../../src/core/ids.ts";
import { ruleSet } from "../rules/gateway-script.ts";
import { createEventEncoder } from "../support/event-encoder.ts";

/** A gateway may have so many devices, and a reader gives so many messages at once. */
const devicesPerGateway = 10_000;
const batchSize = 500;
/** Fewer devices say more often. */
const fewestPerSecond = 10;
const startMs = Date.UTC(2026, 10, 21, 12, 0, 0);

/** Rules of which ten match each device. */
export function rulesOf(count: number) {
  return ruleSet(
    ...Array.from({ length: count }, (_, n) => ({
      alert: `Rule${n}`,
      select: { metric: "temperature", ...(n >= 10 && { device: `other${n}-*` }) },
      condition: { threshold: { above: 60 + n, deadband: 2 } },
      for: "20s",
      severity: "warning",
    })),
  );
}

/** The devices as their gateways announce them, one message each. */
export function* announcements(devices: number): Generator<string> {
  for (const { devices: own, write } of gatewaysOf(devices))
    for (const device of own)
      yield write({
        kind: "device",
        device,
        timeMs: startMs,
        receivedMs: startMs,
        clock: "gateway",
        data: {
          device,
          profile: "freezer@1",
          intervalMs: 10_000,
          tags: {},
          attrs: {},
          metrics: [{ name: "temperature" }],
        },
      });
}

/** At least so many samples, with the watermarks between them, in batches. */
export function* batches(devices: number, samples: number): Generator<readonly string[]> {
  let batch: string[] = [];
  for (const message of messages(devices, samples)) {
    if (batch.push(message) < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function* messages(devices: number, samples: number): Generator<string> {
  const gateways = gatewaysOf(devices);
  let sampleCount = 0;
  for (let second = 0; sampleCount < samples; second += 1)
    for (const { devices: own, write } of gateways) {
      const count = Math.max(fewestPerSecond, own.length);
      for (let n = 0; n < count; n += 1) {
        const at = n % own.length;
        const timeMs = startMs + second * 1_000 + Math.floor((n * 1_000) / count);
        const value = 40 + (at % 25) + 3 * Math.sin((second + at) / 95) + ((second + n) % 5) / 10;
        yield write({
          kind: "measurement",
          device: own[at] ?? null,
          timeMs,
          receivedMs: timeMs + 2,
          clock: "device",
          profile: "freezer@1",
          data: [
            {
              name: "temperature",
              unit: "Cel",
              value: Math.round(value * 10) / 10,
              quality: "good",
            },
          ],
        });
      }
      sampleCount += count;
      const t = startMs + (second + 1) * 1_000 + 2;
      yield write({
        kind: "watermark",
        device: null,
        timeMs: t,
        receivedMs: t,
        clock: "gateway",
        data: { t, heardMs: (second + 1) * 1_000 },
      });
    }
}

function gatewaysOf(devices: number) {
  const run = toRunId("aaaaaaaa");
  return Array.from({ length: Math.ceil(devices / devicesPerGateway) }, (_, n) => {
    const gateway = toGatewayId(`gw${n}`);
    const encode = createEventEncoder({ site: toSiteId("plant-a"), gateway });
    const from = n * devicesPerGateway;
    let seq = 0;
    return {
      devices: Array.from({ length: Math.min(devicesPerGateway, devices - from) }, (_, at) =>
        toDeviceId(`d${from + at}`),
      ),
      write(event: GatewayEvent): string {
        seq += 1;
        return encode(event, eventIdOf(gateway, run, toSeq(seq)));
      },
    };
  });
}
