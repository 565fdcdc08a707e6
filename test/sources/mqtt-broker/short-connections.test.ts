/** Devices that wake, say what they have, and go: some without waiting for any answer. */
import { createConnection, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import mqttPacket from "mqtt-packet";
import { describe, expect, test, vi } from "vitest";
import { hashPassword } from "../../../src/sources/mqtt-broker/password.ts";
import { parseUsers } from "../../../src/sources/mqtt-broker/users.ts";
import { mqttBroker } from "../../support/mqtt-broker.ts";
import { connect } from "../../support/mqtt-device.ts";

const will = { topic: "gone", payload: Buffer.from("gone"), qos: 1 as const, retain: false };

function connectBytes(clientId: string, more: object = {}): Buffer {
  const packet = { cmd: "connect", protocolId: "MQTT", protocolVersion: 4, clean: true } as const;
  return mqttPacket.generate({ ...packet, clientId, keepalive: 60, ...more });
}

function publishBytes(payload: string | Buffer, qos: 0 | 1 | 2 = 0, topic = "t"): Buffer {
  const packet = { cmd: "publish", topic, payload, qos, dup: false, retain: false } as const;
  return mqttPacket.generate({ ...packet, messageId: 7 });
}

const disconnectBytes = mqttPacket.generate({ cmd: "disconnect" });

/** A connection on which nothing is read before `resume`. */
async function open(port: number): Promise<Socket> {
  const socket = createConnection({ port, host: "127.0.0.1", noDelay: true });
  socket.on("error", () => {});
  await new Promise((resolve) => socket.once("connect", resolve));
  return socket;
}

function write(socket: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => socket.write(bytes, () => resolve()));
}

/** How such a device ends its connection. */
const endings: Record<string, (socket: Socket) => void> = {
  "closes it": (socket) => socket.destroy(),
  "closes it cleanly": (socket) => socket.end(),
};

describe("what a client sends behind its CONNECT", () => {
  const ways = [0, 1, 2].flatMap((qos) =>
    Object.keys(endings).flatMap((ending) =>
      ["and DISCONNECT", "without DISCONNECT"].map((goodbye) => [qos, goodbye, ending] as const),
    ),
  );
  test.each(ways)("with QoS %i, in one write, %s, is received when it then %s", async (...way) => {
    const [qos, goodbye, ending] = way;
    const { port, sink } = await mqttBroker();
    const said = goodbye === "and DISCONNECT";
    for (let n = 0; n < 20; n += 1) {
      const socket = await open(port);
      const bytes = [connectBytes(`d${n}`, { will }), publishBytes(`${n}`, qos as 0 | 1 | 2)];
      await write(socket, Buffer.concat(said ? [...bytes, disconnectBytes] : bytes));
      endings[ending]?.(socket);
    }
    await vi.waitFor(
      () => expect(sink.payloads.filter((text) => text !== "gone")).toHaveLength(20),
      { timeout: 10_000 },
    );
    await vi.waitFor(() =>
      expect(sink.payloads.filter((text) => text === "gone")).toHaveLength(said ? 0 : 20),
    );
  });
});

describe("a client that breaks its connection", () => {
  test("is heard to the last packet that came before, also when others keep the broker busy", async () => {
    const { port, sink } = await mqttBroker();
    const flood = Buffer.concat(Array.from({ length: 2_000 }, () => publishBytes("flood", 1, "f")));
    const flooders = await Promise.all(
      [1, 2, 3, 4].map(async (n) => {
        const socket = await open(port);
        socket.resume();
        await write(socket, connectBytes(`flooder-${n}`));
        return socket;
      }),
    );
    const flooding = flooders.map((socket) => write(socket, flood));
    const socket = await open(port);
    await write(socket, connectBytes("d1", { will }));
    await new Promise((resolve) => socket.once("readable", resolve));
    const numbers = Array.from({ length: 500 }, (_, n) => String(n));
    await write(
      socket,
      Buffer.concat([...numbers.map((n) => publishBytes(n, 1)), disconnectBytes]),
    );
    socket.resetAndDestroy();
    await Promise.all(flooding);
    await vi.waitFor(
      () => expect(sink.payloads.filter((text) => text !== "flood")).toEqual(numbers),
      { timeout: 10_000 },
    );
    for (const flooder of flooders) flooder.destroy();
  });
});

describe("a client that is not let in", () => {
  const large = "x".repeat(66_000);
  const refusals: Record<string, object> = {
    "for its password": { clientId: "x", username: "plug", password: Buffer.from("wrong") },
    "for having no password": { clientId: "x" },
    "for speaking MQTT 5": { clientId: "x", protocolVersion: 5 },
  };
  const ways = Object.entries(refusals).flatMap(([why, more]) =>
    ([0, 1, 2] as const).map((qos) => [why, qos, more] as const),
  );

  test.each(ways)(
    "%s gets nothing handled that it sent behind its CONNECT, with QoS %i",
    async (...way) => {
      const [, qos, more] = way;
      const users = parseUsers([
        {
          user: "plug",
          password_hash: await hashPassword("right", Buffer.from("twelve bytes"), 1_000),
          publish: ["#"],
          subscribe: ["#"],
        },
      ]);
      if (!users.ok) throw new Error("the users are wrong");
      const { port, sink } = await mqttBroker(
        { users: { file: "users.yaml" } },
        { users: users.value },
      );
      const listener = await connect({
        port,
        clientId: "listener",
        username: "plug",
        password: "right",
      });
      await listener.subscribe("t");
      const { protocolVersion, ...rest } = { protocolVersion: 4, ...more };
      const connectPacket = { cmd: "connect", clientId: "x", ...rest } as const;
      const hello = mqttPacket.generate(
        { ...connectPacket, protocolVersion: protocolVersion as 4 | 5 },
        { protocolVersion },
      );
      for (const pauseMs of [0, 0, 1, 5]) {
        const socket = await open(port);
        socket.resume();
        const closed = new Promise((resolve) => socket.once("close", resolve));
        // The first packet ends in another segment than the CONNECT; the others come with it.
        const publishes = [publishBytes("small", qos), publishBytes(large, qos)];
        await write(socket, Buffer.concat([hello, ...publishes]));
        await pause(pauseMs);
        await write(socket, publishBytes("late", qos));
        await closed;
      }
      await listener.ping();
      expect(sink.messages).toEqual([]);
      expect(listener.delivered).toEqual([]);
    },
  );
});
