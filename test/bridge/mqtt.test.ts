/** A bridge with a real Mosquitto. */
import { connectAsync, type IPublishPacket, type MqttClient } from "mqtt";
import { describe, expect, onTestFinished, test } from "vitest";
import type { GatewayEvent } from "../../src/core/event.ts";
import { readSetAside } from "../../src/stream/bridge-aside.ts";
import { startBridge } from "../support/bridging.ts";
import { publishRecords, reading } from "../support/gateway-stream.ts";
import { setUpStreams } from "../support/history.ts";
import { mosquittoProcess } from "../support/mosquitto-process.ts";

const patient = { timeout: 30_000 };

const readings = (count: number, from = 0): GatewayEvent[] =>
  Array.from({ length: count }, (_, at) => reading(`f${at % 3}`, from + at, from + at));

interface Received {
  readonly topic: string;
  readonly payload: string;
  readonly properties: IPublishPacket["properties"];
}

/** What everybody publishes, in order. */
async function listen(url: string): Promise<readonly Received[]> {
  const received: Received[] = [];
  const client: MqttClient = await connectAsync(url, { protocolVersion: 5 });
  onTestFinished(() => void client.end(true));
  client.on("message", (topic, payload, { properties }) =>
    received.push({ topic, payload: String(payload), properties }),
  );
  await client.subscribeAsync("#", { qos: 2 });
  return received;
}

const target = (url: string, more: object = {}) => ({ name: "office", kind: "mqtt", url, ...more });

describe("a bridge to MQTT", () => {
  test("publishes each event as a CloudEvent in binary mode, below a topic of its names", async () => {
    const broker = await mosquittoProcess();
    const received = await listen(broker.url);
    const { url, backbone, connection } = await setUpStreams();
    await publishRecords(connection, "aaaaaaaa", 1, [reading("f/1", 1.5, 0)]);

    startBridge(backbone, url, [target(broker.url)]);
    await expect.poll(() => received.length, patient).toBe(1);

    expect(received[0]?.topic).toBe("sluicegate/plant-a/gw1/f%2F1/measurement");
    expect(received[0]?.payload).toBe('[{"n":"temperature","u":"Cel","v":1.5}]');
    expect(received[0]?.properties).toMatchObject({
      contentType: "application/senml+json",
      userProperties: {
        specversion: "1.0",
        id: "gw1.aaaaaaaa.1",
        source: "/plant-a/gw1/f=2F1",
        type: "io.sluicegate.measurement.v1",
        subject: "f/1",
        bridgedby: "plant-a/office",
      },
    });
  });

  test.each([1, 2])(
    "goes on by QoS %i when the broker was killed, in order per device",
    async (qos) => {
      const broker = await mosquittoProcess(["persistence true", "persistence_location {folder}/"]);
      const { url, backbone, connection } = await setUpStreams();
      const bridge = startBridge(backbone, url, [target(broker.url, { qos, timeout: "2s" })]);
      await publishRecords(connection, "aaaaaaaa", 1, readings(20));
      await expect.poll(() => bridge.state().targets[0]?.carried, patient).toBe(20);

      await broker.stop("SIGKILL");
      await publishRecords(connection, "aaaaaaaa", 21, readings(40, 20));
      await expect.poll(() => bridge.state().targets[0]?.failing, patient).toBeDefined();
      await broker.start();
      const again = await listen(broker.url);

      await expect.poll(() => bridge.state().targets[0]?.behind, patient).toBe(0);
      await expect.poll(() => bridge.state().targets[0]?.failing, patient).toBe(undefined);
      const values = again.map(({ payload }) => Number(/"v":(\d+)/.exec(payload)?.[1]));
      for (const rest of [0, 1, 2]) {
        const own = [...new Set(values)].filter((value) => value % 3 === (20 + rest) % 3);
        expect(own).toEqual([...own].sort((a, b) => a - b));
      }
    },
  );

  test("sets aside what is larger than the broker takes", async () => {
    const broker = await mosquittoProcess(["max_packet_size 2000"]);
    const received = await listen(broker.url);
    const { url, backbone, connection } = await setUpStreams();
    const large: GatewayEvent = {
      ...reading("f1", 1, 1),
      kind: "measurement",
      data: [{ name: "text", value: "x".repeat(4_000), quality: "good" }],
    };
    await publishRecords(connection, "aaaaaaaa", 1, [
      reading("f1", 0, 0),
      large,
      reading("f1", 2, 2),
    ]);

    const bridge = startBridge(backbone, url, [target(broker.url)]);
    await expect.poll(() => received.length, patient).toBe(2);

    await expect.poll(() => bridge.state().targets[0]?.aside, patient).toBe(1);
    const [aside] = await readSetAside(connection);
    expect(aside?.reason).toMatch(/bytes, and the broker takes 2000/);
  });

  test("carries an event that came back from its target no second time", async () => {
    const broker = await mosquittoProcess();
    const received = await listen(broker.url);
    const { url, backbone, connection } = await setUpStreams();
    const echo = (bridgedby: string): GatewayEvent => ({
      ...reading("f1", 1, 1),
      extensions: { bridgedby },
    });
    await publishRecords(connection, "aaaaaaaa", 1, [
      echo("plant-a/office"),
      echo("plant-b/office"),
      echo("plant-b/office plant-a/office"),
    ]);

    const bridge = startBridge(backbone, url, [target(broker.url)]);
    await expect.poll(() => received.length, patient).toBe(1);

    expect(received[0]?.properties?.userProperties).toMatchObject({
      bridgedby: "plant-b/office plant-a/office",
    });
    expect(bridge.state().targets[0]).toMatchObject({ carried: 1, echoes: 2 });
  });
});
