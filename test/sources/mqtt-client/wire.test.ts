import mqttPacket from "mqtt-packet";
import { describe, expect, it } from "vitest";
import { createSeededRandom } from "../../../src/simulate/seeded-random.ts";
import {
  type BrokerWords,
  createReader,
  encodePubacks,
} from "../../../src/sources/mqtt-client/wire.ts";

const mostBytes = 4_096;

/** What a reader said, and whether it was said to be broken. */
function hearing() {
  const topics: string[] = [];
  const broken: string[] = [];
  const words: BrokerWords = {
    connack() {},
    publish: ({ topic }) => topics.push(topic),
    puback() {},
    suback() {},
    unsuback() {},
    pingresp() {},
    disconnect() {},
    broken: (why) => broken.push(why),
  };
  return { topics, broken, words };
}

function publish(topic: string, bytes: number): Buffer {
  const properties = { contentType: "text/plain", userProperties: { a: "b" } };
  const packet = { qos: 1 as const, messageId: 7, dup: false, retain: false, properties };
  return mqttPacket.generate(
    { cmd: "publish", topic, payload: Buffer.alloc(bytes), ...packet },
    { protocolVersion: 5 },
  );
}

describe("bytes of a broker outside", () => {
  it("are packets wherever they are cut", () => {
    const frames = [publish("a", 10), publish("b", 200), publish("c", 0), publish("d", 3_000)];
    const bytes = Buffer.concat(frames);
    for (const step of [1, 2, 3, 7, 130, bytes.length]) {
      const { broken, topics, words } = hearing();
      const read = createReader(5, mostBytes, words);
      for (let at = 0; at < bytes.length; at += step) read(bytes.subarray(at, at + step));
      expect({ broken, topics }).toEqual({ broken: [], topics: ["a", "b", "c", "d"] });
    }
  });

  it("that announce too large a packet are refused before it is gathered", () => {
    const { broken, words } = hearing();
    createReader(5, mostBytes, words)(publish("a", 5_000).subarray(0, 3));
    expect(broken).toEqual([expect.stringContaining("over limits.max_packet (4096)")]);
  });

  it("throw nothing whatever they are, and nothing is said after they are broken", () => {
    const random = createSeededRandom("wire");
    const good = Buffer.concat([publish("t/1", 40), publish("t/2", 300)]);
    for (let round = 0; round < 5_000; round += 1) {
      const bytes = Buffer.from(good);
      for (let times = 0; times <= random() * 6; times += 1)
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      const { broken, topics, words } = hearing();
      const read = createReader(random() < 0.5 ? 5 : 4, mostBytes, words);
      read(bytes);
      read(bytes);
      expect(broken.length).toBeLessThanOrEqual(1);
      expect(topics.length).toBeLessThanOrEqual(bytes.length);
    }
  });

  it("are answered with PUBACKs in one piece, in the form of both versions", () => {
    expect(encodePubacks([1, 65_535]).toString("hex")).toBe("400200014002ffff");
  });
});
