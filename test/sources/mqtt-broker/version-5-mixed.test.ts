import { connectAsync } from "mqtt";
import type { IPublishPacket } from "mqtt-packet";
import { expect, onTestFinished, test, vi } from "vitest";
import { mqttBroker } from "../../support/mqtt-broker.ts";
import { peer } from "../../support/mqtt-peer.ts";
import { peer5 } from "../../support/mqtt5-peer.ts";

const said = {
  contentType: "application/json",
  responseTopic: "answers/1",
  correlationData: Buffer.of(1, 2, 3),
  userProperties: { traceparent: "00-1", site: ["a", "b"] },
};

test.each(["mqtt", "ws"])(
  "mqtt.js in version 5 publishes at each QoS, with an alias, and hears what is refused: %s",
  async (carrier) => {
    const { broker, port, sink } = await mqttBroker({ websocket: { listen: "127.0.0.1:0" } });
    const address = carrier === "ws" ? broker.webSocketAddress : `127.0.0.1:${port}`;
    const client = await connectAsync(`${carrier}://${address}`, {
      protocolVersion: 5,
      clean: true,
      autoAssignTopicAlias: true,
      properties: { topicAliasMaximum: 10 },
    });
    onTestFinished(() => client.endAsync(true).then(() => {}));
    const got = new Promise<IPublishPacket>((resolve) =>
      client.once("message", (_topic, _payload, packet) => resolve(packet)),
    );
    await client.subscribeAsync("t/+", { qos: 2 });
    for (const qos of [0, 1, 2] as const) {
      await client.publishAsync("t/1", `q${qos}`, {
        qos,
        properties: { contentType: "text/plain" },
      });
    }
    await vi.waitFor(() => expect(sink.payloads).toEqual(["q0", "q1", "q2"]));
    expect((await got).properties).toMatchObject({ contentType: "text/plain" });
    await expect(client.publishAsync("$t", "x", { qos: 1 })).rejects.toThrow("Topic Name invalid");
    expect(client.connected).toBe(true);
  },
);

test("a subscriber of MQTT 3.1.1 gets what a client of MQTT 5 publishes, and the reverse", async () => {
  const { port } = await mqttBroker();
  const [old, young] = [await peer(port), await peer5(port)];
  await old.subscribe(["t/#", 1]);
  await young.subscribe([{ topic: "t/#", qos: 1 }]);
  young.publish("t/5", { qos: 1, messageId: 1, properties: said });
  const came = await young.take(2);
  expect(came).toContainEqual(
    expect.objectContaining({ cmd: "publish", properties: expect.objectContaining(said) }),
  );
  expect(await old.deliveries()).toEqual(["t/5=x q1"]);
  await old.unsubscribe("t/#");
  await old.publish("t/3", "y", { qos: 0 });
  const [last] = await young.publishes();
  expect([last?.topic, last?.properties]).toEqual(["t/3", undefined]);
});
