import fc from "fast-check";
import mqttPacket, { type Packet } from "mqtt-packet";
import { describe, expect, test, vi } from "vitest";
import { lengthBefore, lengthEnd } from "../../../src/sources/mqtt-broker/frame-length.ts";
import { checkFrame5 } from "../../../src/sources/mqtt-broker/v5/check-frame.ts";
import {
  readDisconnect5,
  readPublish5,
  readSubscribe5,
  readUnsubscribe5,
} from "../../../src/sources/mqtt-broker/v5/client-packets.ts";
import { readConnect5 } from "../../../src/sources/mqtt-broker/v5/connect.ts";
import { mqttBroker } from "../../support/mqtt-broker.ts";
import { Mqtt5Peer, peer5 } from "../../support/mqtt5-peer.ts";

const userProperties = { a: "1", b: ["2", "3"] };
const packets: readonly Packet[] = [
  {
    cmd: "connect",
    protocolVersion: 5,
    clientId: "d1",
    clean: true,
    keepalive: 60,
    username: "u",
    password: Buffer.from("p"),
    properties: {
      sessionExpiryInterval: 60,
      receiveMaximum: 5,
      maximumPacketSize: 99,
      userProperties,
    },
    will: {
      topic: "w",
      payload: Buffer.from("gone"),
      qos: 1,
      retain: false,
      properties: { willDelayInterval: 5, contentType: "text/plain", userProperties },
    },
  },
  {
    cmd: "publish",
    topic: "t/1",
    payload: "x",
    qos: 1,
    messageId: 7,
    retain: false,
    dup: false,
    properties: {
      payloadFormatIndicator: true,
      messageExpiryInterval: 60,
      topicAlias: 3,
      responseTopic: "r",
      correlationData: Buffer.of(1, 2),
      contentType: "c",
      userProperties,
    },
  },
  {
    cmd: "subscribe",
    messageId: 7,
    subscriptions: [{ topic: "t/#", qos: 1, nl: true, rap: true, rh: 1 }],
    properties: { subscriptionIdentifier: 300, userProperties },
  },
  { cmd: "unsubscribe", messageId: 7, unsubscriptions: ["t/#"], properties: { userProperties } },
  { cmd: "pubrec", messageId: 7, reasonCode: 0x80, properties: { reasonString: "no" } },
  {
    cmd: "disconnect",
    reasonCode: 4,
    properties: { sessionExpiryInterval: 5, reasonString: "bye" },
  },
];
const frames = packets.map((packet) => mqttPacket.generate(packet, { protocolVersion: 5 }));

/** What the broker does with a packet behind its length; the number is how many filters it has. */
function handle(bytes: Buffer): unknown {
  const first = bytes[0] ?? 0;
  const at = lengthEnd(bytes, 1);
  if (at < 0) return "bad-length";
  const end = at + lengthBefore(bytes, 1, at);
  if (end > bytes.length) return "half";
  const type = first >> 4;
  if (type === 1) return readConnect5(bytes, at, end);
  const problem = checkFrame5(first, bytes, at, end);
  if (problem !== undefined) return problem;
  if (type === 3) return readPublish5(bytes, at, end, (first >> 1) & 3);
  if (type === 8) return readSubscribe5(bytes, at, end);
  if (type === 10) return readUnsubscribe5(bytes, at, end);
  return type === 14 ? readDisconnect5(bytes, at, end) : undefined;
}

/** A packet with some bytes changed, cut or put in, and its length made right or left wrong. */
const damaged = fc
  .tuple(
    fc.constantFrom(...frames),
    fc.array(fc.tuple(fc.nat(400), fc.nat(255), fc.constantFrom("set", "cut", "put")), {
      minLength: 1,
      maxLength: 8,
    }),
    fc.boolean(),
  )
  .map(([frame, changes, isMended]) => {
    const bytes = [...frame];
    for (const [where, value, how] of changes) {
      const at = where % bytes.length;
      if (how === "set") bytes[at] = value;
      else if (how === "cut") bytes.splice(at, 1 + (value % 4));
      else bytes.splice(at, 0, value, value);
      if (bytes.length < 2) bytes.push(0, 0);
    }
    if (isMended && bytes.length < 130) bytes[1] = bytes.length - 2;
    return Buffer.from(bytes);
  });

describe("packets of MQTT 5 from anybody", () => {
  test("are read or refused, and never throw", () => {
    fc.assert(
      fc.property(damaged, (bytes) => void handle(bytes)),
      { numRuns: 20_000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => void handle(Buffer.from(bytes))),
      {
        numRuns: 20_000,
      },
    );
  });

  test("leave the broker as it was, whatever is in them", async () => {
    const { broker, port, sink } = await mqttBroker();
    await fc.assert(
      fc.asyncProperty(fc.array(damaged, { maxLength: 5 }), fc.boolean(), async (several, isIn) => {
        const one = isIn ? await peer5(port) : new Mqtt5Peer(port);
        one.socket.end(Buffer.concat(several));
        one.socket.resume();
        await one.closed;
      }),
      { numRuns: 200 },
    );
    await vi.waitFor(() => expect(broker.clients).toBe(0));
    const honest = await peer5(port);
    honest.publish("t", { qos: 1, messageId: 1, payload: "good" });
    await honest.expect("puback");
    expect(sink.payloads.at(-1)).toBe("good");
  });

  test.each([
    ["user properties", (n: number) => Buffer.from("\x26\0\x01a\0\x01b".repeat(n), "latin1")],
    [
      "long texts",
      (n: number) =>
        Buffer.concat([
          Buffer.of(0x26, 0, 1, 0x61, (n >> 8) & 0xff, n & 0xff),
          Buffer.alloc(n & 0xffff, 0x62),
        ]),
    ],
  ])("may be full of %s, of which a little is kept", async (_, made) => {
    const { port, sink } = await mqttBroker();
    const device = await peer5(port);
    const block = made(30_000);
    const length = (n: number): Buffer =>
      Buffer.of((n & 0x7f) | 0x80, ((n >> 7) & 0x7f) | 0x80, n >> 14);
    const body = Buffer.concat([Buffer.of(0, 1, 0x74), length(block.length), block]);
    device.socket.write(Buffer.concat([Buffer.of(0x30), length(body.length), body]));
    await vi.waitFor(() => expect(sink.messages).toHaveLength(1));
    const kept = JSON.stringify(sink.messages[0]?.attributes.properties ?? {});
    expect(kept.length).toBeLessThan(12_000);
  });
});
