/** A trace, from a device through everything to whoever is told, and the way of its event. */
import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { jetstreamManager } from "@nats-io/jetstream";
import { expect, onTestFinished, test } from "vitest";
import { parseTraceParent } from "../../src/core/trace-context.ts";
import { freePort } from "../../src/demo/free-port.ts";
import type { Way } from "../../src/past/way.ts";
import { connectionOf, testBackbone } from "../support/backbone.ts";
import { runCommand } from "../support/command-line.ts";
import { endChild } from "../support/end-child.ts";
import { program } from "../support/gateway-program.ts";
import { influxd } from "../support/influxd.ts";
import { connect } from "../support/mqtt-device.ts";
import { peer5 } from "../support/mqtt5-peer.ts";
import { natsServer } from "../support/nats-server.ts";
import { isHere } from "../support/programs-here.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";
import { webhookServer } from "../support/webhook-server.ts";
import { readOtlp } from "../trace/otlp-shape.ts";

const rules = `version: 1
groups:
  - name: cold
    rules:
      - alert: Warm
        select: { metric: temperature }
        condition: { threshold: { above: -12 } }
        severity: critical
`;
const profile = `profile: acme/probe
version: 1
about: A probe.
match: { topic: "acme/{device}/state" }
time: { path: at, format: rfc3339 }
metrics: [{ name: temperature, path: t, unit: Cel }]
examples:
  - { topic: acme/p1/state, payload: { t: 1 }, expect: { metrics: { temperature: { value: 1, unit: Cel } } } }
`;
const hasInflux = isHere("influxd", "version");
const [traceId, parentId] = ["0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"];
const traceparent = `00-${traceId}-${parentId}-01`;

async function startAll() {
  const [folder, port, server] = [await tempFolder(), await freePort(), await natsServer()];
  const [hook, collector] = [await webhookServer(), await webhookServer()];
  const influx = hasInflux ? await influxd() : undefined;
  await mkdir(join(folder, "profiles/acme"), { recursive: true });
  await writeFile(join(folder, "rules.yaml"), rules);
  await writeFile(join(folder, "profiles/acme/probe.yaml"), profile);
  const config = join(folder, "sluicegate.yaml");
  await writeFile(
    config,
    `gateway: { id: gw1, data: data }
site: plant-a
sources: [{ kind: mqtt-broker, listen: "127.0.0.1:${port}" }]
profiles: { folders: [profiles] }
rules: { files: [rules.yaml]}
time: { watermark_every: 200ms, catch_up: 0s }
backbone: { servers: ["${server.url}"] }
processor: { discover_every: 500ms, checkpoint_every: 500ms }
notify: { receivers: { ops: { kind: webhook, url: "${hook.url}" } } }
trace: { make: 1, otlp: { url: "${collector.url}", headers: { x-key: { env: COLLECTOR_KEY } } } }
${influx ? `historian: { url: "${influx.url}", batch: { age: 50ms } }` : ""}
`,
  );
  const env = { ...process.env, COLLECTOR_KEY: "secret" };
  const up = spawn(process.execPath, [program, "up", "--config", config], { stdio: "pipe", env });
  onTestFinished(() => endChild(up));
  let said = "";
  for (const pipe of [up.stdout, up.stderr])
    pipe.setEncoding("utf8").on("data", (part: string) => {
      said += part;
    });
  await waitUntil(() => said.includes("sluicegate is up"), "it is up");
  const spans = () => collector.posts.flatMap(({ body }) => readOtlp(body));
  const trace = async (id: string): Promise<Way> => {
    const { stdout } = await runCommand(["trace", id, "-o", "json", "-c", config], { cwd: folder });
    return JSON.parse(stdout);
  };
  const connection = await connectionOf(testBackbone(server.url));
  return { ...{ folder, config, port, server, connection, hook, collector, influx, spans, trace } };
}

