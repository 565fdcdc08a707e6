import fc from "fast-check";
import mqttPacket, { type Packet } from "mqtt-packet";
import { expect, it } from "vitest";
import type { InboundPacket } from "../../../src/sources/mqtt-broker/inbound-packet.ts";
import { readPublishes } from "../../../src/sources/mqtt-broker/publish-frames.ts";

const publish = fc.record({
  cmd: fc.constant("publish" as const),
  topic: fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }),
  payload: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  qos: fc.constantFrom(0 as const, 1 as const, 2 as const),
  retain: fc.boolean(),
  dup: fc.constant(false),
  messageId: fc.integer({ min: 1, max: 65_535 }),
});
const other: fc.Arbitrary<Packet> = fc.constantFrom<Packet>(
  { cmd: "pingreq" },
  { cmd: "pubrel", messageId: 7 },
  { cmd: "subscribe", messageId: 8, subscriptions: [{ topic: "a/#", qos: 1 }] },
  { cmd: "disconnect" },
);

/** What the package's own parser makes of the bytes, in short. */
function parsed(bytes: Buffer): string[] {
  const packets: string[] = [];
  const parser = mqttPacket.parser();
  parser.on("packet", (packet) => packets.push(shortOf(packet)));
  parser.parse(bytes);
  return packets;
}

function shortOf(packet: Packet): string {
  if (packet.cmd !== "publish" || packet.qos === 2) return `${packet.cmd} ${packet.messageId}`;
  return textOf(packet);
}

function textOf({ messageId, payload, qos, retain, topic }: InboundPacket): string {
  return JSON.stringify([topic, Buffer.from(payload).toString("hex"), qos, retain, messageId]);
}

it("messages of QoS 0 and 1 are read as the package reads them, in order with everything else", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(publish, other), { maxLength: 20 }), (packets) => {
      const bytes = Buffer.concat(packets.map((packet) => mqttPacket.generate(packet)));
      const read: string[] = [];
      readPublishes(
        bytes,
        (packet) => read.push(textOf(packet)),
        (rest) => read.push(...parsed(rest)),
      );
      expect(read).toEqual(parsed(bytes));
    }),
    { numRuns: 300 },
  );
});
