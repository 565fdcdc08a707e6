import { describe, expect, test } from "vitest";
import type { EventOf, GatewayEvent, StoredEvent } from "../../src/core/event.ts";
import { toDeviceId } from "../../src/core/ids.ts";
import { rowOf } from "../../src/gateway/registry/device-rows.ts";
import { FleetRoom } from "../../src/view/fleet/fleet-room.ts";
import { GatewayView } from "../../src/view/fleet/gateway-view.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { consoleRole } from "../support/console-role.ts";
import { gatewayHere } from "../support/gateway-here.ts";
import {
  makeGatewayStream,
  origin,
  publishRecords,
  reading,
  startMs,
  storedEvent,
} from "../support/gateway-stream.ts";
import { natsServer } from "../support/nats-server.ts";
import { waitUntil } from "../support/wait-until.ts";

const second = (at: number): number => startMs + at * 1_000;

function watermark(at: number): EventOf<"watermark"> {
  const timeMs = second(at);
  const times = { timeMs, receivedMs: timeMs, clock: "gateway" } as const;
  return { kind: "watermark", device: null, ...times, data: { t: timeMs } };
}

function announced(device: string, at = 0): EventOf<"device"> {
  const timeMs = second(at);
  return {
    ...{ kind: "device", device: toDeviceId(device), timeMs, receivedMs: timeMs, clock: "gateway" },
    data: {
      ...{ device: toDeviceId(device), profile: "acme/fz-200@1", intervalMs: 10_000 },
      ...{ tags: { room: "cold" }, attrs: {}, metrics: [{ name: "temperature", unit: "Cel" }] },
    },
  };
}

describe("a gateway as the hub sees it", () => {
  const given = (room = new FleetRoom(100)) => {
    const view = new GatewayView(origin, room);
    let seq = 0;
    const take = (...events: readonly GatewayEvent[]) =>
      events.map((event) => {
        seq += 1;
        const stored: StoredEvent = storedEvent(event, "aaaaaaaa", seq);
        return view.take(stored);
      });
    const stateOf = (device: string) => {
      const id = toDeviceId(device);
      const outline = view.announced(id);
      return outline && rowOf(outline, view.registry.get(id), view.running()).state;
    };
    return { stateOf, take, view };
  };

  test("a device is silent by the gateway's own time, and never since a line is down", () => {
    const { stateOf, take } = given();
    take(announced("f1"), watermark(1));
    expect(stateOf("f1")).toBe("never");
    take(reading("f1", -18, 2), watermark(20));
    expect(stateOf("f1")).toBe("ok");
    // Nothing comes for hours; then all that was said meanwhile.
    take(reading("f1", -18, 7_200), watermark(7_201));
    expect(stateOf("f1")).toBe("ok");
    take(watermark(7_240));
    expect(stateOf("f1")).toBe("silent");
  });

  test("what passed between two processes of the gateway is no silence", () => {
    const { stateOf, take } = given();
    const started: EventOf<"status"> = {
      ...{ kind: "status", device: null, timeMs: second(600), receivedMs: second(600) },
      ...{ clock: "gateway", data: { state: "online", cause: "gateway-started" } },
    };
    take(announced("f1"), reading("f1", -18, 2), watermark(3), started, watermark(610));
    expect(stateOf("f1")).toBe("ok");
    take(watermark(640));
    expect(stateOf("f1")).toBe("silent");
  });

  test("devices beyond the room are counted, and room that is given back is used", () => {
    const room = new FleetRoom(1);
    const { take, view } = given(room);
    expect(take(announced("f1"), announced("f2"))).toEqual(["f1", undefined]);
    expect(room).toMatchObject({ taken: 1, leftOut: 1 });
    view.forget();
    expect(given(room).take(announced("f3"))).toEqual(["f3"]);
  });
});

describe("devices of all gateways on the page", () => {
  async function setUp() {
    const { url } = await natsServer();
    const connection = await connectionOf(testBackbone(url));
    await makeGatewayStream(connection, backboneOptionsFor(url));
    let seq = 1;
    const publish = async (...events: readonly GatewayEvent[]): Promise<void> => {
      await publishRecords(connection, "aaaaaaaa", seq, events);
      seq += events.length;
    };
    return { publish, url };
  }

  test("rows, page and events are there after a start, and follow what is said", async () => {
    const { publish, url } = await setUp();
    const humidity = { ...reading("f1", 40, 1), data: [humid(41)] } as GatewayEvent;
    await publish(announced("f1"), humidity, reading("f1", -18, 2), watermark(3));
    const one = await consoleRole(url);
    const named = one.role.web?.topicNamed?.("devices");
    const first = await waitUntil(async () => {
      const { body } = await one.ask("/devices");
      return (body as { total: number }).total === 1 && body;
    }, "the device is there");
    expect(first).toMatchObject({
      devices: [{ key: "plant-a.gw1.f1", state: "ok", values: [{ value: -18, unit: "Cel" }] }],
    });
    expect((await one.ask("/devices/plant-a.gw1.f1")).body).toMatchObject({
      tags: { room: "cold" },
      values: [{ name: "temperature", value: -18 }],
    });
    expect((await one.ask("/devices/plant-a.gw1.f1/events?limit=2")).body).toMatchObject({
      events: [{ kind: "measurement" }, { kind: "measurement" }],
      more: true,
    });
    expect((await one.ask("/devices/plant-a.gw1.f9")).status).toBe(404);
    await publish(reading("f1", -11, 4));
    await waitUntil(() => named?.takeChanges()?.includes('"value":-11'), "the change is told");
    named?.end();
  });

  test("devices of a gateway in the same process are shown, and followed, with no backbone", async () => {
    const { facts, say } = await gatewayHere();
    const one = await consoleRole("nats://127.0.0.1:1", {}, {}, facts);
    const topic = one.role.web?.topicNamed?.("devices");
    await say("acme/f1/state", JSON.stringify({ t: -18 }));
    await waitUntil(() => topic?.takeChanges()?.includes('"value":-18'), "it is told");
    expect((await one.ask("/devices")).body).toMatchObject({
      devices: [{ key: "plant-a.gw1.acme-f1", state: "ok", profile: "acme/fz-200@1" }],
    });
    expect((await one.ask("/devices/plant-a.gw1.acme-f1")).body).toMatchObject({
      topic: "acme/f1/state",
    });
    expect(one.role.hubStatus?.()).toMatchObject({
      hub: { connected: false, reason: expect.any(String), gateways: 0 },
      devices: { ok: 1 },
    });
    topic?.end();
  });

  test("what a device told in other messages is looked up when its page is opened", async () => {
    const { publish, url } = await setUp();
    const told = announced("f1");
    const both = { ...told.data, metrics: [...told.data.metrics, { name: "humidity" }] };
    const humidity = { ...reading("f1", 0, 1), data: [humid(41)] } as GatewayEvent;
    await publish({ ...told, data: both }, humidity, reading("f1", -18, 2));
    const one = await consoleRole(url);
    await waitUntil(async () => (await one.ask("/devices/plant-a.gw1.f1")).status === 200, "there");
    expect((await one.ask("/devices/plant-a.gw1.f1")).body).toMatchObject({
      values: [
        { name: "temperature", value: -18 },
        { name: "humidity", value: 41 },
      ],
    });
  });
});

function humid(value: number) {
  return { name: "humidity", unit: "%RH", value, quality: "good" } as const;
}
