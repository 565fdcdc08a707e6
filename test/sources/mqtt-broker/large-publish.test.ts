import mqttPacket from "mqtt-packet";
import { expect, test, vi } from "vitest";
import { mqttBroker } from "../../support/mqtt-broker.ts";
import { connect } from "../../support/mqtt-device.ts";
import { peer } from "../../support/mqtt-peer.ts";

const limits = { max_packet: "2KiB" };
const list = `[${"1234567,".repeat(60_000)}0]`;

function publishBytes(topic: string, payload: string, qos: 0 | 1 | 2, messageId = 7): Buffer {
  const packet = { cmd: "publish", dup: false, retain: false, topic, payload, qos } as const;
  return mqttPacket.generate(qos === 0 ? packet : { ...packet, messageId });
}

test.each([0, 1, 2] as const)(
  "what comes behind a message of QoS %i that is too large is not lost",
  async (qos) => {
    const { sink, port } = await mqttBroker({ limits });
    const device = await peer(port);
    await device.publish("bridge/devices", list, { qos });
    await device.publish("cold-store", "1", { qos });
    await device.publish("bridge/devices", list, { qos });
    await device.publish("cold-store", "2", { qos: 1 });
    expect(sink.messages.map(({ address }) => address)).toEqual([
      "bridge/devices",
      "cold-store",
      "bridge/devices",
      "cold-store",
    ]);
    const [large, small] = sink.messages;
    expect(large?.payload.length).toBeLessThan(2_048);
    expect(list.startsWith(Buffer.from(large?.payload ?? []).toString())).toBe(true);
    expect(large?.attributes.cut).toEqual({
      bytes: publishBytes("bridge/devices", list, qos).length,
      limit: "max_packet",
      atMost: 2_048,
    });
    expect(small?.attributes.cut).toBeUndefined();
  },
);

test("a message that is too large is read in any pieces, between others", async () => {
  const { sink, port } = await mqttBroker({ limits });
  const device = await connect({ port, clientId: "d1" });
  const packets = [
    publishBytes("a", "1", 0),
    publishBytes("b", "x".repeat(5_000), 1),
    publishBytes("c", "2", 1, 8),
    publishBytes("b", "y".repeat(2_100), 0),
    publishBytes("d", "3", 0),
  ];
  const bytes = Buffer.concat(packets);
  for (let at = 0; at < bytes.length; at += 97) await device.write(bytes.subarray(at, at + 97));
  await vi.waitFor(() => expect(sink.messages).toHaveLength(5));
  expect(sink.messages.map(({ address }) => address).join("")).toBe("abcbd");
  expect(sink.messages.map(({ attributes }) => attributes.cut?.bytes)).toEqual([
    undefined,
    packets[1]?.length,
    undefined,
    packets[3]?.length,
    undefined,
  ]);
});

test("subscribers get nothing of a message that is too large, and it is not retained", async () => {
  const { port } = await mqttBroker({ limits });
  const listener = await peer(port);
  await listener.subscribe(["#", 1]);
  const device = await peer(port);
  for (const qos of [0, 1, 2] as const)
    await device.publish("camera", "x".repeat(3_000), { qos, retain: true });
  await device.publish("after", "1");
  expect(await listener.deliveries()).toEqual(["after=1 q1"]);
  const later = await peer(port);
  await later.subscribe(["#", 1]);
  expect(await later.deliveries()).toEqual([]);
});

test.each([
  ["a message of more than 64 MiB", Buffer.of(0x30, 0x81, 0x80, 0x80, 0x20, 0, 1, 0x61)],
  ["a list of filters over max_packet", Buffer.of(0x82, 0x80, 0x20, 0, 1)],
  ["a message with a topic over max_packet", publishBytes("t".repeat(2_100), "1", 0)],
])("%s closes the connection", async (_, bytes) => {
  const { sink, port } = await mqttBroker({ limits });
  const device = await connect({ port, clientId: "d1" });
  await device.write(bytes);
  await device.closed;
  expect(sink.messages).toEqual([]);
});
