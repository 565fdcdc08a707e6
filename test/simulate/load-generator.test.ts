import { describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { openCable } from "../../src/simulate/cable.ts";
import { LatencyHistogram } from "../../src/simulate/latency-histogram.ts";
import { type LoadOptions, startLoad } from "../../src/simulate/load-generator.ts";
import { createProof } from "../../src/simulate/proof.ts";
import { type Mosquitto, mosquitto, waitUntil } from "./mosquitto.ts";

const modest: Omit<LoadOptions, "url"> = {
  connections: 3,
  window: 10,
  payloadBytes: 200,
  boot: "b1",
  clock: systemClock,
};

const urlOf = ({ port }: { port: number }): string => `mqtt://127.0.0.1:${port}`;

function copiesOf(broker: Mosquitto): Map<string, string[]> {
  const copies = new Map<string, string[]>();
  for (const { topic, payload } of broker.received) {
    const key = `${topic.split("/")[2]} ${JSON.parse(payload).n}`;
    copies.set(key, [...(copies.get(key) ?? []), payload]);
  }
  return copies;
}

describe("startLoad", () => {
  test("sends exactly the total, numbered per device, in payloads of the size asked for", async () => {
    const broker = await mosquitto();
    const proof = createProof();
    const load = startLoad({
      ...modest,
      url: urlOf(broker),
      total: 1_000,
      onAck: (device, n) => proof.sent(device, n),
    });
    const report = await load.finished;
    expect(report).toMatchObject({ sent: 1_000, acked: 1_000, resent: 0, protocolFaults: 0 });
    expect(report.latency.p50Ms).toBeGreaterThan(0);
    expect(report.latency.p99Ms).toBeGreaterThanOrEqual(report.latency.p50Ms);
    await waitUntil(() => broker.received.length === 1_000);
    for (const { topic, payload } of broker.received) {
      expect(Buffer.byteLength(payload)).toBe(200);
      const { n, ...rest } = JSON.parse(payload);
      expect(rest).toEqual({ boot: "b1", temperature: -18.25, door: false, compressor: true });
      proof.stored(topic.split("/")[2] ?? "", n);
    }
    expect(proof.verdict()).toMatchObject({ sent: 1_000, exact: true });
  });

  test("sends again after a cut what holds no PUBACK, with the same bytes, and loses nothing", async () => {
    const broker = await mosquitto();
    const cable = await openCable({ host: "127.0.0.1", port: broker.port });
    onTestFinished(() => cable.close());
    const load = startLoad({ ...modest, url: urlOf(cable) });
    for (let cut = 1; cut <= 4; cut += 1) {
      await waitUntil(() => load.report().acked >= cut * 500);
      cable.stall("answers");
      await waitUntil(() => copiesOf(broker).size > load.report().acked);
      cable.unplug();
      cable.resume();
      cable.plug();
    }
    const report = await load.stop();
    expect(report.acked).toBe(report.sent);
    expect(report.resent).toBeGreaterThan(0);
    expect(report.reconnects).toBeGreaterThanOrEqual(4);
    expect(report.protocolFaults).toBe(0);
    await waitUntil(() => copiesOf(broker).size === report.sent);
    const copies = [...copiesOf(broker).values()];
    expect(copies.some(({ length }) => length > 1)).toBe(true);
    for (const same of copies) expect(new Set(same).size).toBe(1);
  });

  test("keeps to its rate", async () => {
    const broker = await mosquitto();
    const load = startLoad({ ...modest, url: urlOf(broker), total: 300, ratePerSecond: 1_000 });
    const report = await load.finished;
    expect(report.acked).toBe(300);
    // A slow machine may be slower, never faster.
    expect(report.elapsedMs).toBeGreaterThanOrEqual(290);
  });

  test("goes after its time limit when PUBACKs stay away, and says what was acknowledged", async () => {
    const broker = await mosquitto();
    const cable = await openCable({ host: "127.0.0.1", port: broker.port });
    onTestFinished(() => cable.close());
    const load = startLoad({ ...modest, url: urlOf(cable) });
    await waitUntil(() => load.report().acked > 100);
    cable.stall("answers");
    await waitUntil(() => copiesOf(broker).size > load.report().acked);
    const report = await load.stop(0);
    expect(report.sent).toBeGreaterThan(report.acked);
    expect(report.acked).toBeGreaterThan(100);
  });
});

describe("LatencyHistogram", () => {
  test("gives quantiles right to three percent", () => {
    const histogram = new LatencyHistogram();
    for (let step = 1; step <= 10_000; step += 1) histogram.record(step / 100);
    expect(histogram.count).toBe(10_000);
    expect(histogram.maxMs).toBe(100);
    for (const share of [0.1, 0.5, 0.99]) {
      expect(Math.abs(histogram.quantileMs(share) / (share * 100) - 1)).toBeLessThan(0.03);
    }
    expect(histogram.quantileMs(1)).toBe(100);
  });

  test("gives 0 when nothing was recorded", () => {
    expect(new LatencyHistogram().quantileMs(0.99)).toBe(0);
  });
});
