import { describe, expect, it, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { rootSpanIdOf, type Span, spanIdOf } from "../../src/core/span.ts";
import { parseTraceParent, traceParentText } from "../../src/core/trace-context.ts";
import { createPoster } from "../../src/notify/http-post.ts";
import { createMetricsRegistry } from "../../src/telemetry/metrics-registry.ts";
import { encodeSpan } from "../../src/trace/otlp-json.ts";
import { SpanExporter } from "../../src/trace/span-exporter.ts";
import { fastClock } from "../support/fast-clock.ts";
import type { HookAnswer } from "../support/open-webhook-server.ts";
import { silentLogger } from "../support/silence.ts";
import { waitUntil } from "../support/wait-until.ts";
import { webhookServer } from "../support/webhook-server.ts";
import { readOtlp } from "./otlp-shape.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const parentId = "b7ad6b7169203331";

function given(changes: Partial<Span> = {}): Span {
  return {
    ...{ role: "gateway", name: "durable", about: "gw1.abcd1234.7", startMs: 1_700_000_000_000.5 },
    trace: { traceparent: `00-${traceId}-${parentId}-01` },
    endMs: 1_700_000_000_012,
    attributes: { "sluicegate.device": "freezer-7", n: 3, half: 0.5, is: true },
    ...changes,
  };
}

async function setUp(answer?: (body: string, index: number) => HookAnswer, url?: string) {
  const hook = await webhookServer(answer);
  const metrics = createMetricsRegistry();
  const clock = fastClock(20);
  const post = createPoster({ clock: systemClock, timeoutMs: 5_000, readsBody: true });
  const exporter = new SpanExporter({
    post: (body, signal) =>
      post({ url: url ?? hook.url, body, headers: { "content-type": "application/json" } }, signal),
    resource: { instance: "here:1", version: "1.2.3" },
    ...{ clock, metrics, random: () => 0.5, logger: silentLogger },
  });
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= exporter.stop();
    return stopped;
  };
  onTestFinished(stop);
  const counts = () =>
    Object.fromEntries(
      [...metrics.expose().matchAll(/^gateway_trace_spans_(\S+) (\d+)$/gm)].map(
        ([, name = "", count]): [string, number] => [name, Number(count)],
      ),
    );
  return { exporter, stop, posts: hook.posts, counts };
}

test("spans are sent as OTLP has them in JSON: ids in hex, times as texts, one resource for each role", async () => {
  const { counts, exporter, posts } = await setUp();
  exporter.add(given());
  exporter.add(given({ role: "notifier", name: "notified", failure: "answered 500" }));
  exporter.add(given({ endMs: 5, trace: { ...given().trace, tracestate: "a=1" } }));
  await waitUntil(() => posts.length > 0, "they are sent");
  expect(posts[0]?.headers["content-type"]).toBe("application/json");
  const spans = readOtlp(posts[0]?.body ?? "");
  expect(spans).toMatchObject([
    {
      ...{ service: "sluicegate-gateway", traceId, parentSpanId: parentId, name: "durable" },
      spanId: spanIdOf({ name: "durable", about: "gw1.abcd1234.7" }),
      ...{ kind: 1, startTimeUnixNano: "1700000000000500000" },
      endTimeUnixNano: "1700000000012000000",
      attributes: [
        { key: "sluicegate.device", value: { stringValue: "freezer-7" } },
        { key: "n", value: { intValue: "3" } },
        { key: "half", value: { doubleValue: 0.5 } },
        { key: "is", value: { boolValue: true } },
      ],
    },
    { traceState: "a=1", startTimeUnixNano: spans[0]?.startTimeUnixNano },
    {
      ...{ service: "sluicegate-notifier", name: "notified", kind: 3 },
      status: { code: 2, message: "answered 500" },
    },
  ]);
  expect(spans[1]?.endTimeUnixNano).toBe(spans[1]?.startTimeUnixNano);
  await waitUntil(() => counts()["sent_total"] === 3, "they are counted");
});

test("a text that no collector could read costs no span", () => {
  const failure = `${"x".repeat(1_023)}\u{1f600}`;
  const parent = parseTraceParent(given().trace.traceparent);
  if (!parent) throw new Error("no trace");
  const text = encodeSpan(given({ attributes: { half: "a\ud800b" }, failure }), parent);
  expect(text).not.toMatch(/\\ud[89a-f]/);
  expect(JSON.parse(text).attributes[0].value.stringValue).toBe("a\ufffdb");
});

