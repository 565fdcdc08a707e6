import { describe, expect, test, vi } from "vitest";
import { mqttBroker, RecordingSink } from "../../support/mqtt-broker.ts";
import { connect, type MqttDevice } from "../../support/mqtt-device.ts";
import { peer5 } from "../../support/mqtt5-peer.ts";
import { testDeliveries } from "../../support/test-deliveries.ts";

function kept(port: number, clientId = "d1"): Promise<MqttDevice> {
  return connect({ port, clientId, clean: false });
}

/** A broker at which a client with a kept session sent two messages and left without a PUBACK. */
async function leftUnanswered() {
  const { port, sink } = await mqttBroker();
  sink.stalled = true;
  const first = await kept(port);
  const answers = [
    first.publish("t", "a", { messageId: 1 }),
    first.publish("t", "b", { messageId: 2 }),
  ];
  const all = Promise.allSettled(answers);
  await vi.waitFor(() => expect(sink.payloads).toEqual(["a", "b"]));
  first.destroy();
  await all;
  return { port, sink };
}

describe("a message of QoS 1 that is sent again with DUP in a kept session", () => {
  test("goes to the sink once when its client had no PUBACK, and is answered when it is on disk", async () => {
    const { port, sink } = await leftUnanswered();
    const second = await kept(port);
    const answered = [
      second.publish("t", "a", { messageId: 1, dup: true }),
      second.publish("t", "b", { messageId: 2, dup: true }),
      second.publish("t", "c", { messageId: 3 }),
    ];
    await second.ping();
    expect(second.acked).toEqual([]);
    sink.ackAll();
    await Promise.all(answered);
    expect(second.acked).toEqual([1, 2, 3]);
    expect(sink.payloads).toEqual(["a", "b", "c"]);
  });

  test("is known over as many connections as it takes to be answered", async () => {
    const { port, sink } = await leftUnanswered();
    for (let at = 0; at < 3; at += 1) {
      const again = await kept(port);
      const publish = again.publish("t", "a", { messageId: 1, dup: true }).catch(() => {});
      await again.ping();
      again.destroy();
      await publish;
    }
    const last = await kept(port);
    sink.ackAll();
    sink.stalled = false;
    await last.publish("t", "a", { messageId: 1, dup: true });
    expect(sink.payloads).toEqual(["a", "b"]);
  });

  test("is new once its PUBACK was sent, since its number is free [MQTT-4.3.2-2]", async () => {
    const { port, sink } = await mqttBroker();
    const first = await kept(port);
    await first.publish("t", "a", { messageId: 1 });
    first.destroy();
    const second = await kept(port);
    await second.publish("t", "a", { messageId: 1, dup: true });
    await second.publish("t", "a", { messageId: 1, dup: true });
    expect(sink.payloads).toEqual(["a", "a", "a"]);
  });

  test("is new with another content, without DUP, and of another client", async () => {
    const { port, sink } = await leftUnanswered();
    const second = await kept(port);
    const other = await kept(port, "d2");
    sink.ackAll();
    sink.stalled = false;
    await other.publish("t", "a", { messageId: 1, dup: true });
    await second.publish("t", "x", { messageId: 1, dup: true });
    await second.publish("u", "b", { messageId: 2, dup: true });
    await second.publish("t", "b", { messageId: 2 });
    expect(sink.payloads).toEqual(["a", "b", "a", "x", "b", "b"]);
  });

  test("is new behind a message that is: what had no answer would have come before it", async () => {
    const { port, sink } = await leftUnanswered();
    sink.ackAll();
    sink.stalled = false;
    const second = await kept(port);
    await second.publish("t", "c", { messageId: 3 });
    await second.publish("t", "b", { messageId: 2, dup: true });
    expect(sink.payloads).toEqual(["a", "b", "c", "b"]);
  });

  test("is new when its client began anew in between", async () => {
    const { port, sink } = await leftUnanswered();
    sink.ackAll();
    sink.stalled = false;
    await (await connect({ port, clientId: "d1", clean: true })).close();
    const third = await kept(port);
    await third.publish("t", "a", { messageId: 1, dup: true });
    expect(sink.payloads).toEqual(["a", "b", "a"]);
  });

  test("is known to MQTT 5 as well, and takes part of its receive maximum only until it is answered", async () => {
    const { port, sink } = await mqttBroker();
    const session = {
      clientId: "d1",
      clean: false,
      properties: { sessionExpiryInterval: 600 },
    };
    sink.stalled = true;
    const first = await peer5(port, session);
    first.publish("t", { qos: 1, messageId: 5, payload: "once" });
    await vi.waitFor(() => expect(sink.payloads).toEqual(["once"]));
    first.socket.destroy();
    await first.closed;
    sink.ackAll();
    sink.stalled = false;
    const second = await peer5(port, session);
    second.publish("t", { qos: 1, messageId: 5, payload: "once", dup: true });
    expect(await second.expect("puback")).toMatchObject({ messageId: 5 });
    expect(sink.payloads).toEqual(["once"]);
    for (let n = 0; n < 1_100; n += 1) {
      second.publish("t", { qos: 1, messageId: 6 + n, payload: "more" });
      await second.expect("puback");
    }
  });

  test("is known over a stop of the broker", async () => {
    const sink = new RecordingSink();
    sink.stalled = true;
    const deps = { deliveries: await testDeliveries(sink), sink, log: sink };
    const before = await mqttBroker({}, deps);
    const first = await kept(before.port);
    const publish = first.publish("t", "a", { messageId: 1 }).catch(() => {});
    await vi.waitFor(() => expect(sink.payloads).toEqual(["a"]));
    await before.broker.stop();
    await publish;
    sink.ackAll();
    const { port } = await mqttBroker({ listen: `127.0.0.1:${before.port}` }, deps);
    const second = await kept(port);
    await second.publish("t", "a", { messageId: 1, dup: true });
    expect(sink.payloads).toEqual(["a"]);
  });
});
