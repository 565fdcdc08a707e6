import { createConnection } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { mqttBroker } from "../../support/mqtt-broker.ts";
import { MqttDevice } from "../../support/mqtt-device.ts";
import { mqttUsers, passwordOf } from "../../support/mqtt-users.ts";

const roomy = { connects_per_second: 10_000, max_clients_per_address: 2_000 };

test("connections that begin a CONNECT and never end it keep no device from its acknowledgments", async () => {
  const { port, sink } = await mqttBroker({ limits: roomy });
  const slow = Array.from({ length: 300 }, () => createConnection({ port, host: "127.0.0.1" }));
  onTestFinished(() => {
    for (const socket of slow) socket.destroy();
  });
  for (const socket of slow) {
    socket.on("error", () => {});
    socket.write(Buffer.from([0x10, 0x80]));
  }
  const devices = Array.from({ length: 20 }, () => new MqttDevice(port));
  await Promise.all(
    devices.map(async (device, n) => {
      await device.open({ clientId: `d${n}` });
      for (let message = 0; message < 10; message += 1) await device.publish(`t/${n}`, "x");
    }),
  );
  expect(sink.messages).toHaveLength(200);
});

test("who guesses passwords in numbers keeps no device out that has the right one", async () => {
  const rights = { publish: ["#"] };
  const users = await mqttUsers({ f1: rights, f2: rights });
  const { port } = await mqttBroker({ users: { file: "u" }, limits: roomy }, { users });
  const codes = await Promise.all(
    Array.from({ length: 100 }, (_, n) =>
      new MqttDevice(port).open({ clientId: `g${n}`, username: "f1", password: `guess-${n}` }),
    ),
  );
  expect(codes.filter((code) => code === 4)).toHaveLength(10);
  expect(codes.filter((code) => code === 3)).toHaveLength(90);
  const neighbor = { clientId: "f2", username: "f2", password: passwordOf("f2") };
  expect(await new MqttDevice(port).open(neighbor)).toBe(0);
});
