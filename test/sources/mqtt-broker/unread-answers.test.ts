/** What clients cost that send and never read, and those that never finish a packet. */
import { createConnection, type Socket } from "node:net";
import mqttPacket from "mqtt-packet";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { HalfPacket } from "../../../src/sources/mqtt-broker/half-packet.ts";
import { Unfinished } from "../../../src/sources/mqtt-broker/unfinished.ts";
import { mqttBroker } from "../../support/mqtt-broker.ts";
import { connect, type MqttDevice } from "../../support/mqtt-device.ts";
import { silentMetrics } from "../../support/silence.ts";

/** A connected client that reads nothing. */
async function deafClient(port: number): Promise<Socket> {
  const socket = createConnection({ port, host: "127.0.0.1" });
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => {});
  socket.write(
    mqttPacket.generate({ cmd: "connect", clientId: "deaf", keepalive: 0, clean: true }),
  );
  await new Promise((resolve) => socket.once("readable", resolve));
  return socket;
}

describe("a client that does not read its answers", () => {
  test("and reads at last goes on where it was", async () => {
    const { port } = await mqttBroker();
    const socket = await deafClient(port);
    const pings = 1_000_000;
    let answered = 0;
    const blob = Buffer.alloc(2 * 50_000, mqttPacket.generate({ cmd: "pingreq" }));
    const written = (async () => {
      for (let n = 0; n < pings; n += 50_000)
        await new Promise<void>((resolve) => socket.write(blob, () => resolve()));
    })();
    await new Promise((resolve) => setTimeout(resolve, 300));
    socket.on("data", (bytes) => {
      answered += bytes.length;
    });
    await written;
    // The CONNACK, then an answer of two bytes to each.
    await vi.waitFor(() => expect(answered).toBe(4 + 2 * pings), { timeout: 30_000 });
  }, 60_000);
});

/** What such a client sends without end; each packet has an answer. */
const floods: readonly Buffer[] = [
  mqttPacket.generate({ cmd: "pubrel", messageId: 7 }),
  mqttPacket.generate({
    cmd: "subscribe",
    messageId: 7,
    subscriptions: [{ topic: "t", qos: 1 }],
  }),
  mqttPacket.generate({ cmd: "unsubscribe", messageId: 7, unsubscriptions: ["t"] }),
  publishBytes(1),
  publishBytes(2),
];

function publishBytes(qos: 1 | 2): Buffer {
  const packet = {
    cmd: "publish",
    topic: "t",
    payload: "",
    qos,
    dup: false,
    retain: false,
  } as const;
  return mqttPacket.generate({ ...packet, messageId: 7 });
}

/** The broker's own figure of what its clients have not taken, each time it looks. */
function watchedUnsent() {
  const seen: number[] = [];
  const set = (value: number): void => void seen.push(value);
  const metrics = {
    ...silentMetrics,
    gauge: (name: string) => ({ set: name === "gateway_sources_unsent_bytes" ? set : () => {} }),
  };
  const looks = (count: number): Promise<void> => {
    const from = seen.length;
    return vi.waitFor(() => expect(seen.length).toBeGreaterThanOrEqual(from + count), {
      timeout: 30_000,
    });
  };
  return { seen, metrics, looks };
}

test("a client that never reads has few answers waiting, whatever it sends without end", async () => {
  const { seen, metrics, looks } = watchedUnsent();
  const { port } = await mqttBroker({}, { metrics });
  const socket = await deafClient(port);
  // Pings are cheap: with them the system's own buffers are filled first.
  const pings = Buffer.alloc(2 ** 20, mqttPacket.generate({ cmd: "pingreq" }));
  for (let n = 0; n < 8; n += 1) {
    const taken = new Promise<void>((resolve) => socket.write(pings, () => resolve()));
    const stuck = looks(2).then(() => "stuck");
    if ((await Promise.race([taken, stuck])) === "stuck") break;
  }
  for (const packet of floods) socket.write(Buffer.alloc(2 ** 19, packet));
  await looks(4);
  expect(Math.max(...seen)).toBeLessThan(300_000);
  const honest = await connect({ port, clientId: "honest" });
  await honest.publish("t", "x");
}, 120_000);

describe("packets that are never finished", () => {
  test("share one bound, and the one that began first makes room", () => {
    const gone: string[] = [];
    const unfinished = new Unfinished(100);
    const owner = (name: string) => ({ evict: () => void gone.push(name) });
    const [a, b, c] = [owner("a"), owner("b"), owner("c")];
    unfinished.keep(a, 40);
    unfinished.keep(b, 40);
    unfinished.keep(a, 50);
    expect(gone).toEqual([]);
    unfinished.keep(c, 20);
    expect(gone).toEqual(["a"]);
    unfinished.keep(b, 0);
    expect(unfinished.bytes).toBe(20);
  });

  test("cost what they have, however small the pieces are in which they come", () => {
    const half = new HalfPacket(Buffer.of(1), 200_000);
    for (let n = 1; n < 100_000; n += 1) half.fill(Buffer.of(n));
    expect(half.costBytes).toBeLessThanOrEqual(2 * 100_000);
    expect(half.whole).toBeUndefined();
    expect(half.fill(Buffer.alloc(200_000))).toBe(100_000);
    expect(half.costBytes).toBe(200_000);
    expect(half.whole?.subarray(0, 3)).toEqual(Buffer.of(1, 1, 2));
  });

  test("of many clients are bounded: the oldest are closed, and an honest client's large one passes", async () => {
    const { port, sink } = await mqttBroker({
      limits: { in_flight_bytes: "1MiB", max_packet: "256KiB" },
    });
    const half = Buffer.concat([
      Buffer.of(0x30, 0xf0, 0xfe, 0x0f, 0, 1, 0x61),
      Buffer.alloc(200_000),
    ]);
    const slow: MqttDevice[] = [];
    for (let n = 0; n < 12; n += 1) {
      const device = await connect({ port, clientId: `slow-${n}` });
      slow.push(device);
      await device.write(half);
    }
    const honest = await connect({ port, clientId: "honest" });
    await honest.publish("t", "y".repeat(250_000));
    expect(sink.messages).toHaveLength(1);
    await Promise.all(slow.slice(0, 6).map(({ closed }) => closed));
    expect(slow.at(-1)?.socket.destroyed).toBe(false);
  });
});
