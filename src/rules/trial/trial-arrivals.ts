/** What reaches the hub in a test, of all its gateways, in the order in which it does. */
import { toGatewayId, toSiteId } from "../../core/ids.ts";
import type { Absence, Trial, TrialDevice, TrialInput } from "./trial.ts";
import { type Arrival, type Reading, TrialGateway } from "./trial-gateway.ts";

/** How long the test lasts: all that happens in it is over then. */
export function endOf({ inputs, outages, restarts, untilMs }: Trial): number {
  if (untilMs !== undefined) return untilMs;
  const ends = [
    ...inputs.map(({ fromMs, stepMs, values }) => fromMs + stepMs * values.length),
    ...[...outages, ...restarts].map(({ toMs }) => toMs),
  ];
  return Math.max(0, ...ends);
}

/** Messages of the gateways of these devices. */
export function* arrivalsOf(
  trial: Trial,
  devices: Iterable<TrialDevice>,
): Generator<Arrival, void, void> {
  const endMs = endOf(trial);
  const sources = gatewaysOf(trial, [...devices], endMs).map((gateway) => {
    const arrivals = gateway.arrivals();
    return { arrivals, head: arrivals.next() };
  });
  for (;;) {
    const [first] = sources
      .filter(({ head }) => !head.done)
      .sort((one, other) => arrivalOf(one) - arrivalOf(other));
    if (!first?.head.value) return;
    yield first.head.value;
    first.head = first.arrivals.next();
  }
}

function arrivalOf({ head }: { readonly head: IteratorResult<Arrival, void> }): number {
  return head.done ? Number.POSITIVE_INFINITY : head.value.arrivesMs;
}

function gatewaysOf(trial: Trial, devices: readonly TrialDevice[], endMs: number): TrialGateway[] {
  const names = new Set(devices.map(({ gateway }) => gateway));
  return [...names].map((name) => {
    const own = devices.filter(({ gateway }) => gateway === name);
    const ids = new Set(own.map(({ id }) => id));
    const inputs = trial.inputs.filter(({ device }) => ids.has(device));
    const site = toSiteId(own[0]?.site ?? "");
    return new TrialGateway({
      origin: { site, gateway: toGatewayId(name) },
      devices: own.map((device) => ({ ...device, metrics: metricsOf(device, inputs) })),
      readings: readingsOf(inputs, endMs),
      outages: trial.outages.filter(isOf(name)),
      restarts: trial.restarts.filter(isOf(name)).sort((a, b) => a.fromMs - b.fromMs),
      startMs: trial.startMs,
      endMs,
    });
  });
}

function isOf(name: string): (absence: Absence) => boolean {
  return ({ gateway }) => gateway === name;
}

function metricsOf({ id, metrics }: TrialDevice, inputs: readonly TrialInput[]): string[] {
  const sent = inputs.filter(({ device }) => device === id).map(({ metric }) => metric);
  return [...new Set(metrics ?? sent)];
}

/** What a device sends of several metrics at one time is one message. */
function readingsOf(inputs: readonly TrialInput[], endMs: number): Reading[] {
  const readings = new Map<string, Reading>();
  for (const { device, fromMs, metric: name, stepMs, unit, values } of inputs)
    for (const [index, sample] of values.entries()) {
      const atMs = fromMs + index * stepMs;
      if (sample === undefined || atMs > endMs) continue;
      const key = `${atMs} ${device}`;
      const reading = readings.get(key) ?? { atMs, device, measurements: [] };
      readings.set(key, reading);
      reading.measurements.push({ name, ...(unit !== undefined && { unit }), ...sample });
    }
  return [...readings.values()].sort((one, other) => one.atMs - other.atMs);
}
