/** A rule that the gateway evaluates itself: it works with no backbone, through kills, and is told once. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { AlertTransition } from "../../src/core/alert.ts";
import { freePort } from "../../src/demo/free-port.ts";
import { startNatsServer } from "../../src/nats-server/own-nats-server.ts";
import { storedTransitions } from "../support/alerts-stream.ts";
import { connectionOf, testBackbone } from "../support/backbone.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { mosquittoProcess } from "../support/mosquitto-process.ts";
import { connect } from "../support/mqtt-device.ts";
import { roleProgram } from "../support/role-program.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

const rules = `version: 1
groups:
  - name: cold_chain
    rules:
      - alert: CoolingFailure
        select: { metric: temperature }
        condition: { threshold: { above: -12 } }
        hold: 1h
        severity: critical
        evaluate: edge
        notify: [siren, plant_log]
`;
const profile = `profile: acme/probe
version: 1
about: A probe.
match: { topic: "acme/{device}/state" }
time: none
metrics: [{ name: temperature, path: t, unit: Cel }]
examples:
  - { topic: acme/p1/state, payload: { t: 1 }, expect: { metrics: { temperature: { value: 1, unit: Cel } } } }
`;

test("an edge rule tells a siren with no backbone, over a kill, and the hub has each transition once", async () => {
  const folder = await tempFolder();
  const natsPort = await freePort();
  const mosquitto = await mosquittoProcess();
  await mkdir(join(folder, "profiles/acme"), { recursive: true });
  await writeFile(join(folder, "rules.yaml"), rules);
  await writeFile(join(folder, "profiles/acme/probe.yaml"), profile);
  const siren = { kind: "mqtt", url: mosquitto.url, topic: "siren/{{ device }}", at: "edge" };
  const receivers = { siren, plant_log: { kind: "log" } };
  const gateway = await gatewayProcess({
    folder,
    natsUrl: `nats://127.0.0.1:${natsPort}`,
    configuration: `profiles: { folders: [profiles] }
rules: { files: [rules.yaml] }
time: { watermark_every: 200ms, catch_up: 0s }
notify: { receivers: ${JSON.stringify(receivers)} }
processor: { discover_every: 500ms }
`,
  });
  await gateway.start();
  const panel = await connect({ port: mosquitto.port, clientId: "panel" });
  await panel.subscribe("siren/#");
  const heard = () => panel.delivered.filter(({ payload }) => payload !== "");
  const shown = (): AlertTransition[] => heard().map(({ payload }) => JSON.parse(payload));
  const send = async (device: string, t: number): Promise<void> => {
    const probe = await connect({ port: gateway.mqttPort, clientId: device });
    await probe.publish(`acme/${device}/state`, JSON.stringify({ t }));
    await probe.close();
  };

  await send("f1", -18);
  const beforeMs = Date.now();
  await send("f1", 3);
  await waitUntil(() => shown().some(({ state }) => state === "firing"), "the siren sounds");
  const { edgeRules } = await gateway.status();
  expect(edgeRules).toMatchObject({ rules: 1, firing: { counts: { critical: 1 } } });

  await send("f2", 4);
  await gateway.kill();
  await gateway.start();
  await waitUntil(
    () => shown().some(({ labels }) => labels["device"] === "acme-f2"),
    "what was found before the kill, or behind it, is told",
  );
  await send("f1", -18);
  await waitUntil(() => shown().some(({ state }) => state === "ended"), "it is told that it ended");
  // Nobody acknowledges anything here: what is over is taken away.
  await waitUntil(() => panel.delivered.some(({ payload }) => payload === ""), "it is taken away");

  const server = await startNatsServer({ folder: await tempFolder(), port: natsPort });
  onTestFinished(() => server.kill());
  const processor = roleProgram({ role: "processor", configPath: gateway.configPath, folder });
  onTestFinished(() => processor.kill());
  processor.start();
  const connection = await connectionOf(testBackbone(server.url));
  const stored = async (): Promise<AlertTransition[]> => {
    const all = await storedTransitions(connection).catch((): AlertTransition[] => []);
    return all.filter(({ rule }) => rule === "cold_chain/CoolingFailure");
  };
  const wanted = new Set(shown().map(({ id }) => id));
  await waitUntil(async () => (await stored()).length >= wanted.size, "the hub has them");
  const alerts = await stored();
  expect(alerts.map(({ id }) => id).sort()).toEqual([...wanted].sort());
  for (const alert of alerts) {
    const told = shown().find(({ id }) => id === alert.id);
    expect(alert.at).toBe(told?.at);
    expect(Date.parse(alert.started_at)).toBeGreaterThanOrEqual(beforeMs);
    expect(alert.evaluated).toBe("edge");
  }
  expect(await gateway.stop()).toBe(0);
}, 120_000);
