import { execFile } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import mqtt from "mqtt";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { mqttBroker } from "../../support/mqtt-broker.ts";
import { connect, MqttDevice } from "../../support/mqtt-device.ts";

/** 200 bytes that begin with a number. */
function numbered(n: number): string {
  return `${n} `.padEnd(200, "x");
}

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
      topic: "t/1",
      client: "d1",
      will: false,
      payload: Buffer.from("21.5"),
    });
  });

  test("PUBACKs keep the order of the messages whatever order the sink acks in", async () => {
    const { sink, port } = await mqttBroker();
    sink.stalled = true;
    const device = await connect({ port, clientId: "d1" });
    const published = [1, 2, 3].map((n) => device.publish("t", String(n)));
    await vi.waitFor(() => expect(sink.messages).toHaveLength(3));
    sink.messages[2]?.ack();
    sink.messages[1]?.ack();
    await device.ping();
    expect(device.acked).toEqual([]);
    sink.messages[0]?.ack();
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

describe("back-pressure", () => {
  test("2,000 messages sent at once wait up to a bound, and all arrive in order", async () => {
    const { broker, sink, port } = await mqttBroker({ limits: { in_flight_bytes: "256KiB" } });
    sink.stalled = true;
    const device = await connect({ port, clientId: "d1" });
    const published = Promise.all(
      Array.from({ length: 2_000 }, (_, n) => device.publish("t", numbered(n))),
    );
    await vi.waitFor(() => expect(broker.holding).toBe(true));
    await pause(50);
    // A client may use 32 KiB, which is 45 messages; one read of 64 KiB may come on top.
    expect(sink.waiting).toBeGreaterThan(40);
    expect(sink.waiting).toBeLessThan(400);
    const release = setInterval(() => sink.ackAll(10), 1);
    onTestFinished(() => clearInterval(release));
    await published;
    expect(sink.payloads).toEqual(Array.from({ length: 2_000 }, (_, n) => numbered(n)));
    expect(device.acked).toEqual(Array.from({ length: 2_000 }, (_, n) => n + 1));
    expect(broker.holding).toBe(false);
  });

  test("one message per segment waits up to the bound exactly", async () => {
    const { broker, sink, port } = await mqttBroker({ limits: { in_flight_bytes: "64KiB" } });
    sink.stalled = true;
    const device = await connect({ port, clientId: "d1" });
    const published: Promise<void>[] = [];
    for (let n = 0; n < 40; n += 1) {
      published.push(device.publish("t", "x".repeat(511)));
      await device.ping();
    }
    // 8 KiB for one client, 1 KiB for each message.
    expect(sink.waiting).toBe(8);
    expect(broker.holding).toBe(true);
    sink.stalled = false;
    sink.ackAll();
    await Promise.all(published);
    expect(sink.messages).toHaveLength(40);
  });

  test("all together are bounded too, and everybody goes on after it", async () => {
    const { broker, sink, port } = await mqttBroker({ limits: { in_flight_bytes: "64KiB" } });
    sink.stalled = true;
    const devices = await Promise.all(
      Array.from({ length: 20 }, (_, n) => connect({ port, clientId: `d${n}` })),
    );
    const published: Promise<void>[] = [];
    for (let round = 0; round < 8; round += 1) {
      for (const device of devices) published.push(device.publish("t", "x".repeat(511)));
      await Promise.all(devices.map((device) => device.ping()));
    }
    expect(sink.waiting).toBeLessThanOrEqual(64);
    expect(broker.holding).toBe(true);
    sink.stalled = false;
    sink.ackAll();
    await Promise.all(published);
    expect(sink.messages).toHaveLength(160);
    expect(broker.holding).toBe(false);
  });

  test("a disk that stalls for 5 s drops nobody, not even a client with a keep alive of 2 s", {
    timeout: 20_000,
  }, async () => {
    const { broker, sink, port } = await mqttBroker({ limits: { in_flight_bytes: "64KiB" } });
    sink.stalled = true;
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, {
      clientId: "busy",
      keepalive: 2,
      reconnectPeriod: 0,
    });
    onTestFinished(() => client.endAsync(true));
    let closed = false;
    client.on("close", () => {
      closed = true;
    });
    const burst = Array.from({ length: 40 }, () =>
      client.publishAsync("t", "x".repeat(511), { qos: 1 }),
    );
    await vi.waitFor(() => expect(broker.holding).toBe(true));
    await pause(5_000);
    expect(closed).toBe(false);
    sink.stalled = false;
    sink.ackAll();
    await Promise.all(burst);
    expect(sink.changes.map(({ state }) => state)).toEqual(["online"]);
  });

  test("a client whose pings are stuck behind its own flood is not taken for a silent one", async () => {
    const { sink, port } = await mqttBroker({ limits: { in_flight_bytes: "64KiB" } });
    sink.stalled = true;
    const device = await connect({ port, clientId: "d1", keepalive: 1 });
    const published = Promise.all(
      Array.from({ length: 5_000 }, (_, n) => device.publish("t", numbered(n))),
    );
    await pause(3_000);
    sink.stalled = false;
    sink.ackAll();
    await published;
    expect(sink.messages).toHaveLength(5_000);
  }, 20_000);

  test("what a client sent before it left is read to the end, though it was held", async () => {
    const { broker, sink, port } = await mqttBroker({ limits: { in_flight_bytes: "64KiB" } });
    sink.stalled = true;
    const device = await connect({ port, clientId: "d1" });
    for (let n = 0; n < 60; n += 1) {
      await device.publish("t", "x".repeat(511), { qos: 0 });
      if (n < 20) await device.ping();
    }
    await vi.waitFor(() => expect(broker.holding).toBe(true));
    device.socket.end(Buffer.of(0xe0, 0));
    await pause(50);
    sink.stalled = false;
    sink.ackAll();
    await vi.waitFor(() => expect(sink.messages).toHaveLength(60));
    await vi.waitFor(() => expect(sink.changes.at(-1)?.cause).toBe("disconnect"));
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
    await broker.publish("cmd/1", Buffer.from("on"), { qos: 1, retain: false });
    await vi.waitFor(() => expect(listener.delivered[0]?.payload).toBe("on"));
    expect(sink.messages).toEqual([]);
  });

  test("get retained messages when they subscribe", async () => {
    const { port } = await mqttBroker();
    const device = await connect({ port, clientId: "d1" });
    await device.publish("t/last", "7", { retain: true });
    const listener = await connect({ port, clientId: "listener" });
    await listener.subscribe("t/#");
    await vi.waitFor(() =>
      expect(listener.delivered).toEqual([{ topic: "t/last", payload: "7", retain: true }]),
    );
  });

  test("get what they missed when they kept their session, at most 1,000 messages", async () => {
    const { port } = await mqttBroker();
    const away = await connect({ port, clientId: "away", clean: false });
    expect(await away.subscribe("t", "$share/g/t")).toEqual([1, 128]);
    await away.close();
    const device = await connect({ port, clientId: "d1" });
    for (let n = 0; n < 1_100; n += 1) await device.publish("t", String(n));
    const back = await connect({ port, clientId: "away", clean: false });
    await vi.waitFor(() => expect(back.delivered).toHaveLength(1_000));
    await device.publish("t", "live");
    await vi.waitFor(() => expect(back.delivered.at(-1)?.payload).toBe("live"));
    expect(back.delivered[0]?.payload).toBe("0");
  });
});

describe("presence", () => {
  test("says online, and offline with the cause", async () => {
    const { broker, sink, port } = await mqttBroker();
    const first = await connect({ port, clientId: "d1" });
    expect(broker.clients).toBe(1);
    await first.close();
    await vi.waitFor(() => expect(sink.changes).toHaveLength(2));
    const second = await connect({ port, clientId: "d1" });
    second.destroy();
    await vi.waitFor(() => expect(sink.changes).toHaveLength(4));
    expect(sink.changes.map(({ client, state, cause }) => `${client} ${state} ${cause}`)).toEqual([
      "d1 online connect",
      "d1 offline disconnect",
      "d1 online connect",
      "d1 offline connection-lost",
    ]);
    expect(broker.clients).toBe(0);
  });

  test("a second connection with the same identifier takes the first one's place", async () => {
    const { broker, sink, port } = await mqttBroker();
    const first = await connect({ port, clientId: "d1" });
    const second = await connect({ port, clientId: "d1" });
    await first.closed;
    await second.ping();
    await pause(20);
    expect(sink.changes.map(({ state, cause }) => `${state} ${cause}`)).toEqual([
      "online connect",
      "offline takeover",
      "online connect",
    ]);
    expect(broker.clients).toBe(1);
  });

  test("a client that is silent for longer than its keep alive is closed", async () => {
    const { sink, port } = await mqttBroker();
    const device = await connect({ port, clientId: "d1", keepalive: 1 });
    await device.closed;
    await vi.waitFor(() => expect(sink.changes.at(-1)?.cause).toBe("keepalive"));
  });
});

describe("last will", () => {
  const will = { topic: "d1/state", payload: "gone", qos: 1 as const };

  test("comes as a message when the client is lost", async () => {
    const { sink, port } = await mqttBroker();
    const listener = await connect({ port, clientId: "listener" });
    await listener.subscribe("d1/#");
    sink.stalled = true;
    const device = await connect({ port, clientId: "d1", will });
    device.destroy();
    await vi.waitFor(() => expect(sink.messages).toHaveLength(1));
    expect(sink.messages[0]).toMatchObject({ topic: "d1/state", will: true, client: "d1" });
    await listener.ping();
    expect(listener.delivered).toEqual([]);
    sink.ackAll();
    await vi.waitFor(() => expect(listener.delivered[0]?.payload).toBe("gone"));
  });

  test("does not come after DISCONNECT", async () => {
    const { sink, port } = await mqttBroker();
    const device = await connect({ port, clientId: "d1", will });
    await device.close();
    await vi.waitFor(() => expect(sink.changes.at(-1)?.state).toBe("offline"));
    expect(sink.messages).toEqual([]);
  });

  test("does not come when the gateway stops", async () => {
    const { broker, sink, port } = await mqttBroker();
    await connect({ port, clientId: "d1", will });
    await broker.stop();
    await pause(20);
    expect(sink.messages).toEqual([]);
    expect(sink.changes.map(({ state }) => state)).toEqual(["online"]);
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
      message: expect.stringContaining("another program has the port"),
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
