/** Who was refused what, for which limit: in the journal, in the counts and in the status. */
import { once } from "node:events";
import { createConnection } from "node:net";
import mqttPacket from "mqtt-packet";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Refusal } from "../../../src/core/refusal.ts";
import { mqttBroker } from "../../support/mqtt-broker.ts";
import { connect, MqttDevice } from "../../support/mqtt-device.ts";
import { silentLogger } from "../../support/silence.ts";

const address = "127.0.0.1";

async function journaled(limits: object = {}) {
  const warnings: unknown[] = [];
  const warn = (message: string, fields: unknown): void => void warnings.push([message, fields]);
  const started = await mqttBroker({ limits }, { logger: { ...silentLogger, warn } });
  const refusal = (reason: string): Refusal | undefined =>
    started.broker.refusals.find((one) => one.reason === reason);
  return { ...started, warnings, refusal };
}

test("a message that is too large is told of by its topic, its size and the limit", async () => {
  const { port, refusal, warnings } = await journaled({ max_packet: "2KiB" });
  const device = await connect({ port, clientId: "d1" });
  await device.publish("oven/camera", "x".repeat(3_000));
  const facts = { packet: "PUBLISH", topic: "oven/camera", limit: "max_packet", atMost: 2_048 };
  const told = { reason: "too-large", address, client: "d1", bytes: 3_018, ...facts };
  const what = "kept the beginning of a message that is too large, as a rejection";
  expect(warnings).toEqual([[what, told]]);
  expect(refusal("too-large")).toMatchObject({ count: 1, last: { client: "d1", ...facts } });
});

test.each([
  ["a topic of the system", "system-topic", "$SYS/x"],
  ["a topic of 65,535 bytes", "system-topic", `$${"x".repeat(65_534)}`],
])(
  "every refused publish to %s is counted, and the journal says how many",
  async (_, reason, topic) => {
    const { broker, port, refusal, warnings } = await journaled();
    for (let n = 0; n < 20; n += 1) {
      const device = await connect({ port, clientId: `d${n}` });
      await expect(device.publish(topic, "1")).rejects.toThrow("cut off");
    }
    const one = await connect({ port, clientId: "one" });
    const frames = [1, 2, 3].map((messageId) =>
      mqttPacket.generate({
        cmd: "publish",
        topic,
        payload: "1",
        qos: 0,
        messageId,
        dup: false,
        retain: false,
      }),
    );
    await one.write(Buffer.concat(frames));
    await one.closed;
    await vi.waitFor(() => expect(refusal(reason)?.count).toBeGreaterThanOrEqual(21));
    expect(refusal(reason)?.last.topic?.length).toBeLessThan(250);
    await broker.stop();
    const counted = warnings.flatMap((line) => (Array.isArray(line) ? [line[1]] : []));
    const sum = counted.reduce((all, { more = 1 }) => all + more, 0);
    expect(sum).toBe(refusal(reason)?.count);
  },
);

test.each([
  ["a later version", "\x10\x0f\0\x04MQTT\x06\x02\0\0\0\x03new"],
  ["a version before the first", "\x10\x11\0\x06MQIsdp\x02\x02\0\0\0\x03old"],
])("who connects with %s of MQTT is told so, also while it sends on", async (_, connect) => {
  const { broker, port } = await journaled();
  const socket = createConnection({ port, host: address });
  onTestFinished(() => void socket.destroy());
  socket.write(Buffer.from(`${connect}\x30\x03\0\x01t`, "latin1"));
  const [said] = await once(socket, "data");
  expect(said).toEqual(Buffer.from([0x20, 2, 0, 1]));
  await once(socket, "close");
  expect(broker.refusals.map(({ reason }) => reason)).toEqual(["protocol-version"]);
});

test("who connects with another version of MQTT, or says nothing at all, is told of, too", async () => {
  const { port, refusal } = await journaled();
  const silent = new MqttDevice(port);
  onTestFinished(() => silent.destroy());
  const six = createConnection({ port, host: address });
  onTestFinished(() => void six.destroy());
  six.on("error", () => {});
  six.write(Buffer.from("\x10\x0f\0\x04MQTT\x06\x02\0\0\0\x03new", "latin1"));
  await vi.waitFor(() =>
    expect(refusal("protocol-version")).toMatchObject({
      count: 1,
      last: { address, packet: "CONNECT", limit: "MQTT 3.1, 3.1.1 or 5" },
    }),
  );
  await silent.closed;
  await vi.waitFor(() =>
    expect(refusal("no-connect")).toMatchObject({ count: 1, last: { address, atMost: 5 } }),
  );
}, 20_000);

test("filters that are refused are told of, and counted one by one", async () => {
  const { port, refusal, warnings } = await journaled();
  const device = await connect({ port, clientId: "d1" });
  await device.subscribe("$SYS/#", "t", "$share/g/t");
  await device.subscribe(...Array.from({ length: 1_005 }, () => "t"));
  expect(refusal("system-filter")).toMatchObject({ count: 2, last: { client: "d1" } });
  expect(refusal("filters-of-packet")).toMatchObject({ count: 5, last: { atMost: 1_000 } });
  expect(warnings).toHaveLength(2);
});

test("who leaves by itself, is taken over or loses its network is not refused", async () => {
  const { broker, port } = await journaled();
  const leaves = await connect({ port, clientId: "leaves" });
  await leaves.close();
  const first = await connect({ port, clientId: "twice" });
  const second = await connect({ port, clientId: "twice" });
  await first.closed;
  const lost = await connect({ port, clientId: "lost" });
  for (let n = 0; n < 50; n += 1) lost.publish("t", "x", { qos: 2 }).catch(() => {});
  lost.socket.resetAndDestroy();
  second.socket.resetAndDestroy();
  await vi.waitFor(() => expect(broker.clients).toBe(0));
  expect(broker.refusals).toEqual([]);
});
