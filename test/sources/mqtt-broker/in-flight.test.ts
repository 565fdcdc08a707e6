import { setTimeout as pause } from "node:timers/promises";
import mqtt from "mqtt";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { mqttBroker } from "../../support/mqtt-broker.ts";
import { connect } from "../../support/mqtt-device.ts";

/** 200 bytes that begin with a number. */
function numbered(n: number): string {
  return `${n} `.padEnd(200, "x");
}

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

test("wills of clients that come and go do not fill the memory while the disk takes nothing", async () => {
  const { broker, port, sink } = await mqttBroker({ limits: { in_flight_bytes: "64KiB" } });
  sink.stalled = true;
  const will = { topic: "gone", payload: "x".repeat(1_000), qos: 1 as const };
  let taken = 0;
  for (; taken < 100; taken += 1) {
    const device = await connect({ port, clientId: `d${taken}`, will }).catch(() => undefined);
    if (device === undefined) break;
    device.destroy();
    await vi.waitFor(() => expect(sink.messages).toHaveLength(taken + 1));
  }
  expect(taken).toBeLessThan(64);
  await expect(connect({ port, clientId: "late", will })).rejects.toThrow("refused: 3");
  expect(broker.refusals[0]).toMatchObject({
    reason: "no-room-for-will",
    last: { client: "late", topic: "gone", limit: "in_flight_bytes", atMost: 65_536 },
  });
  await connect({ port, clientId: "without a will" });
  sink.ackAll();
  await connect({ port, clientId: "late", will });
});
