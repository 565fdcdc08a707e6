import { execFile, spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect as connectNats } from "@nats-io/transport-node";
import { describe, expect, it, onTestFinished } from "vitest";
import { freePort } from "../../src/demo/free-port.ts";
import { gatewayStatusOf } from "../../src/gateway/read-gateway-status.ts";
import { readStatus } from "../../src/telemetry/status-client.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { program } from "../support/gateway-program.ts";
import { connect } from "../support/mqtt-device.ts";
import { natsServer } from "../support/nats-server.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

const topic = "tele/greenhouse/SENSOR";
// Such a device says the time of its own zone; one that is days old would be told as stale.
const now = new Date().toISOString().slice(0, 19);
const payload = `{"Time":"${now}","DS18B20":{"Id":"00000A1B2C3D","Temperature":21.4},"TempUnit":"C"}`;

/** Debian's client, as a user types it; resolves at the PUBACK. */
async function mosquittoPub(port: number): Promise<void> {
  const args = ["-h", "127.0.0.1", "-p", String(port), "-q", "1", "-t", topic, "-m", payload];
  await promisify(execFile)("mosquitto_pub", args, { timeout: 20_000 });
}

/** The newest message of a subject, read with nothing but the plain NATS client. */
async function lastMessage(natsUrl: string, stream: string, subject: string): Promise<unknown> {
  const connection = await connectNats({ servers: natsUrl });
  try {
    const manager = await jetstreamManager(connection);
    const message = await waitUntil(
      () =>
        manager.streams
          .getMessage(stream, { last_by_subj: subject })
          .catch(() => undefined)
          .then((found) => found ?? undefined),
      `a message in ${stream}`,
    );
    return { id: message.header.get("Ce-Id"), event: message.json<unknown>() };
  } finally {
    await connection.close();
  }
}

function greenhouse(site: string) {
  const id: unknown = expect.stringMatching(/^gw1\.[0-9a-z]{8}\.\d+$/);
  const time: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  return {
    id,
    event: {
      specversion: "1.0",
      id,
      source: `/${site}/gw1/tasmota-greenhouse`,
      type: "io.sluicegate.measurement.v1",
      subject: "tasmota-greenhouse",
      time,
      datacontenttype: "application/senml+json",
      received: time,
      clock: "gateway",
      profile: "tasmota/sensor@5",
      data: [{ n: "temperature_00000A1B2C3D", u: "Cel", v: 21.4 }],
    },
  };
}

describe("a message of a Tasmota thermometer, sent by mosquitto_pub with QoS 1", () => {
  it("is a CloudEvent with SenML in the stream of the gateway", async () => {
    const server = await natsServer();
    const gateway = await gatewayProcess({ folder: await tempFolder(), natsUrl: server.url });
    await gateway.start();
    await mosquittoPub(gateway.mqttPort);
    expect(
      await lastMessage(server.url, "GW_gw1", "ev.plant-a.gw1.tasmota-greenhouse.measurement"),
    ).toEqual(greenhouse("plant-a"));
  });

  it("is of the device whose name its client has, also when that comes and goes", async () => {
    const server = await natsServer();
    const gateway = await gatewayProcess({ folder: await tempFolder(), natsUrl: server.url });
    await gateway.start();
    const device = await connect({ port: gateway.mqttPort, clientId: "greenhouse" });
    await device.publish(topic, payload);
    await device.close();
    const subject = "ev.plant-a.gw1.tasmota-greenhouse.status";
    expect(await lastMessage(server.url, "GW_gw1", subject)).toMatchObject({
      event: { data: { state: "offline", cause: "disconnect", client: "greenhouse" } },
    });
  });

  it("leaves its client no device's where two are called as the client is", async () => {
    const server = await natsServer();
    const gateway = await gatewayProcess({ folder: await tempFolder(), natsUrl: server.url });
    await gateway.start();
    const bridge = await connect({ port: gateway.mqttPort, clientId: "greenhouse" });
    await bridge.publish(topic, payload);
    await bridge.publish("zigbee2mqtt/greenhouse", '{"temperature":21.4}');
    const second = "ev.plant-a.gw1.z2m-greenhouse.measurement";
    await lastMessage(server.url, "GW_gw1", second);
    await bridge.close();
    await expect
      .poll(() => lastMessage(server.url, "GW_gw1", "ev.plant-a.gw1.=.status"), { timeout: 60_000 })
      .toMatchObject({ event: { data: { state: "offline", client: "greenhouse" } } });
  });

  it("goes the whole way in a site that `up` started from three lines", async () => {
    const folder = await tempFolder();
    const configPath = join(folder, "sluicegate.yaml");
    const port = await freePort();
    await writeFile(
      configPath,
      `site: home
gateway: { id: gw1, data: data }
sources: [{ kind: mqtt-broker, listen: "127.0.0.1:${port}" }]
`,
    );
    const journalPath = join(folder, "up.log");
    const journal = openSync(journalPath, "a");
    const up = spawn(process.execPath, [program, "up", "--config", configPath], {
      stdio: ["ignore", journal, journal],
    });
    const ended = new Promise<number | null>((resolve) => up.once("exit", resolve));
    onTestFinished(async () => {
      up.kill("SIGTERM");
      await ended;
    });
    const server = await waitUntil(async () => {
      if (up.exitCode !== null) throw new Error(readFileSync(journalPath, "utf8"));
      const socket = join(folder, "data", "sluicegate.sock");
      const status = gatewayStatusOf(await readStatus(socket).catch(() => undefined));
      return status?.link.kind === "linked" && status.link.server;
    }, "the site is up and linked");
    await mosquittoPub(port);
    expect(
      await lastMessage(server, "GW_gw1", "ev.home.gw1.tasmota-greenhouse.measurement"),
    ).toEqual(greenhouse("home"));

    up.kill("SIGTERM");
    expect(await ended).toBe(0);
    await expect(connectNats({ servers: server, reconnect: false })).rejects.toThrow();
  });
});
