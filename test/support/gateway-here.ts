/** A gateway in the test's own process: real sources, a real log, and no backbone unless one is named. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { GatewayFacts } from "../../src/app/gateway-facts.ts";
import { openGateway } from "../../src/app/open-gateway.ts";
import type { Role, RoleSurroundings } from "../../src/app/role.ts";
import { systemClock } from "../../src/app/system-clock.ts";
import { type LoadedSite, loadSite } from "../../src/config/site/load-site.ts";
import { machineFiles } from "../../src/config/site/site-files.ts";
import { noAudit } from "../../src/core/audit.ts";
import { freePort } from "../../src/demo/free-port.ts";
import { createMetricsRegistry } from "../../src/telemetry/metrics-registry.ts";
import { createTapHub } from "../../src/telemetry/tap-hub.ts";
import { freezerProfile } from "./memory-site.ts";
import { MqttDevice } from "./mqtt-device.ts";
import { silentLogger } from "./silence.ts";
import { tempFolder } from "./temp-folder.ts";

export interface GatewayHere {
  readonly role: Role;
  readonly facts: GatewayFacts;
  readonly surroundings: RoleSurroundings;
  readonly folder: string;
  /** Publishes one message with QoS 1; resolves when it is on disk. */
  say(topic: string, payload: string | Buffer): Promise<void>;
  /** The device listens to these topics. */
  hear(filter: string): Promise<unknown>;
  /** The files are read again; the profile of freezers is another where one is given. */
  reload(profile?: string): Promise<void>;
}

export interface GatewayHereOptions {
  /** Further lines of the configuration. */
  readonly configuration?: string;
  readonly rules?: string;
  /** Of `plans.yaml`. */
  readonly plans?: string;
  readonly natsUrl?: string;
  readonly profile?: string;
}

/** Nobody listens there. */
const nowhere = "nats://127.0.0.1:1";

export async function gatewayHere(options: GatewayHereOptions = {}): Promise<GatewayHere> {
  const { configuration = "", natsUrl = nowhere, plans, profile = freezerProfile, rules } = options;
  const folder = await tempFolder();
  const port = await freePort();
  const text = `site: plant-a
gateway: { id: gw1, data: ${JSON.stringify(join(folder, "data"))} }
sources: [{ kind: mqtt-broker, listen: "127.0.0.1:${port}" }]
backbone: { servers: ["${natsUrl}"], retry_max: 1s }
${configuration}`;
  const put = async (path: string, of: string | undefined): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    if (of !== undefined) await writeFile(join(folder, path), of);
  };
  await put("sluicegate.yaml", text);
  await put("rules/cold.yaml", rules);
  await put("plans.yaml", plans);
  await put("shipped/acme/fz-200.yaml", profile);
  const shippedProfiles = join(folder, "shipped");
  const files = { ...machineFiles({}), shippedProfiles, parsedProfiles: "/none" };
  const siteNow = async (): Promise<LoadedSite> => {
    const loaded = await loadSite(join(folder, "sluicegate.yaml"), files);
    if (loaded.ok) return loaded.site;
    throw new Error(JSON.stringify(loaded.faults));
  };
  const site = await siteNow();
  const surroundings: RoleSurroundings = {
    site,
    clock: systemClock,
    random: Math.random,
    metrics: createMetricsRegistry(),
    logger: () => silentLogger,
    audit: noAudit,
    env: {},
    servers: [natsUrl],
    taps: createTapHub(),
    takeOver: false,
    questionsHere: () => ({}),
    gatewayHere: () => undefined,
    statusHere: () => undefined,
  };
  const role = await openGateway(surroundings);
  onTestFinished(() => role.stop());
  if (role.gateway === undefined) throw new Error("the gateway gives nothing to look at");
  const device = new MqttDevice(port);
  await device.open({ clientId: "world" });
  onTestFinished(() => void device.socket.destroy());
  return {
    ...{ role, surroundings, folder, facts: role.gateway },
    async reload(of) {
      await put("shipped/acme/fz-200.yaml", of);
      role.reload?.(await siteNow());
    },
    hear: (filter) => device.subscribe(filter),
    say: (topic, payload) => device.publish(topic, payload, { qos: 1 }),
  };
}
