import mqttPacket from "mqtt-packet";
import { describe, expect, test, vi } from "vitest";
import type { Deliveries } from "../../../src/sources/mqtt-broker/deliveries.ts";
import { mqttBroker } from "../../support/mqtt-broker.ts";
import { connect, type MqttDevice } from "../../support/mqtt-device.ts";
import { testDeliveries } from "../../support/test-deliveries.ts";

function publishFrame(payload: string, messageId: number, dup = false): Buffer {
  return mqttPacket.generate({
    cmd: "publish",
    topic: "t",
    payload,
    qos: 2,
    messageId,
    dup,
    retain: false,
  });
}

function pubrelFrame(messageId: number): Buffer {
  return mqttPacket.generate({ cmd: "pubrel", messageId });
}

/** What the broker answers, as `pubrec 1`. */
function answersTo(device: MqttDevice): string[] {
  const answers: string[] = [];
  const parser = mqttPacket.parser();
  parser.on("packet", (packet) => {
    if (packet.cmd === "pubrec" || packet.cmd === "pubcomp")
      answers.push(`${packet.cmd} ${packet.messageId}`);
  });
  device.socket.on("data", (bytes) => void parser.parse(bytes));
  return answers;
}

function kept(port: number): Promise<MqttDevice> {
  return connect({ port, clientId: "d1", clean: false });
}

