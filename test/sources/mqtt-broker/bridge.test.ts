import { expect, test, vi } from "vitest";
import { mosquitto } from "../../simulate/mosquitto.ts";
import { mqttBroker } from "../../support/mqtt-broker.ts";
import { peer } from "../../support/mqtt-peer.ts";
import { send } from "../../support/send-to-device.ts";

test.each([
  ["as it comes", []],
  ["that is told not to say it is a bridge", ["try_private false"]],
  ["with clean sessions", ["cleansession true"]],
])("a Mosquitto bridge %s brings messages in and takes commands out", async (_, lines) => {
  const { broker, sink, port } = await mqttBroker();
  const bridged = await mosquitto([
    "connection plant",
    `address 127.0.0.1:${port}`,
    "topic # out 1",
    "topic cmd/# in 1",
    "restart_timeout 1",
    ...lines,
  ]);
  const listener = await peer(port);
  await listener.subscribe(["#", 1]);
  const device = await peer(bridged.port);
  const publishing = async (): Promise<void> => {
    await device.publish("tele/a", "1", { retain: true });
    expect(sink.messages.map(({ address }) => address)).toContain("tele/a");
  };
  await vi.waitFor(publishing, { timeout: 10_000, interval: 100 });
  expect(await send(broker, "cmd/a", "on")).toMatchObject({ outcome: "delivered" });
  await vi.waitFor(() =>
    expect(bridged.received).toContainEqual({ topic: "cmd/a", payload: "on" }),
  );
  // What the bridge says of itself is neither stored nor handed on.
  expect(sink.messages.filter(({ address }) => address.startsWith("$"))).toEqual([]);
  expect((await listener.deliveries()).filter((text) => text.startsWith("$"))).toEqual([]);
  expect(broker.clients).toBe(2);
});

test("a bridge's word about itself is accepted, and its will with it; other topics of the system are not", async () => {
  const { sink, port } = await mqttBroker();
  const topic = "$SYS/broker/connection/plant/state";
  const bridge = await peer(port, { clientId: "b", will: { topic, payload: "0", retain: true } });
  for (const qos of [0, 1, 2] as const) await bridge.publish(topic, "1", { qos, retain: true });
  await bridge.vanish();
  const other = await peer(port);
  for (const wrong of [`${topic}/x`, "$SYS/broker/connection/a/b/state", "$SYS/broker/uptime"]) {
    await expect(
      peer(port, { clientId: wrong, will: { topic: wrong, payload: "0" } }),
    ).rejects.toThrow("refused: 5");
  }
  other.send({ cmd: "publish", topic: "$SYS/x", payload: "x", qos: 0, retain: false, dup: false });
  await other.closed;
  expect(sink.messages).toEqual([]);
});

test("what a bridge sends again at its next connection can be told from what is said now", async () => {
  let laterMs = 0;
  const nowMs = (): number => Date.now() + laterMs;
  const first = await mqttBroker({}, { nowMs });
  const bridged = await mosquitto([
    "connection plant",
    `address 127.0.0.1:${first.port}`,
    "topic # out 1",
    "restart_timeout 1",
  ]);
  const device = await peer(bridged.port);
  const readings = (sink: typeof first.sink): string[] =>
    sink.messages
      .filter(({ address }) => address === "tele/a")
      .map(({ attributes, payload }) => `${Buffer.from(payload).toString()} ${attributes.relay}`);
  await device.publish("tele/a", "1", { retain: true });
  await vi.waitFor(() => expect(readings(first.sink)).toEqual(["1 either"]), { timeout: 20_000 });
  laterMs = 10_000;
  await device.publish("tele/a", "1", { retain: true });
  await device.publish("tele/a", "1", { retain: false });
  await vi.waitFor(() =>
    expect(readings(first.sink)).toEqual(["1 either", "1 live", "1 undefined"]),
  );
  await first.broker.stop();
  const second = await mqttBroker({ listen: `127.0.0.1:${first.port}` });
  await vi.waitFor(() => expect(readings(second.sink)).not.toEqual([]), { timeout: 20_000 });
  expect(new Set(readings(second.sink))).toEqual(new Set(["1 either"]));
});
