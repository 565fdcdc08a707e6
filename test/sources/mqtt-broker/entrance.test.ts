/** What strangers and greedy clients can cost, over real sockets. */
import { setTimeout as pause } from "node:timers/promises";
import mqttPacket from "mqtt-packet";
import { describe, expect, test, vi } from "vitest";
import { mqttBroker } from "../../support/mqtt-broker.ts";
import { connect, MqttDevice } from "../../support/mqtt-device.ts";

describe("the port", () => {
  test("takes only so many clients", async () => {
    const { port } = await mqttBroker({ limits: { max_clients: 2 } });
    await connect({ port, clientId: "d1" });
    const second = await connect({ port, clientId: "d2" });
    await expect(connect({ port, clientId: "d3" })).rejects.toThrow();
    await second.close();
    await vi.waitFor(() => connect({ port, clientId: "d3" }));
  });

  test("takes only so many clients from one address, and others have room", async () => {
    const { port } = await mqttBroker({ limits: { max_clients_per_address: 2 } });
    await connect({ port, clientId: "d1" });
    const second = await connect({ port, clientId: "d2" });
    await expect(connect({ port, clientId: "d3" })).rejects.toThrow();
    await connect({ port, clientId: "d4", localAddress: "127.0.0.2" });
    second.destroy();
    await vi.waitFor(() => connect({ port, clientId: "d3" }));
    await expect(connect({ port, clientId: "d5" })).rejects.toThrow();
  });

  test("takes only so many connections a second from one address", async () => {
    const { port } = await mqttBroker({ limits: { connects_per_second: 3 } });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, n) => connect({ port, clientId: `d${n}` })),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
    await connect({ port, clientId: "other", localAddress: "127.0.0.2" });
  });

  test("gives a connection 5 s for its CONNECT, however it spends them", async () => {
    const { port } = await mqttBroker();
    const silent = new MqttDevice(port);
    const slow = new MqttDevice(port);
    const startMs = performance.now();
    const connectFrame = mqttPacket.generate({
      cmd: "connect",
      clientId: "a-long-name-so-that-it-takes-a-while",
      keepalive: 0,
      clean: true,
    });
    for (const byte of connectFrame) {
      if (slow.socket.destroyed) break;
      await slow.write(Buffer.of(byte)).catch(() => {});
      await pause(200);
    }
    await Promise.all([silent.closed, slow.closed]);
    expect(performance.now() - startMs).toBeGreaterThan(4_500);
    expect(slow.socket.bytesRead).toBe(0);
  }, 30_000);
});

describe("a client that opens 65,535 QoS 2 messages and releases none", () => {
  test.each([
    ["keeps", false],
    ["does not keep", true],
  ])("and %s its session is closed at one beyond 10,000", async (_, clean) => {
    const { port, sink } = await mqttBroker();
    const device = await connect({ port, clientId: "greedy", clean });
    for (let from = 1; from <= 65_535 && !device.socket.destroyed; from += 1_000) {
      const frames: Buffer[] = [];
      for (let messageId = from; messageId < Math.min(65_536, from + 1_000); messageId += 1)
        frames.push(publishFrame(messageId));
      await device.write(Buffer.concat(frames)).catch(() => {});
    }
    await device.closed;
    expect(sink.messages).toHaveLength(10_000);
    const other = await connect({ port, clientId: "modest" });
    await other.publish("t", "x", { qos: 2 });
    expect(sink.messages).toHaveLength(10_001);
  });
});

function publishFrame(messageId: number): Buffer {
  return mqttPacket.generate({
    cmd: "publish",
    topic: "t",
    payload: "x",
    qos: 2,
    messageId,
    dup: false,
    retain: false,
  });
}
