import { createConnection } from "node:net";
import mqtt, { type IClientOptions, type MqttClient } from "mqtt";
import mqttPacket from "mqtt-packet";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { connectPacket } from "../../support/connect-packet.ts";
import { mqttBroker } from "../../support/mqtt-broker.ts";
import { connect } from "../../support/mqtt-device.ts";
import { waitUntil } from "../../support/wait-until.ts";

const websocket = { listen: "127.0.0.1:0" };

async function connected(address = "", options: IClientOptions = {}): Promise<MqttClient> {
  const url = `ws://${address}/mqtt`;
  const client = await mqtt.connectAsync(url, { reconnectPeriod: 0, ...options }, false);
  client.on("error", () => {});
  onTestFinished(() => client.endAsync(true));
  return client;
}

test("a client over WebSocket is a client like any other of the same broker", async () => {
  const { broker, port, sink } = await mqttBroker({ websocket });
  const client = await connected(broker.webSocketAddress);
  const heard: string[] = [];
  client.on("message", (_topic, payload) => heard.push(payload.toString()));
  await client.subscribeAsync("d/#");
  for (const qos of [0, 1, 2] as const) await client.publishAsync("d/ws", `ws ${qos}`, { qos });
  await client.publishAsync("d/ws", "x".repeat(200_000), { qos: 1 });
  const device = await connect({ port, clientId: "tcp" });
  await device.publish("d/tcp", "over TCP");
  await waitUntil(() => heard.includes("over TCP"), "the message of the other");
  expect(sink.payloads.map((text) => text.slice(0, 8))).toEqual([
    "ws 0",
    "ws 1",
    "ws 2",
    "xxxxxxxx",
    "over TCP",
  ]);
});

test("packets may be cut anywhere between messages", async () => {
  const { broker, sink } = await mqttBroker({ websocket });
  const socket = new WebSocket(`ws://${broker.webSocketAddress}/`, "mqtt");
  await new Promise((resolve) => socket.once("open", resolve));
  const packets = [
    mqttPacket.generate(connectPacket({ clientId: "cut" })),
    mqttPacket.generate({
      cmd: "publish",
      topic: "d/t",
      payload: "whole",
      qos: 0,
      dup: false,
      retain: false,
    }),
  ];
  for (const byte of Buffer.concat(packets)) socket.send(Buffer.of(byte));
  await waitUntil(() => sink.messages.length > 0, "the message");
  socket.terminate();
  expect(sink.payloads).toEqual(["whole"]);
});

test("a page of a web site that is not listed gets no further, a listed one does", async () => {
  const site = "https://panel.example";
  const { broker } = await mqttBroker({ websocket: { ...websocket, origins: [site] } });
  const asPage = (origin: string): IClientOptions => ({ wsOptions: { origin } });
  const foreign = connected(broker.webSocketAddress, asPage("https://evil.example"));
  await expect(foreign).rejects.toThrow();
  expect(broker.refusals[0]).toMatchObject({ reason: "foreign-origin" });
  const client = await connected(broker.webSocketAddress, asPage(site));
  expect(client.connected).toBe(true);
});

test("what is no WebSocket is told so, and leaves no connection behind", async () => {
  const { broker } = await mqttBroker({ websocket });
  const response = await fetch(`http://${broker.webSocketAddress}/`);
  expect(response.status).toBe(426);
  const port = Number(broker.webSocketAddress?.split(":").at(-1));
  const plain = createConnection(port, "127.0.0.1");
  plain.on("error", () => {});
  plain.write(Buffer.from("100c00044d5154540402003c0000", "hex"));
  await new Promise((resolve) => plain.once("close", resolve));
  expect(broker.refusals.map(({ reason }) => reason)).toEqual(["no-websocket"]);
  expect(broker.refusals[0]?.count).toBe(2);
});

test("a broker whose second port is taken opens none", async () => {
  const { port } = await mqttBroker();
  await expect(mqttBroker({ websocket: { listen: `127.0.0.1:${port}` } })).rejects.toMatchObject({
    code: "source.unavailable",
  });
});

test("a stop ends clients over WebSocket, and half of a request", async () => {
  const { broker } = await mqttBroker({ websocket });
  const client = await connected(broker.webSocketAddress);
  const gone = new Promise<void>((resolve) => client.once("close", () => resolve()));
  const port = Number(broker.webSocketAddress?.split(":").at(-1));
  const half = createConnection(port, "127.0.0.1");
  half.on("error", () => {});
  half.write("GET / HTTP/1.1\r\nHost:");
  await new Promise((resolve) => half.once("connect", resolve));
  const ended = new Promise((resolve) => half.once("close", resolve));
  await broker.stop();
  await Promise.all([gone, ended]);
});

test("a message of WebSocket that is too large closes its client, and is told of", async () => {
  const { broker } = await mqttBroker({ websocket, limits: { max_packet: 4_096 } });
  const socket = new WebSocket(`ws://${broker.webSocketAddress}/`, "mqtt");
  socket.on("error", () => {});
  await new Promise((resolve) => socket.once("open", resolve));
  const gone = new Promise((resolve) => socket.once("close", resolve));
  socket.send(Buffer.alloc(10_000));
  await gone;
  expect(broker.refusals[0]).toMatchObject({
    reason: "bad-packet",
    last: { limit: "Max payload size exceeded" },
  });
});

test("MQTT in a text message of WebSocket closes its client, and nothing of it is handled", async () => {
  const { broker, sink } = await mqttBroker({ websocket });
  const socket = new WebSocket(`ws://${broker.webSocketAddress}/`, "mqtt");
  await new Promise((resolve) => socket.once("open", resolve));
  const gone = new Promise((resolve) => socket.once("close", resolve));
  const publish = { cmd: "publish", topic: "t", payload: "x", qos: 0 } as const;
  const packets = [
    mqttPacket.generate(connectPacket({ clientId: "text" })),
    mqttPacket.generate({ ...publish, dup: false, retain: false }),
  ];
  socket.send(Buffer.concat(packets).toString("latin1"), { binary: false });
  await gone;
  expect(sink.messages).toEqual([]);
  expect(broker.refusals[0]).toMatchObject({ reason: "bad-packet" });
});

test("who breaks the rules of WebSocket and goes on sending is cut off soon", async () => {
  const { broker } = await mqttBroker({ websocket });
  const port = Number(broker.webSocketAddress?.split(":").at(-1));
  const socket = createConnection({ port, host: "127.0.0.1", allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => {});
  const closed = new Promise((resolve) => socket.once("close", resolve));
  const key = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n";
  socket.write(
    `GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${key}\r\n`,
  );
  await new Promise((resolve) => socket.once("data", resolve));
  socket.resume();
  const unmasked = Buffer.of(0x82, 1, 0x10);
  const flood = setInterval(() => socket.write(unmasked), 10);
  await closed.finally(() => clearInterval(flood));
  await waitUntil(() => broker.clients === 0, "the end of the connection");
}, 20_000);
