import { describe, expect, onTestFinished, test, vi } from "vitest";
import { mqttBroker } from "../../support/mqtt-broker.ts";
import { connect, MqttDevice } from "../../support/mqtt-device.ts";

/** A packet: first byte, remaining length, rest. */
function frame(first: number, ...rest: (number | Buffer)[]): Buffer {
  const body = Buffer.concat(rest.map((part) => (Buffer.isBuffer(part) ? part : Buffer.of(part))));
  const length: number[] = [];
  for (let left = body.length; left > 0 || length.length === 0; left = Math.floor(left / 128)) {
    length.push((left % 128) | (left >= 128 ? 0x80 : 0));
  }
  return Buffer.concat([Buffer.of(first, ...length), body]);
}

/** Text with its length in front; bytes as they are. */
function text(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 255), bytes]);
}

/** CONNECT with these flags and this payload. */
function connectFrame(flags: number, ...payload: Buffer[]): Buffer {
  return frame(0x10, text("MQTT"), 4, flags, 0, 60, ...payload);
}

const overlong = Buffer.of(0xc0, 0x80);
const surrogate = Buffer.of(0xed, 0xa0, 0x80);
const topics: Record<string, Buffer> = {
  "with U+0000": Buffer.from("a\0b"),
  "with an overlong U+0000": overlong,
  "with a surrogate": surrogate,
  "with a cut-off character": Buffer.of(0x61, 0xc3),
  "that is empty": Buffer.alloc(0),
  "with +": Buffer.from("a/+"),
  "with #": Buffer.from("a/#"),
};

const malformedFirst: Record<string, Buffer> = {
  "PUBLISH before CONNECT": frame(0x30, text("t")),
  "PINGREQ before CONNECT": frame(0xc0),
  noise: Buffer.from("GET / HTTP/1.1\r\n\r\n"),
  "CONNECT with reserved flags": frame(0x11, text("MQTT"), 4, 2, 0, 60, text("d1")),
  "CONNECT with the reserved connect flag": connectFrame(0x03, text("d1")),
  "CONNECT over 4 KiB": connectFrame(0x02, text("d".repeat(4_100))),
  "CONNECT of 250 MB": Buffer.of(0x10, 0xff, 0xff, 0xff, 0x7f),
  "CONNECT with a length of five bytes": Buffer.of(0x10, 0xff, 0xff, 0xff, 0xff, 0x01),
  "CONNECT with will QoS 3": connectFrame(0x1e, text("d1"), text("w"), text("x")),
  "CONNECT with will QoS without a will": connectFrame(0x0a, text("d1")),
  "CONNECT with will retain without a will": connectFrame(0x22, text("d1")),
  "CONNECT with a will to a wildcard": connectFrame(0x06, text("d1"), text("w/#"), text("x")),
  "CONNECT with a will to no topic": connectFrame(0x06, text("d1"), text(""), text("x")),
  "CONNECT with a password without user": connectFrame(0x42, text("d1"), text("secret")),
  "CONNECT with U+0000 in the client identifier": connectFrame(0x02, text("d\0")),
  "CONNECT with invalid UTF-8 in the user name": connectFrame(0x82, text("d1"), text(overlong)),
  "CONNECT that ends early": connectFrame(0x06, text("d1"), text("w")),
  "CONNECT with bytes behind its end": connectFrame(0x02, text("d1"), text("more")),
};

