/** Every role does its whole work with its own rights and no others: measured by what the server refuses. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { toGatewayId, toSiteId } from "../../src/core/ids.ts";
import { freePort } from "../../src/demo/free-port.ts";
import { runCommand } from "../support/command-line.ts";
import { commandedFreezer } from "../support/commanded-freezer.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { connect } from "../support/mqtt-device.ts";
import { permittedBackbone, servers } from "../support/permitted-backbone.ts";
import { roleProgram } from "../support/role-program.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

const rules = `version: 1
groups:
  - name: cold
    rules:
      - alert: Warm
        select: { metric: temperature }
        condition: { threshold: { above: -12 } }
        severity: critical
`;

describe.each(servers)("On %s", (_, program) => {
  test("an alert is told, acknowledged and a command done, and the server refuses nothing", async () => {
    const folder = await tempFolder();
    const origin = { site: toSiteId("plant-a"), gateway: toGatewayId("gw1") };
    const backbone = await permittedBackbone([origin], program);
    await mkdir(join(folder, "profiles/acme"), { recursive: true });
    await writeFile(join(folder, "profiles/acme/fz-200.yaml"), commandedFreezer);
    await writeFile(join(folder, "rules.yaml"), rules);
    const shared = `profiles: { folders: [profiles] }
rules: { files: [rules.yaml] }
time: { watermark_every: 200ms, catch_up: 0s }
processor: { discover_every: 500ms }
notify: { receivers: { log: { kind: log } }, default: [log] }
`;
    const gateway = await gatewayProcess({
      folder,
      natsUrl: backbone.url,
      backboneFields: { credentials: { file: backbone.seedFile("gateway-gw1") } },
      configuration: shared,
    });
    const base = await readFile(gateway.configPath, "utf8");
    const configOf = async (role: string): Promise<string> => {
      const path = join(folder, `${role}.yaml.conf`);
      const more =
        role === "console" ? `console: { listen: "127.0.0.1:${await freePort()}" }\n` : "";
      await writeFile(path, base.replace("gateway-gw1.nk", `${role}.nk`) + more);
      return path;
    };
    await gateway.start();
    const roles = new Map<string, ReturnType<typeof roleProgram>>();
    for (const role of ["processor", "notifier", "console"] as const) {
      const running = roleProgram({ role, folder, configPath: await configOf(role) });
      onTestFinished(() => running.kill());
      running.start();
      roles.set(role, running);
    }
    const device = await connect({ port: gateway.mqttPort, clientId: "f1" });
    await device.subscribe("acme/f1/#");
    await device.publish("acme/f1/state", JSON.stringify({ t: -18 }));
    await device.publish("acme/f1/state", JSON.stringify({ t: 3 }));
    await waitUntil(
      () => roles.get("notifier")?.journal().includes("Warm") === true,
      "somebody is told",
      60_000,
    );
    const config = ["--config", join(folder, "console.yaml.conf"), "--nats", backbone.url];
    const people = async (...args: string[]): Promise<void> => {
      const { status, stderr } = await runCommand([...args, ...config], { cwd: folder });
      expect(status, stderr).toBe(0);
    };
    await people("alerts", "ack", "Warm", "--by", "ana");
    await people("send", "acme-f1", "light", "on=true", "--by", "ana");
    await waitUntil(
      () => device.delivered.some(({ topic }) => topic === "acme/f1/light"),
      "the device is told",
    );
    await waitUntil(async () => (await gateway.status()).buffer.waitingRecords === 0, "all sent");
    expect(await backbone.refusals()).toEqual([]);
  });
});
