/** Every role does its whole work with its own rights and no others: measured by what the server refuses. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { toGatewayId, toSiteId } from "../../src/core/ids.ts";
import { freePort } from "../../src/demo/free-port.ts";
import { runCommand } from "../support/command-line.ts";
import { commandedFreezer } from "../support/commanded-freezer.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { influxd } from "../support/influxd.ts";
import { connect } from "../support/mqtt-device.ts";
import { permittedBackbone, servers } from "../support/permitted-backbone.ts";
import { isHere } from "../support/programs-here.ts";
import { roleProgram } from "../support/role-program.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";
import { webhookServer } from "../support/webhook-server.ts";

const rules = `version: 1
groups:
  - name: cold
    rules:
      - alert: Warm
        select: { metric: temperature }
        condition: { threshold: { above: -12 } }
        severity: critical
`;

describe.skipIf(!isHere("influxd", "version")).each(servers)("On %s", (_, program) => {
  test("an alert is told, acknowledged and a command done, history written, events carried on, and the server refuses nothing", async () => {
    const [database, hook] = [await influxd(), await webhookServer()];
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
historian: { url: "${database.url}", batch: { age: 100ms } }
bridge: [{ name: hub, kind: http, url: "${hook.url}", what: { alerts: true } }]
`;
    const gateway = await gatewayProcess({
      folder,
      natsUrl: backbone.url,
      backboneFields: { credentials: { file: backbone.seedFile("gateway-gw1") } },
      configuration: shared,
    });
    const base = await readFile(gateway.configPath, "utf8");
    const consolePort = await freePort();
    const configOf = async (role: string): Promise<string> => {
      const path = join(folder, `${role}.yaml.conf`);
      const more = role === "console" ? `console: { listen: "127.0.0.1:${consolePort}" }\n` : "";
      await writeFile(path, base.replace("gateway-gw1.nk", `${role}.nk`) + more);
      return path;
    };
    await gateway.start();
    const roles = new Map<string, ReturnType<typeof roleProgram>>();
    for (const role of ["processor", "notifier", "historian", "bridge", "console"] as const) {
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
    const people = async (...args: string[]): Promise<string> => {
      const own = args[0] === "tokens" ? config.slice(0, 2) : config;
      const { status, stderr, stdout } = await runCommand([...args, ...own], { cwd: folder });
      expect(status, stderr).toBe(0);
      return stdout;
    };
    await people("alerts", "ack", "Warm", "--by", "ana");
    await people("send", "acme-f1", "light", "on=true", "--by", "ana");
    await waitUntil(
      () => device.delivered.some(({ topic }) => topic === "acme/f1/light"),
      "the device is told",
    );
    await waitUntil(async () => (await gateway.status()).buffer.waitingRecords === 0, "all sent");
    await waitUntil(
      async () => {
        const query = "select count(value) from samples where metric = 'temperature'";
        const [series] = await database.query(query, "sluicegate").catch(() => []);
        return Number(series?.values[0]?.[1] ?? 0) === 2;
      },
      "history is written",
      60_000,
    );
    const typesOf = (): string[] => hook.posts.map(({ headers }) => String(headers["ce-type"]));
    const carried = ["io.sluicegate.measurement.v1", "io.sluicegate.alert-transition.v1"];
    await waitUntil(
      () => carried.every((type) => typesOf().includes(type)),
      "events and transitions are carried on",
      60_000,
    );
    const token = await people("tokens", "add", "looker");
    await waitUntil(
      async () => {
        const headers = { authorization: `Bearer ${/slg_\S+/.exec(token)?.[0]}` };
        const flow = await fetch(`http://127.0.0.1:${consolePort}/api/v1/flow`, { headers });
        const text = await flow.text();
        return text.includes('"id":"target:hub"') && text.includes("has everything");
      },
      "the console shows the bridge and its target",
      60_000,
    );
    expect(await backbone.refusals()).toEqual([]);
  }, 300_000);
});
