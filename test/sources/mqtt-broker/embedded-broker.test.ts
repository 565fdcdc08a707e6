import { execFile } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { mqttBroker } from "../../support/mqtt-broker.ts";
import { connect, MqttDevice } from "../../support/mqtt-device.ts";
import { send } from "../../support/send-to-device.ts";

describe("acknowledgment", () => {
  test("a QoS 1 publish is acknowledged when the sink acks it, not before", async () => {
    const { sink, port } = await mqttBroker();
    sink.stalled = true;
    const device = await connect({ port, clientId: "d1" });
    const published = device.publish("t/1", "21.5");
    await vi.waitFor(() => expect(sink.messages).toHaveLength(1));
    await device.ping();
    expect(device.acked).toEqual([]);
    sink.ackAll();
    await published;
    expect(sink.messages[0]).toMatchObject({
      source: expect.stringMatching(/^mqtt 127\.0\.0\.1:\d+$/),
      address: "t/1",
      client: "d1",
      attributes: {},
      payload: Buffer.from("21.5"),
    });
  });

  test("PUBACKs keep the order of the messages whatever order the sink acks in", async () => {
    const { sink, port } = await mqttBroker();
    sink.stalled = true;
    const device = await connect({ port, clientId: "d1" });
    const published = [1, 2, 3].map((n) => device.publish("t", String(n)));
    await vi.waitFor(() => expect(sink.messages).toHaveLength(3));
    sink.ack(2);
    sink.ack(1);
    await device.ping();
    expect(device.acked).toEqual([]);
    sink.ack(0);
    await Promise.all(published);
    expect(device.acked).toEqual([1, 2, 3]);
  });

  test("a QoS 0 publish reaches the sink and holds nothing up", async () => {
    const { sink, port } = await mqttBroker();
    sink.stalled = true;
    const [listener, device] = await Promise.all([
      connect({ port, clientId: "listener" }),
      connect({ port, clientId: "d1" }),
    ]);
    await listener.subscribe("t/#");
    await device.publish("t/0", "a", { qos: 0 });
    await vi.waitFor(() => expect(listener.delivered).toHaveLength(1));
    expect(sink.payloads).toEqual(["a"]);
  });

  test("a QoS 2 publish completes after its ack", async () => {
    const { sink, port } = await mqttBroker();
    sink.stalled = true;
    const device = await connect({ port, clientId: "d1" });
    let done = false;
    const published = device.publish("t", "a", { qos: 2 }).then(() => {
      done = true;
    });
    await vi.waitFor(() => expect(sink.messages).toHaveLength(1));
    await device.ping();
    expect(done).toBe(false);
    sink.ackAll();
    await published;
  });

  test("a message outlives the client that sent it", async () => {
    const { sink, port } = await mqttBroker();
    sink.stalled = true;
    const device = await connect({ port, clientId: "d1" });
    device.publish("t", "a").catch(() => {});
    await vi.waitFor(() => expect(sink.messages).toHaveLength(1));
    device.destroy();
    await vi.waitFor(() => expect(sink.changes.at(-1)?.state).toBe("offline"));
    sink.ackAll();
    const again = await connect({ port, clientId: "d1" });
    await again.ping();
  });
});

describe("topics that are the broker's own", () => {
  test.each(["$SYS/x/new/clients", "$share/g/t", "$anything"])(
    "a publish to %s closes the connection, reaches nobody, and shuts the client out",
    async (topic) => {
      const { sink, port } = await mqttBroker();
      const device = await connect({ port, clientId: "d1" });
      await expect(device.publish(topic, "x")).rejects.toThrow("cut off");
      expect(sink.messages).toEqual([]);
      await expect(connect({ port, clientId: "d1" })).rejects.toThrow("refused: 5");
      await connect({ port, clientId: "d2" });
    },
  );

  test("shared and system filters are refused in the SUBACK, others are granted", async () => {
    const { port } = await mqttBroker();
    const device = await connect({ port, clientId: "d1" });
    expect(await device.subscribe("$share/g/t", "t/+", "$SYS/#")).toEqual([128, 1, 128]);
  });
});

