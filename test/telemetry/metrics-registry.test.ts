import { describe, expect, test } from "vitest";
import { createMetricsRegistry, maxSeries } from "../../src/telemetry/metrics-registry.ts";

describe("createMetricsRegistry", () => {
  test("gives Prometheus text, in order of the names", () => {
    const metrics = createMetricsRegistry();
    const records = metrics.counter("gateway_forward_records_sent_total", "Records sent.");
    metrics.gauge("gateway_buffer_size_bytes", "Bytes of all segments.").set(4_299_161);
    records.add();
    records.add(41);
    expect(metrics.expose()).toBe(
      [
        "# HELP gateway_buffer_size_bytes Bytes of all segments.",
        "# TYPE gateway_buffer_size_bytes gauge",
        "gateway_buffer_size_bytes 4299161",
        "# HELP gateway_forward_records_sent_total Records sent.",
        "# TYPE gateway_forward_records_sent_total counter",
        "gateway_forward_records_sent_total 42",
        "",
      ].join("\n"),
    );
  });

  test("shows a counter from the start, so that its first step is seen", () => {
    const metrics = createMetricsRegistry();
    metrics.counter("gateway_drops_total", "Drops.");
    expect(metrics.expose()).toContain("gateway_drops_total 0\n");
  });

  test("keeps series apart by their labels, whatever the order of these", () => {
    const metrics = createMetricsRegistry();
    const rejections = metrics.counter("gateway_rejections_total", "Rejections.");
    rejections.add(1, { code: "no-profile", source: "mqtt" });
    rejections.add(1, { source: "mqtt", code: "no-profile" });
    rejections.add(1, { source: "mqtt", code: "bad-value" });
    expect(metrics.expose().split("\n").slice(2, -1)).toEqual([
      'gateway_rejections_total{code="no-profile",source="mqtt"} 2',
      'gateway_rejections_total{code="bad-value",source="mqtt"} 1',
    ]);
  });

  test("escapes what would break the text", () => {
    const metrics = createMetricsRegistry();
    metrics.gauge("gateway_up", "Line one\nline two \\").set(1, { name: 'a"b\\c\nd' });
    expect(metrics.expose()).toBe(
      '# HELP gateway_up Line one\\nline two \\\\\n# TYPE gateway_up gauge\ngateway_up{name="a\\"b\\\\c\\nd"} 1\n',
    );
  });

  test("counts what goes beyond the bound of series under `other`", () => {
    const metrics = createMetricsRegistry();
    const counter = metrics.counter("gateway_things_total", "Things.");
    for (let n = 0; n < maxSeries + 50; n += 1) counter.add(1, { device: `d${n}` });
    const lines = metrics.expose().split("\n").slice(2, -1);
    expect(lines.length).toBeLessThanOrEqual(maxSeries + 1);
    const sum = lines.reduce((all, line) => all + Number(line.split(" ")[1]), 0);
    expect(sum).toBe(maxSeries + 50);
    expect(lines.some((line) => line.includes('device="other"'))).toBe(true);
  });

  test("gives the same instrument for the same name, and refuses it as another type", () => {
    const metrics = createMetricsRegistry();
    metrics.counter("gateway_a_total", "A.").add(1);
    metrics.counter("gateway_a_total", "A.").add(1);
    expect(metrics.expose()).toContain("gateway_a_total 2\n");
    expect(() => metrics.gauge("gateway_a_total", "A.")).toThrow("is a counter");
    expect(() => metrics.gauge("Gateway-A", "A.")).toThrow("cannot be the name");
    expect(() => metrics.counter("gateway_a_total", "A.").add(-1)).toThrow("cannot go up by -1");
  });
});