describe("a QoS 2 message", () => {
  test("that is sent again before it is on disk goes to the sink once, and both are answered then", async () => {
    const { sink, port } = await mqttBroker();
    sink.stalled = true;
    const device = await kept(port);
    const answers = answersTo(device);
    await device.write(Buffer.concat([publishFrame("a", 1), publishFrame("a", 1, true)]));
    await device.ping();
    expect(answers).toEqual([]);
    expect(sink.payloads).toEqual(["a"]);
    sink.ackAll();
    await vi.waitFor(() => expect(answers).toEqual(["pubrec 1", "pubrec 1"]));
    expect(sink.payloads).toEqual(["a"]);
  });

  test("that is sent again by the next connection goes to the sink once", async () => {
    const { sink, port } = await mqttBroker();
    sink.stalled = true;
    const first = await kept(port);
    await first.write(publishFrame("a", 1));
    await vi.waitFor(() => expect(sink.messages).toHaveLength(1));
    first.destroy();
    const second = await kept(port);
    const answers = answersTo(second);
    await second.write(Buffer.concat([publishFrame("a", 1, true), publishFrame("b", 2)]));
    await vi.waitFor(() => expect(sink.payloads).toEqual(["a", "b"]));
    sink.ackAll();
    await vi.waitFor(() => expect(answers.toSorted()).toEqual(["pubrec 1", "pubrec 2"]));
    await second.write(pubrelFrame(1));
    await vi.waitFor(() => expect(answers.at(-1)).toBe("pubcomp 1"));
    expect(sink.payloads).toEqual(["a", "b"]);
  });

  test("whose resend is overtaken by its release is not taken for a new one", async () => {
    const { sink, port } = await mqttBroker();
    const device = await kept(port);
    const answers = answersTo(device);
    await device.write(publishFrame("a", 1));
    await vi.waitFor(() => expect(answers).toEqual(["pubrec 1"]));
    sink.stalled = true;
    const frames = [publishFrame("b", 2), publishFrame("a", 1, true), pubrelFrame(1)];
    await device.write(Buffer.concat(frames));
    await vi.waitFor(() => expect(sink.payloads).toEqual(["a", "b"]));
    await device.ping();
    expect(answers).toEqual(["pubrec 1"]);
    sink.ackAll();
    const expected = ["pubrec 1", "pubrec 1", "pubcomp 1"];
    await vi.waitFor(() => expect(answers).toContain("pubrec 2"));
    await vi.waitFor(() => expect(answers.filter((one) => one.endsWith("1"))).toEqual(expected));
    expect(sink.payloads).toEqual(["a", "b"]);
  });

  test("is new when its number was released before, and when another one used it meanwhile", async () => {
    const { sink, port } = await mqttBroker();
    const device = await kept(port);
    await device.publish("t", "a", { qos: 2, messageId: 1 });
    await device.publish("t", "a", { qos: 2, messageId: 1 });
    expect(sink.payloads).toEqual(["a", "a"]);
    const answers = answersTo(device);
    await device.write(Buffer.concat([publishFrame("b", 1), publishFrame("c", 1)]));
    await vi.waitFor(() => expect(answers).toEqual(["pubrec 1", "pubrec 1"]));
    expect(sink.payloads).toEqual(["a", "a", "b", "c"]);
  });

  test("with the number of a message that is being released is its own", async () => {
    const { sink, port } = await mqttBroker();
    const device = await kept(port);
    const answers = answersTo(device);
    await device.write(publishFrame("a", 1));
    await vi.waitFor(() => expect(answers).toEqual(["pubrec 1"]));
    // Doubled releases of the first stand in front of the second.
    const frames = [pubrelFrame(1), pubrelFrame(1), publishFrame("b", 1)];
    await device.write(Buffer.concat(frames));
    await vi.waitFor(() => expect(answers.filter((one) => one === "pubcomp 1")).toHaveLength(2));
    await device.write(publishFrame("b", 1, true));
    await vi.waitFor(() => expect(answers.filter((one) => one === "pubrec 1")).toHaveLength(3));
    expect(sink.payloads).toEqual(["a", "b"]);
  });

  test("is remembered with its event where the session is kept, and only there", async () => {
    const { sink, port } = await mqttBroker();
    const device = await kept(port);
    await device.write(publishFrame("a", 7));
    const fleeting = await connect({ port, clientId: "d2" });
    await fleeting.write(publishFrame("b", 7));
    await vi.waitFor(() => expect(sink.messages).toHaveLength(2));
    const [a, b] = sink.messages;
    expect(a?.attributes.delivery).toMatchObject({
      packetId: 7,
      session: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(b?.attributes.delivery).toBeUndefined();
  });

  test("is forgotten when its client begins anew", async () => {
    const { sink, port } = await mqttBroker();
    const first = await kept(port);
    await first.write(publishFrame("a", 1));
    await vi.waitFor(() => expect(sink.messages).toHaveLength(1));
    await first.close();
    const clean = await connect({ port, clientId: "d1", clean: true });
    await clean.close();
    const again = await kept(port);
    await again.publish("t", "a", { qos: 2, messageId: 1 });
    expect(sink.payloads).toEqual(["a", "a"]);
  });

  test("of one client is not that of another with the same number", async () => {
    const { sink, port } = await mqttBroker();
    const clients = await Promise.all(
      ["d1", "d2"].map((clientId) => connect({ port, clientId, clean: false })),
    );
    for (const client of clients) await client.write(publishFrame("a", 1));
    await vi.waitFor(() => expect(sink.payloads).toEqual(["a", "a"]));
  });

  test("reaches local subscribers once", async () => {
    const { port } = await mqttBroker();
    const listener = await connect({ port, clientId: "listener" });
    await listener.subscribe("t");
    const device = await kept(port);
    await device.write(Buffer.concat([publishFrame("a", 1), publishFrame("a", 1, true)]));
    await device.publish("t", "b", { qos: 2, messageId: 2 });
    await vi.waitFor(() => expect(listener.delivered.at(-1)?.payload).toBe("b"));
    expect(listener.delivered.map(({ payload }) => payload)).toEqual(["a", "b"]);
  });

  test("is one of a thousand that are sent before the first answer is read", async () => {
    const { sink, port } = await mqttBroker();
    const device = await kept(port);
    const all = Array.from({ length: 1_000 }, (_, n) => device.publish("t", `${n}`, { qos: 2 }));
    await Promise.all(all);
    expect(sink.payloads).toEqual(Array.from({ length: 1_000 }, (_, n) => `${n}`));
  });
});

describe("a release", () => {
  test("is answered when it is on disk, not before", async () => {
    let remember = (): void => {};
    const table = await testDeliveries();
    const slow: Deliveries = {
      clear: (name) => table.clear(name),
      close: () => table.close(),
      session: (name, isKept) => {
        const messages = table.session(name, isKept);
        return {
          ...messages,
          release: (packetId) => {
            const release = messages.release(packetId);
            if (!release) return undefined;
            return () =>
              new Promise((resolve) => {
                remember = () => resolve(release());
              });
          },
        };
      },
    };
    const { port } = await mqttBroker({}, { deliveries: slow });
    const device = await kept(port);
    const answers = answersTo(device);
    await device.write(publishFrame("a", 1));
    await vi.waitFor(() => expect(answers).toEqual(["pubrec 1"]));
    await device.write(pubrelFrame(1));
    await device.ping();
    await device.ping();
    expect(answers).toEqual(["pubrec 1"]);
    remember();
    await vi.waitFor(() => expect(answers).toEqual(["pubrec 1", "pubcomp 1"]));
  });

  test("of a number that nobody knows is answered too", async () => {
    const { port } = await mqttBroker();
    const device = await kept(port);
    const answers = answersTo(device);
    await device.write(pubrelFrame(9));
    await vi.waitFor(() => expect(answers).toEqual(["pubcomp 9"]));
  });
});