const malformedLater: Record<string, Buffer> = {
  "a second CONNECT": connectFrame(0x02, text("d1")),
  "packet type 0": frame(0x00),
  "packet type 15": frame(0xf0),
  "CONNACK from a client": frame(0x20, 0, 0),
  "SUBACK from a client": frame(0x90, 0, 1, 0),
  "PINGRESP from a client": frame(0xd0),
  "PUBLISH with QoS 3": frame(0x36, text("t"), 0, 1),
  "PUBLISH with QoS 0 and DUP": frame(0x38, text("t")),
  "PUBLISH with QoS 1 and packet identifier 0": frame(0x32, text("t"), 0, 0),
  "PUBLISH with QoS 2 and packet identifier 0": frame(0x34, text("t"), 0, 0),
  "PUBLISH with QoS 1 without a packet identifier": frame(0x32, text("t")),
  "PUBLISH shorter than its topic": frame(0x30, 0, 9, 0x74),
  "PUBACK with packet identifier 0": frame(0x40, 0, 0),
  "PUBACK that is too long": frame(0x40, 0, 1, 0),
  "PUBREL with wrong flags": frame(0x60, 0, 1),
  "SUBSCRIBE with wrong flags": frame(0x80, 0, 1, text("t"), 0),
  "SUBSCRIBE with packet identifier 0": frame(0x82, 0, 0, text("t"), 0),
  "SUBSCRIBE without a filter": frame(0x82, 0, 1),
  "SUBSCRIBE without a QoS": frame(0x82, 0, 1, text("t")),
  "SUBSCRIBE with QoS 3": frame(0x82, 0, 1, text("t"), 3),
  "SUBSCRIBE to a#": frame(0x82, 0, 1, text("a#"), 0),
  "SUBSCRIBE to #/a": frame(0x82, 0, 1, text("#/a"), 0),
  "SUBSCRIBE to a+/b": frame(0x82, 0, 1, text("a+/b"), 0),
  "SUBSCRIBE to an empty filter": frame(0x82, 0, 1, text(""), 0),
  "SUBSCRIBE with U+0000": frame(0x82, 0, 1, text("a\0"), 0),
  "UNSUBSCRIBE with wrong flags": frame(0xa0, 0, 1, text("t")),
  "UNSUBSCRIBE with packet identifier 0": frame(0xa2, 0, 0, text("t")),
  "UNSUBSCRIBE without a filter": frame(0xa2, 0, 1),
  "UNSUBSCRIBE with invalid UTF-8": frame(0xa2, 0, 1, text(surrogate)),
  "PINGREQ with flags": frame(0xc1),
  "PINGREQ with a body": frame(0xc0, 0),
  "DISCONNECT with flags": frame(0xe1),
  "DISCONNECT with a body": frame(0xe0, 0),
  ...Object.fromEntries(
    Object.entries(topics).map(([what, topic]) => [
      `PUBLISH to a topic ${what}`,
      frame(0x30, text(topic)),
    ]),
  ),
};

describe("malformed packets", () => {
  test.each(Object.entries(malformedFirst))("%s closes the connection", async (_, bytes) => {
    const { sink, port } = await mqttBroker();
    const device = new MqttDevice(port);
    const answers: Buffer[] = [];
    device.socket.on("data", (answer) => answers.push(answer));
    await device.write(bytes);
    await device.closed;
    expect(answers).toEqual([]);
    expect(sink.changes).toEqual([]);
  });

  test.each(Object.entries(malformedLater))("%s closes the connection", async (_, bytes) => {
    const { sink, port } = await mqttBroker();
    const device = await connect({ port, clientId: "d1" });
    const before = device.socket.bytesRead;
    await device.write(bytes);
    await device.closed;
    expect(device.socket.bytesRead).toBe(before);
    expect(sink.messages).toEqual([]);
    expect(sink.changes.at(-1)).toMatchObject({ state: "offline", cause: "connection-lost" });
  });

  test("are counted by what is wrong, and journaled once per burst", async () => {
    const counted: unknown[] = [];
    const journal: unknown[] = [];
    const note = (message: string, fields?: unknown): void => void journal.push([message, fields]);
    const { port } = await mqttBroker(
      {},
      {
        logger: { debug: note, info: note, warn: note, error: note },
        metrics: {
          counter: (name) => ({ add: (amount, labels) => counted.push([name, amount, labels]) }),
          gauge: () => ({ set() {} }),
        },
      },
    );
    for (let n = 0; n < 3; n += 1) {
      const device = new MqttDevice(port);
      await device.write(connectFrame(0x42, text("d1"), text("secret")));
      await device.closed;
    }
    const reason = "password-without-user";
    expect(counted).toEqual(
      Array.from({ length: 3 }, () => ["gateway_sources_connections_refused_total", 1, { reason }]),
    );
    expect(journal).toEqual([
      ["refused a client", { reason, address: "127.0.0.1", packet: "CONNECT", bytes: 24 }],
    ]);
  });
});

describe("CONNECT that is answered before the connection is closed", () => {
  async function returnCodeOf(bytes: Buffer): Promise<number | undefined> {
    const { port } = await mqttBroker();
    const device = new MqttDevice(port);
    const answer = new Promise<Buffer>((resolve) => device.socket.once("data", resolve));
    await device.write(bytes);
    const connack = await answer;
    await device.closed;
    return connack[3];
  }

  test("no identifier and no clean session: identifier rejected", async () => {
    expect(await returnCodeOf(connectFrame(0x00, text("")))).toBe(2);
  });
});

