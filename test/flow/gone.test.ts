/** What is gone: a device that is forgotten or taken out of the configuration, a gateway that dies. */
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { jetstreamManager, type StoredMsg } from "@nats-io/jetstream";
import { expect, onTestFinished, test } from "vitest";
import type { AlertTransition } from "../../src/core/alert.ts";
import { storedTransitions } from "../support/alerts-stream.ts";
import { connectionOf, testBackbone } from "../support/backbone.ts";
import { gatewayProgram, program } from "../support/gateway-program.ts";
import { connect } from "../support/mqtt-device.ts";
import { natsServer } from "../support/nats-server.ts";
import { roleProgram } from "../support/role-program.ts";
import { tempFolder } from "../support/temp-folder.ts";

const rules = `version: 1
groups:
  - name: g
    rules:
      - alert: Hot
        select: { metric: temperature_1 }
        condition: { threshold: { above: 30 } }
        severity: critical
      - alert: Silent
        select: { device: planned }
        condition: { absent: { longer_than: 1s } }
        severity: warning
`;
const payload = JSON.stringify({ DS18B20: { Id: "1", Temperature: 40 }, TempUnit: "C" });

test("what is gone ends its alerts, and a gateway that dies is one", async () => {
  const { url } = await natsServer();
  const connection = await connectionOf(testBackbone(url));
  const folder = await tempFolder();
  await writeFile(join(folder, "rules.yaml"), rules);
  const gateway = await gatewayProgram({
    folder,
    natsUrl: url,
    configuration: `rules: { files: [rules.yaml], reserved: { GatewayOffline: { for: 15s } } }
time: { catch_up: 1s }
processor: { discover_every: 1s }
devices: [{ id: planned, profile: tasmota/sensor }]
`,
  });
  const processor = roleProgram({ role: "processor", configPath: gateway.configPath, folder });
  onTestFinished(async () => {
    await gateway.kill();
    await processor.stop();
  });
  const tells = (line: string) =>
    expect
      .poll(
        async () => {
          const stored = await storedTransitions(connection).catch((): AlertTransition[] => []);
          return stored.map(
            ({ labels, reason, rule, state }) =>
              `${rule} ${labels["device"] ?? labels["gateway"]} ${state} ${reason}`,
          );
        },
        { timeout: 60_000, interval: 200 },
      )
      .toContain(line);
  await gateway.start();
  processor.start();

  const plug = await connect({ port: gateway.mqttPort, clientId: "plug" });
  await plug.publish("tele/plug/SENSOR", payload, { qos: 1 });
  await tells("g/Hot tasmota-plug firing for_elapsed");
  await tells("g/Silent planned firing for_elapsed");
  const forget = (device: string) =>
    promisify(execFile)(process.execPath, [
      program,
      "devices",
      "forget",
      device,
      "--yes",
      "--config",
      gateway.configPath,
    ]);
  expect((await forget("tasmota-plug")).stdout).toContain("tasmota-plug is forgotten");
  await tells("g/Hot tasmota-plug ended device_removed");
  await expect(forget("planned")).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("planned is configured") as string,
  });

  expect(await gateway.stop()).toBe(0);
  const manager = await jetstreamManager(connection);
  const { state } = await manager.streams.info("GW_gw1");
  const last: StoredMsg | null = await manager.streams.getMessage("GW_gw1", {
    seq: state.last_seq,
  });
  expect(last?.json()).toMatchObject({ data: { cause: "gateway-stopped" } });

  const text = await readFile(gateway.configPath, "utf8");
  await writeFile(gateway.configPath, text.replace(/^devices: .*$/m, ""));
  await gateway.start();
  await tells("g/Silent planned ended device_removed");

  await gateway.kill();
  await tells("sluicegate/GatewayOffline gw1 firing for_elapsed");
  await gateway.start();
  await tells("sluicegate/GatewayOffline gw1 ended normal");
  const offline = (await storedTransitions(connection)).filter(({ rule }) =>
    rule.startsWith("sluicegate/"),
  );
  expect(offline.map(({ n }) => n)).toEqual([1, 2]);
});
