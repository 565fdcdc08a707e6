import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openFolder, runCommand } from "../support/command-line.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { program } from "../support/gateway-program.ts";
import { connect } from "../support/mqtt-device.ts";
import { natsServer } from "../support/nats-server.ts";
import { publishOnce } from "../support/publish-once.ts";
import { roleProgram } from "../support/role-program.ts";
import type { Ended } from "../support/run-to-end.ts";
import { waitUntil } from "../support/wait-until.ts";

const rules = `version: 1
groups:
  - name: cold
    rules:
      - { alert: Warm, select: { metric: temperature }, severity: critical, condition: { threshold: { above: 5 } } }
`;
const reading = (celsius: number) =>
  JSON.stringify({ Time: "2026-11-21T14:02:10", DS18B20: { Temperature: celsius }, TempUnit: "C" });

/** Asks until the answer has what is waited for. */
function statusWhere(cwd: string, has: (text: string) => boolean, what: string): Promise<Ended> {
  return waitUntil(async () => {
    const result = await runCommand(["status"], { cwd });
    return has(result.stdout) ? result : undefined;
  }, what);
}

describe("sluicegate status", () => {
  it("finds every role without --socket, and says what fires and who cannot be told", async () => {
    const cwd = await openFolder();
    const server = await natsServer();
    await writeFile(join(cwd, "rules.yaml"), rules);
    const gateway = await gatewayProcess({
      folder: cwd,
      natsUrl: server.url,
      configuration: `rules: { files: [rules.yaml, "none/*.yaml"] }
processor: { discover_every: 200ms }
notify: { receivers: { duty: { kind: webhook, url: "http://127.0.0.1:9/hook" } } }
`,
    });
    for (const role of ["processor", "notifier"] as const) {
      const started = roleProgram({ role, configPath: gateway.configPath, folder: cwd });
      onTestFinished(() => started.kill());
      started.start();
    }
    await gateway.start();
    await publishOnce(gateway.mqttUrl, "tele/greenhouse/SENSOR", reading(21.4));

    const { status, stderr, stdout } = await statusWhere(
      cwd,
      (text) => text.includes("critical firing") && text.includes("failing for"),
      "status tells of an alert and of the receiver that fails",
    );
    expect(status).toBe(0);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^plant-a\/gw1 {3}up /);
    expect(stdout).toMatch(/^Devices {3}1: 1 [a-z ]+$/m);
    expect(stdout).toMatch(/^Lost {6}0 in this run$/m);
    expect(stdout).toMatch(/^Rules {5}1 of 1 partitions here {3}1 gateway$/m);
    expect(stdout).toMatch(/^ {10}passed over 0 late samples {3}.* left out 0 /m);
    expect(stdout).toMatch(/^Alerts {4}1 critical firing$/m);
    expect(stdout).toMatch(/^ +critical {3}cold\/Warm {3}tasmota-greenhouse {3}since /m);
    expect(stdout).toMatch(/^Notify {4}duty \(webhook\) .* waiting 1 .* failing for /m);

    const port = Number(new URL(gateway.mqttUrl).port);
    const device = await connect({ port, clientId: "curious" });
    await expect(device.publish("$SYS/x", "no")).rejects.toThrow("cut off");
    const refused = await runCommand(["status"], { cwd });
    expect(refused.stdout).toMatch(
      /^Refused {3}1 system-topic {3}.*curious from 127\.0\.0\.1 {3}PUBLISH "\$SYS\/x" 2 bytes {3}limit: /m,
    );

    const json = await runCommand(["status", "-o", "json"], { cwd });
    expect(JSON.parse(json.stdout)).toMatchObject({
      schema: "sluicegate.status/1",
      gateway: {
        gateway: "gw1",
        devices: 1,
        droppedBefore: 0,
        sources: [{ refusals: [{ reason: "system-topic", count: 1, last: { topic: "$SYS/x" } }] }],
      },
      processor: { partitions: [{ held: true, firing: { counts: { critical: 1 } } }] },
      notifier: { receivers: [{ name: "duty" }] },
    });

    await gateway.stop();
    await gateway.start();
    const again = await statusWhere(cwd, (text) => text.includes("gw1"), "the gateway is back");
    expect(again.stdout).toMatch(/^Devices {3}1: 1 [a-z ]+$/m);
  });

  it("answers while somebody edits the configuration, and repeats no warning of it", async () => {
    const cwd = await openFolder();
    const config = join(cwd, "sluicegate.yaml");
    const text = 'gateway: { id: gw1 }\nsources: [{ kind: mqtt-broker, listen: "127.0.0.1:0" }]\n';
    await writeFile(config, text);
    const child = spawn(process.execPath, [program, "run", "gateway"], { cwd });
    onTestFinished(() => void child.kill("SIGKILL"));
    await statusWhere(cwd, (said) => said.includes("gw1"), "the gateway answers");
    await writeFile(config, `${text}rules: { files: ["none/*.yaml"] }\nbufer: {}\n`);
    const { status, stderr, stdout } = await runCommand(["status"], { cwd });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("site/gw1");
  });

  it("ends with 3 when nobody answers", async () => {
    const cwd = await openFolder();
    await writeFile(join(cwd, "sluicegate.yaml"), "gateway: { id: gw1 }\n");
    const { status, stderr } = await runCommand(["status"], { cwd });
    expect(status).toBe(3);
    expect(stderr).toContain(join(cwd, "data/sluicegate.sock"));
    expect(stderr.split("\n")).toHaveLength(2);
  });
});