test("the first span of a trace that was begun here has no other above it", async () => {
  const { exporter, posts } = await setUp();
  const trace = { traceparent: traceParentText(traceId, rootSpanIdOf(traceId)) };
  exporter.add(given({ name: "received", trace }));
  exporter.add(given({ trace }));
  exporter.add(given({ name: "received" }));
  await waitUntil(() => posts.length > 0, "they are sent");
  const [received, durable, devices] = readOtlp(posts[0]?.body ?? "");
  expect(received).toMatchObject({ spanId: rootSpanIdOf(traceId) });
  expect(received?.parentSpanId).toBeUndefined();
  expect(durable?.parentSpanId).toBe(received?.spanId);
  expect(devices?.parentSpanId).toBe(parentId);
});

test("what its trace does not want recorded is not sent, and what is none neither", async () => {
  const { exporter, posts, stop } = await setUp();
  for (const traceparent of [`00-${traceId}-${parentId}-00`, "00-1", ""])
    exporter.add(given({ trace: { traceparent } }));
  await stop();
  expect(posts).toEqual([]);
});

describe("an answer", () => {
  it.each([429, 502, 503, 504])("%i is tried again with the same spans", async (status) => {
    const again = { status, headers: { "retry-after": "1" } };
    const { counts, exporter, posts } = await setUp((_, index) => (index < 2 ? again : 200));
    exporter.add(given());
    await waitUntil(() => posts.length === 3, "it is taken");
    expect(new Set(posts.map(({ body }) => body)).size).toBe(1);
    await waitUntil(() => counts()["sent_total"] === 1, "it is counted");
  });

  it.each([400, 401, 404, 413, 500, 301])(
    "%i is not, and the next ones are sent",
    async (status) => {
      const { counts, exporter, posts } = await setUp((_, index) => (index < 1 ? status : 200));
      exporter.add(given());
      await waitUntil(() => posts.length === 1, "it is refused");
      exporter.add(given({ about: "gw1.abcd1234.8" }));
      await waitUntil(() => counts()["sent_total"] === 1, "the next one is taken");
      expect(counts()).toEqual({ sent_total: 1, 'dropped_total{reason="refused"}': 1 });
      expect(posts).toHaveLength(2);
    },
  );

  it("that takes some only is counted as it says, and not tried again", async () => {
    const body = '{"partialSuccess":{"rejectedSpans":"1","errorMessage":"no"}}';
    const { counts, exporter, posts } = await setUp(() => ({ status: 200, body }));
    exporter.add(given());
    exporter.add(given({ about: "x" }));
    await waitUntil(() => counts()["sent_total"] === 1, "it is taken");
    expect(counts()['dropped_total{reason="refused"}']).toBe(1);
    expect(posts).toHaveLength(1);
  });

  it("that never comes keeps nobody waiting, and what finds no room is counted", async () => {
    const { counts, exporter, stop } = await setUp(() => "nothing");
    const attributes = { text: "x".repeat(1_000) };
    for (let n = 0; n < 10_000; n += 1) exporter.add(given({ about: `${n}`, attributes }));
    expect(counts()['dropped_total{reason="no-room"}']).toBeGreaterThan(5_000);
    await stop();
    const lost = Object.values(counts()).reduce((sum, count) => sum + count, 0);
    expect(lost).toBe(10_000);
  });
});

test("many are sent in requests of 512 at most", async () => {
  const { counts, exporter, posts } = await setUp();
  for (let n = 0; n < 1_200; n += 1) exporter.add(given({ about: `${n}` }));
  await waitUntil(() => counts()["sent_total"] === 1_200, "all are sent");
  const sizes = posts.map(({ body }) => readOtlp(body).length);
  expect(Math.max(...sizes)).toBe(512);
});

test("what waits at the stop is sent once more", async () => {
  const { counts, exporter, posts, stop } = await setUp();
  exporter.add(given());
  await stop();
  expect(posts).toHaveLength(1);
  expect(counts()).toMatchObject({ sent_total: 1 });
  exporter.add(given());
});

test("nobody at the address is tried for a minute, and then given up", async () => {
  const { counts, exporter } = await setUp(undefined, "http://127.0.0.1:9/v1/traces");
  exporter.add(given());
  const lost = () => counts()['dropped_total{reason="unreachable"}'];
  await waitUntil(() => lost() === 1, "it is given up");
});