describe("local subscribers", () => {
  test("get what devices publish once it is on disk", async () => {
    const { sink, port } = await mqttBroker();
    sink.stalled = true;
    const listener = await connect({ port, clientId: "listener" });
    await listener.subscribe("t/+");
    const device = await connect({ port, clientId: "d1" });
    const published = device.publish("t/1", "a");
    await vi.waitFor(() => expect(sink.messages).toHaveLength(1));
    await listener.ping();
    expect(listener.delivered).toEqual([]);
    sink.ackAll();
    await published;
    await vi.waitFor(() =>
      expect(listener.delivered).toEqual([{ topic: "t/1", payload: "a", retain: false }]),
    );
  });

  test("get what the gateway publishes, which does not reach the sink", async () => {
    const { broker, sink, port } = await mqttBroker();
    const listener = await connect({ port, clientId: "listener" });
    await listener.subscribe("cmd/#");
    expect(await send(broker, "cmd/1", "on")).toMatchObject({ outcome: "delivered" });
    await vi.waitFor(() => expect(listener.delivered[0]?.payload).toBe("on"));
    expect(sink.messages).toEqual([]);
  });

  test("get retained messages when they subscribe, which the gateway takes as said just now", async () => {
    const { port, sink } = await mqttBroker();
    const device = await connect({ port, clientId: "d1" });
    await device.publish("t/last", "7", { retain: true });
    expect(sink.messages.map(({ attributes }) => attributes)).toEqual([{}]);
    const listener = await connect({ port, clientId: "listener" });
    await listener.subscribe("t/#");
    await vi.waitFor(() =>
      expect(listener.delivered).toEqual([{ topic: "t/last", payload: "7", retain: true }]),
    );
  });

  test("get what they missed when they kept their session, at most two mebibytes", async () => {
    const { port } = await mqttBroker();
    const away = await connect({ port, clientId: "away", clean: false });
    expect(await away.subscribe("t", "$share/g/t")).toEqual([1, 128]);
    await away.close();
    const device = await connect({ port, clientId: "d1" });
    const large = "x".repeat(200_000);
    for (let n = 0; n < 15; n += 1) await device.publish("t", n + large);
    const back = await connect({ port, clientId: "away", clean: false });
    const patient = { timeout: 30_000 };
    await vi.waitFor(() => expect(back.delivered).toHaveLength(10), patient);
    await device.publish("t", "live");
    await vi.waitFor(() => expect(back.delivered.at(-1)?.payload).toBe("live"), patient);
    expect(back.delivered[0]?.payload).toBe(`0${large}`);
  });
});

describe("opening and stopping", () => {
  test("a taken port is source.unavailable and says what to do", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void other.close());
    const address = other.address();
    const port = typeof address === "object" ? address?.port : undefined;
    await expect(mqttBroker({ listen: `127.0.0.1:${port}` })).rejects.toMatchObject({
      code: "source.unavailable",
      message: expect.stringMatching(/another program has the port .*, or another of `sources`; /),
    });
  });

  test("an address that others reach needs users", async () => {
    await expect(mqttBroker({ listen: "0.0.0.0:0" })).rejects.toMatchObject({
      code: "config.invalid",
    });
  });

  test("hands nothing over after it stopped, and an ack that comes late does no harm", async () => {
    const { broker, sink, port } = await mqttBroker();
    sink.stalled = true;
    const device = await connect({ port, clientId: "d1" });
    const silent = new MqttDevice(port);
    device.publish("t", "a").catch(() => {});
    await vi.waitFor(() => expect(sink.messages).toHaveLength(1));
    await broker.stop();
    await Promise.all([device.closed, silent.closed]);
    sink.ackAll();
    await pause(20);
    expect(sink.messages).toHaveLength(1);
    await expect(connect({ port, clientId: "d2" })).rejects.toThrow();
  });

  test("leaves no socket and no timer: the process ends by itself", async () => {
    const script = fileURLToPath(new URL("open-and-stop.ts", import.meta.url));
    const run = promisify(execFile)(process.execPath, ["--import", "tsx", script], {
      timeout: 20_000,
    });
    await expect(run).resolves.toMatchObject({ stdout: "stopped\n" });
  }, 25_000);
});