test("a trace of a device goes on to whoever is told, with a span of each hop, and its event's way has their times", async () => {
  const here = await startAll();
  const { collector, config, connection, folder, hook, port, spans, trace } = here;
  const device = await peer5(port, { clientId: "f1" });
  const at = new Date().toISOString();
  device.publish("acme/f1/state", {
    ...{ payload: JSON.stringify({ t: -5, at }), qos: 1, messageId: 1 },
    properties: { userProperties: { traceparent, tracestate: "acme=1" } },
  });
  await device.expect("puback");
  await waitUntil(() => hook.posts.length > 0, "the alert is told");
  const [post] = hook.posts;
  const told: { traceparent?: string; read_up_to?: string } = JSON.parse(post?.body ?? "{}");
  expect(told.traceparent).toBe(traceparent);

  const wanted = ["received", "durable", "forwarded", "processed", "notified"];
  if (hasInflux) wanted.push("stored in history");
  const own = () => spans().filter((span) => span.traceId === traceId);
  await waitUntil(
    () => wanted.every((name) => own().some((span) => span.name === name)),
    "each hop has its span",
  );
  expect(collector.posts[0]?.headers["x-key"]).toBe("secret");
  for (const span of own()) {
    expect(span.parentSpanId).toBe(parentId);
    expect(span.traceState).toBe("acme=1");
  }
  const carried = parseTraceParent(String(post?.headers["traceparent"]));
  const notified = own().find(({ name }) => name === "notified");
  expect(carried).toMatchObject({ traceId, parentId: notified?.spanId, sampled: true });
  expect(post?.headers["tracestate"]).toBe("acme=1");

  const streams = (await jetstreamManager(connection)).streams;
  const about = own().find(({ name }) => name === "received")?.attributes ?? [];
  const named = about.find(({ key }) => key === "sluicegate.event.id")?.value;
  const id = named && "stringValue" in named ? named.stringValue : "";
  await waitUntil(async () => {
    const { hops } = await trace(id);
    return hops.every(({ hop, state }) => hop === "history" || state === "reached");
  }, "each hop is reached");
  const way = await trace(id);
  expect(way).toMatchObject({ kind: "measurement", trace: traceId, device: "acme-f1" });
  const [said, received, durable, , stored] = way.hops;
  expect(said).toMatchObject({ hop: "device", clock: "device", atMs: Date.parse(at) });
  expect(durable).toMatchObject({ hop: "durable", clock: "gateway gw1" });
  expect(durable?.atMs).toBeGreaterThanOrEqual(Math.floor(received?.atMs ?? Number.NaN));
  const seq = Number(stored?.where.split("#")[1]);
  const message = await streams.getMessage("GW_gw1", { seq });
  expect(message?.header.get("traceparent")).toBe(traceparent);
  expect(message?.header.get("tracestate")).toBe("acme=1");
  expect(way.hops.filter(({ hop }) => hop === "notified")).toMatchObject([
    { where: "receiver ops: delivered", clock: "notifier" },
  ]);
  const text = await runCommand(["trace", id, "-c", config], { cwd: folder });
  expect(text.stdout).toMatch(/^stored +\d{4}-\S+Z +[+-]\d+m?s +nats-server$/m);

  const plain = await connect({ port, clientId: "f2" });
  await plain.publish("acme/f2/state", JSON.stringify({ t: -20 }));
  const begun = () => spans().filter((span) => span.traceId !== traceId);
  await waitUntil(
    () => ["received", "forwarded"].every((name) => begun().some((span) => span.name === name)),
    "a trace is begun where there is none",
  );
  const root = begun().find(({ name }) => name === "received");
  expect(root?.parentSpanId).toBeUndefined();
  for (const span of begun())
    if (span.traceId === root?.traceId && span.name !== root.name)
      expect(span.parentSpanId).toBe(root.spanId);
  if (here.influx) {
    const rows = await here.influx.query("select value, trace from samples");
    expect(rows[0]?.values.map(([, , found]) => found)).toContain(traceId);
    const tags = await here.influx.query("show tag keys from samples");
    expect(tags.flatMap(({ values }) => values.flat())).not.toContain("trace");
  }
}, 120_000);
