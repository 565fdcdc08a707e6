/** What devices measured, as events and as the points of the `influx` client that say the same. */
import type { GatewayEvent } from "../../src/core/event.ts";
import { toDeviceId } from "../../src/core/ids.ts";
import { origin, startMs } from "../support/gateway-stream.ts";

/** How much of it there is. */
export interface HistoryShape {
  readonly events: number;
  /** Values in each event. */
  readonly values: number;
  /** In front of the names of devices. */
  readonly name: string;
}

const devices = 100;
const deviceOf = ({ name }: HistoryShape, n: number): string => `${name}-${n % devices}`;
const timeOf = (n: number): number => startMs + Math.floor(n / devices) * 1_000 + (n % 1_000);
const readingOf = (n: number, metric: number): number => 20 + ((n * 7 + metric) % 1_000) / 16;

export function* historyEvents(shape: HistoryShape): Generator<GatewayEvent> {
  const names = Array.from({ length: shape.values }, (_, metric) => `metric-${metric}`);
  for (let n = 0; n < shape.events; n += 1)
    yield {
      kind: "measurement",
      device: toDeviceId(deviceOf(shape, n)),
      timeMs: timeOf(n),
      receivedMs: timeOf(n),
      clock: "device",
      profile: "acme/meter@1",
      data: names.map((name, metric) => ({
        name,
        unit: "Cel",
        value: readingOf(n, metric),
        quality: "good" as const,
      })),
    };
}

/** As the historian writes them. */
export function historyPoints(shape: HistoryShape) {
  return Array.from({ length: shape.events * shape.values }, (_, at) => {
    const [n, metric] = [Math.floor(at / shape.values), at % shape.values];
    return {
      measurement: "samples",
      tags: {
        device: deviceOf(shape, n),
        gateway: origin.gateway,
        metric: `metric-${metric}`,
        quality: "good",
        site: origin.site,
        unit: "Cel",
      },
      fields: { value: readingOf(n, metric) },
      timestamp: `${timeOf(n)}${String(n + 1).padStart(6, "0")}`,
    };
  });
}
