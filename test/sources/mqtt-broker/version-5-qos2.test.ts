import type { IPubcompPacket } from "mqtt-packet";
import { describe, expect, test } from "vitest";
import { mqttBroker, RecordingSink } from "../../support/mqtt-broker.ts";
import { peer5 } from "../../support/mqtt5-peer.ts";
import { testDeliveries } from "../../support/test-deliveries.ts";

describe("QoS 2 of MQTT 5", () => {
  const kept = { clean: false, properties: { sessionExpiryInterval: 600 } };

  test("is stored once over connections, until its PUBREL", async () => {
    const { port, sink } = await mqttBroker();
    const first = await peer5(port, { clientId: "d1", ...kept });
    first.publish("t", { qos: 2, messageId: 5, payload: "once" });
    await first.expect("pubrec");
    first.socket.destroy();
    await first.closed;
    const second = await peer5(port, { clientId: "d1", ...kept });
    second.publish("t", { qos: 2, messageId: 5, payload: "once", dup: true });
    await second.expect("pubrec");
    expect(sink.payloads).toEqual(["once"]);
    second.send({ cmd: "pubrel", messageId: 5 });
    await second.expect("pubcomp");
    second.publish("t", { qos: 2, messageId: 5, payload: "once" });
    await second.expect("pubrec");
    expect(sink.payloads).toEqual(["once", "once"]);
  });

  test("is stored once also when the session goes on for this connection only", async () => {
    const { port, sink } = await mqttBroker();
    const first = await peer5(port, { clientId: "d1", ...kept });
    first.publish("t", { qos: 2, messageId: 5, payload: "once" });
    await first.expect("pubrec");
    first.socket.destroy();
    await first.closed;
    const second = await peer5(port, { clientId: "d1", clean: false });
    second.publish("t", { qos: 2, messageId: 5, payload: "once", dup: true });
    await second.expect("pubrec");
    expect(sink.payloads).toEqual(["once"]);
  });

  test("is stored once over a restart, though the session is gone", async () => {
    const sink = new RecordingSink();
    const deps = { deliveries: await testDeliveries(sink), sink, log: sink };
    const before = await mqttBroker({}, deps);
    const first = await peer5(before.port, { clientId: "d1", ...kept });
    first.publish("t", { qos: 2, messageId: 5, payload: "once" });
    await first.expect("pubrec");
    await before.broker.stop();
    const { port } = await mqttBroker({ listen: `127.0.0.1:${before.port}` }, deps);
    const second = await peer5(port, { clientId: "d1", ...kept });
    second.publish("t", { qos: 2, messageId: 5, payload: "once", dup: true });
    await second.expect("pubrec");
    expect(sink.payloads).toEqual(["once"]);
  });

  test("a release of nothing is answered as one", async () => {
    const { port } = await mqttBroker();
    const device = await peer5(port);
    const pubcomp = await device.ask<IPubcompPacket>({ cmd: "pubrel", messageId: 9 }, "pubcomp");
    expect(pubcomp).toMatchObject({ messageId: 9, reasonCode: 0x92 });
  });
});
