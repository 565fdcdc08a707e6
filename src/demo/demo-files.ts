/** The files of the demo's site: what a person would write, with times divided by the speed. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { statusSocketOf } from "../config/status-socket.ts";

/** Of the process at the backbone. */
export const hubRoles = ["processor", "notifier", "console"];

export interface DemoFiles {
  readonly configPath: string;
  readonly gatewaySocket: string;
  readonly hubSocket: string;
}

export interface DemoFilesOptions {
  readonly folder: string;
  readonly speed: number;
  /** Where the gateway finds the backbone: the near end of the cable. */
  readonly gatewayBackbone: string;
  /** A port for the broker that stays the same when the gateway is started again. */
  readonly mqttPort: number;
}

/** Writes configuration and rules; gives where they are. */
export async function writeDemoFiles(options: DemoFilesOptions): Promise<DemoFiles> {
  const { folder, gatewayBackbone, mqttPort, speed } = options;
  const seconds = (scriptSeconds: number): string =>
    `${Math.round((scriptSeconds * 1_000) / speed)}ms`;
  const configPath = join(folder, "sluicegate.yaml");
  await mkdir(join(folder, "rules"), { recursive: true });
  await writeFile(
    configPath,
    `site: demo
gateway: { id: gw1, data: data }
sources:
  - { kind: mqtt-broker, listen: "127.0.0.1:${mqttPort}" }
time: { catch_up: ${seconds(8)} }
backbone: { servers: ["${gatewayBackbone}"], retry_max: 1s }
rules: { files: ["rules/*.yaml"] }
processor: { late_notify_after: ${seconds(3)}, discover_every: 500ms }
notify: { receivers: { log: { kind: log } }, default: [log] }
`,
  );
  await writeFile(
    join(folder, "rules", "demo.yaml"),
    `version: 1
groups:
  - name: demo
    rules:
      - alert: FreezerWarm
        select: { profile: sluicegate/sim-freezer, metric: temperature }
        condition: { threshold: { above: -15, deadband: 2 } }
        for: ${seconds(10)}
        severity: warning
        annotations:
          summary:
            firing: "{{ device.id }} is at {{ value | fixed(1) }} {{ unit }} since {{ started_at }}"
            ended: "{{ device.id }} was too warm for {{ lasted }}, last at {{ value | fixed(1) }} {{ unit }}"
      - alert: DeviceSilent
        select: { profile: "sluicegate/*" }
        condition: { absent: { longer_than: ${seconds(10)} } }
        severity: critical
`,
  );
  const site = { folder, config: { gateway: { data: "data" }, status: {} } };
  return {
    configPath,
    gatewaySocket: statusSocketOf(site, ["gateway"]),
    hubSocket: statusSocketOf(site, hubRoles),
  };
}
