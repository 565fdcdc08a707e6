import { describe, expect, test, vi } from "vitest";
import { ManualClock } from "../../support/manual-clock.ts";
import { mqttBroker } from "../../support/mqtt-broker.ts";
import { Mqtt5Peer, peer5 } from "../../support/mqtt5-peer.ts";

describe("a session of MQTT 5", () => {
  const sessionOf = (port: number, sessionExpiryInterval: number, clean = false) =>
    peer5(port, { clientId: "d1", clean, properties: { sessionExpiryInterval } });

  test("ends with the connection, after its interval, or by a clean start", async () => {
    const clock = new ManualClock();
    const { broker, port } = await mqttBroker({}, { clock });
    const gone = async (device: Mqtt5Peer): Promise<void> => {
      device.socket.destroy();
      await vi.waitFor(() => expect(broker.clients).toBe(0));
    };
    const presentAfter = async (
      seconds: number,
      waitMs: number,
      clean = false,
    ): Promise<boolean> => {
      await gone(await sessionOf(port, seconds, true));
      await clock.advance(waitMs);
      const again = new Mqtt5Peer(port);
      const { sessionPresent } = await again.open({ clientId: "d1", clean });
      await gone(again);
      return sessionPresent;
    };
    expect(await presentAfter(0, 0)).toBe(false);
    expect(await presentAfter(5, 4_000)).toBe(true);
    expect(await presentAfter(5, 5_000)).toBe(false);
    expect(await presentAfter(0xffff_ffff, 100_000_000)).toBe(true);
    expect(await presentAfter(5, 0, true)).toBe(false);
  });

  test("may be given another end by the DISCONNECT, but for one that ends with its connection", async () => {
    const { port } = await mqttBroker();
    const first = await sessionOf(port, 60);
    first.send({ cmd: "disconnect", properties: { sessionExpiryInterval: 0 } });
    await first.closed;
    const connect = { clientId: "d1", clean: false };
    const second = await peer5(port, connect);
    second.send({ cmd: "disconnect", properties: { sessionExpiryInterval: 60 } });
    expect((await second.ended())[0]).toBe(0x82);
  });

  test.each([
    ["0 and is not published", 0, []],
    ["4 and is published", 4, ["will"]],
  ])("its will is left with reason %s", async (_, reasonCode, payloads) => {
    const { port, sink } = await mqttBroker();
    const will = {
      topic: "w",
      payload: Buffer.from("will"),
      qos: 1,
      retain: false,
      properties: { contentType: "text/plain" },
    } as const;
    const device = await peer5(port, { clientId: "d1", will });
    device.send({ cmd: "disconnect", reasonCode });
    await device.closed;
    await vi.waitFor(() => expect(sink.changes.at(-1)?.state).toBe("offline"));
    expect(sink.payloads).toEqual(payloads);
    if (payloads.length > 0) {
      const properties = { contentType: "text/plain" };
      expect(sink.messages[0]?.attributes).toEqual({ will: true, properties });
    }
  });

  test("its will waits, is not published when the client is back, and is when the session ends", async () => {
    const clock = new ManualClock();
    const { port, sink } = await mqttBroker({}, { clock });
    const leave = async (
      willDelayInterval: number,
      sessionExpiryInterval: number,
      clean = false,
    ) => {
      const device = await peer5(port, {
        clientId: "d1",
        clean,
        properties: { sessionExpiryInterval },
        will: {
          topic: "w",
          payload: Buffer.from(`${willDelayInterval}`),
          qos: 0,
          retain: false,
          properties: { willDelayInterval },
        },
      });
      device.socket.destroy();
      await device.closed;
      const offline = () => sink.changes.filter(({ state }) => state === "offline").length;
      const online = sink.changes.length - offline();
      await vi.waitFor(() => expect(offline()).toBe(online));
    };
    await leave(10, 60);
    await clock.advance(9_000);
    expect(sink.payloads).toEqual([]);
    await leave(20, 60);
    await clock.advance(19_000);
    expect(sink.payloads).toEqual([]);
    await clock.advance(1_000);
    expect(sink.payloads).toEqual(["20"]);
    await leave(30, 5);
    await clock.advance(5_000);
    expect(sink.payloads).toEqual(["20", "30"]);
    await leave(40, 60);
    await leave(50, 0, true);
    expect(sink.payloads).toEqual(["20", "30", "40", "50"]);
  });
});