describe("well-formed packets", () => {
  test("may come in any pieces", async () => {
    const { sink, port } = await mqttBroker();
    const device = new MqttDevice(port);
    onTestFinished(() => device.destroy());
    const bytes = Buffer.concat([
      connectFrame(0x02, text("d1")),
      frame(0x32, text("t/ü"), 0, 1, Buffer.from("first")),
      frame(0xc0),
      frame(0x32, text("t"), 0, 2, Buffer.alloc(300, "y")),
      frame(0x30, text("t"), Buffer.from("third")),
    ]);
    for (const byte of bytes) {
      await device.write(Buffer.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await vi.waitFor(() => expect(sink.messages).toHaveLength(3));
    await vi.waitFor(() => expect(device.acked).toEqual([1, 2]));
    expect(sink.messages[0]?.address).toBe("t/ü");
    expect(sink.payloads).toEqual(["first", "y".repeat(300), "third"]);
  });

  test("may come before the CONNACK", async () => {
    const { sink, port } = await mqttBroker();
    const device = new MqttDevice(port);
    onTestFinished(() => device.destroy());
    const publishes = Array.from({ length: 50 }, (_, n) =>
      frame(0x32, text("t"), 0, n + 1, Buffer.from(String(n))),
    );
    await device.write(Buffer.concat([connectFrame(0x02, text("d1")), ...publishes]));
    await vi.waitFor(() => expect(device.acked).toHaveLength(50));
    expect(sink.payloads).toEqual(Array.from({ length: 50 }, (_, n) => String(n)));
  });

  test("of the largest size pass, in many reads", async () => {
    const { sink, port } = await mqttBroker();
    const device = await connect({ port, clientId: "d1" });
    const payload = "z".repeat(256 * 1024 - 9);
    await device.publish("t", payload);
    expect(sink.payloads).toEqual([payload]);
  });

  test("all pass, in order, when thousands wait at once for a disk that takes its time", async () => {
    const { sink, port } = await mqttBroker();
    sink.stalled = true;
    const device = await connect({ port, clientId: "d1" });
    const numbers = Array.from({ length: 5_000 }, (_, n) => n + 1);
    const publishes = numbers.map((n) =>
      frame(0x32, text("t"), n >> 8, n & 255, Buffer.from(`${n} ${"x".repeat(200)}`)),
    );
    await device.write(Buffer.concat(publishes));
    await vi.waitFor(
      () => {
        sink.ackAll(300);
        expect(device.acked).toHaveLength(numbers.length);
      },
      { interval: 1, timeout: 10_000 },
    );
    expect(device.acked).toEqual(numbers);
    expect(sink.payloads.map((payload) => Number.parseInt(payload, 10))).toEqual(numbers);
  });

  test("of MQTT 3.1 clients pass", async () => {
    const { sink, port } = await mqttBroker();
    const device = new MqttDevice(port);
    onTestFinished(() => device.destroy());
    await device.write(frame(0x10, text("MQIsdp"), 3, 2, 0, 60, text("old")));
    await device.publish("t", "a");
    expect(sink.payloads).toEqual(["a"]);
  });
});

describe("too large packets", () => {
  test("close the connection at their length, before they are read", async () => {
    const { port, sink } = await mqttBroker();
    const device = await connect({ port, clientId: "d1" });
    // 200 MB are announced; the broker must not wait for more than the announcement.
    await device.write(Buffer.of(0x30, 0x80, 0xd0, 0xaf, 0x5f));
    await device.closed;
    expect(sink.messages).toEqual([]);
  });

  test("are those above the configured limit", async () => {
    const { port, sink } = await mqttBroker({ limits: { max_packet: "1KiB" } });
    const device = await connect({ port, clientId: "d1" });
    // Fixed header 3, topic 3, packet identifier 2 bytes.
    await device.publish("t", "x".repeat(1_024 - 8));
    await device.publish("t", "x".repeat(1_024 - 7));
    expect(sink.messages.map(({ attributes }) => attributes.cut?.bytes)).toEqual([
      undefined,
      1_025,
    ]);
  });
});
