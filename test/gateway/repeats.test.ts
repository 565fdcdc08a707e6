import { expect, test } from "vitest";
import { toDeviceId } from "../../src/core/ids.ts";
import { DeviceTimes } from "../../src/gateway/device-times.ts";
import { Repeats } from "../../src/gateway/repeats.ts";
import { createNormalizer } from "../../src/normalize/normalizer.ts";
import { loadProfile } from "../devices/load-profile.ts";
import {
  eventsOf,
  givenCatalog,
  givenDevice,
  givenMessage,
  givenNormalizer,
  givenProfile,
  receivedMs,
  storedOf,
} from "../normalize/given.ts";

const limits = { maxSkewMs: 300_000, maxAgeMs: 30 * 86_400_000, maxRejectedBytes: 100 };

/** What becomes of messages of BLE sensors through two gateways; `after` in ms. */
function radios(repeat: object) {
  const profile = givenProfile({
    match: { topic: "home/{gateway}/{device}" },
    metrics: [
      { name: "temperature", path: "tempc" },
      { name: "humidity", path: "hum" },
      { name: "rssi", path: "rssi" },
    ],
    repeat,
    examples: [{ topic: "home/g/d", payload: { hum: 1 }, expect: { metrics: { humidity: 1 } } }],
  });
  const normalize = createNormalizer({ catalog: givenCatalog({ profiles: [profile] }), ...limits });
  const repeats = new Repeats();
  return (topic: string, payload: object, afterMs: number): string => {
    const at = { receivedMs: receivedMs + afterMs };
    const { device, repeat: key } = storedOf(normalize(givenMessage(topic, payload, at), true));
    if (device === undefined || key === undefined) throw new Error("it has no key");
    return repeats.isRepeat(device.id, key, at.receivedMs) ? "repeat" : "new";
  };
}

test("a reading that two radios heard is one, and so is what adds nothing to it", () => {
  const hear = radios({ within: "5s", by: ["tempc", "hum"] });
  expect(hear("home/omg1/a", { tempc: 15.5, hum: 65.2, rssi: -88 }, 0)).toBe("new");
  expect(hear("home/omg2/a", { tempc: 15.5, hum: 65.2, rssi: -61 }, 40)).toBe("repeat");
  expect(hear("home/omg1/a", { rssi: -88 }, 50)).toBe("repeat");
  expect(hear("home/omg1/b", { tempc: 15.5, hum: 65.2, rssi: -61 }, 60)).toBe("new");
  expect(hear("home/omg2/a", { tempc: 15.6, hum: 65.2, rssi: -61 }, 70)).toBe("new");
  expect(hear("home/omg1/a", { tempc: 15.5, hum: 65.2 }, 80)).toBe("repeat");
  expect(hear("home/omg1/a", { tempc: 15.5, hum: 65.2 }, 5_001)).toBe("new");
});

test("parts of a reading that come one by one are no repeats", () => {
  const hear = radios({ within: "5s", by: ["tempc", "hum"] });
  expect(hear("home/g/a", { tempc: 15.5 }, 0)).toBe("new");
  expect(hear("home/g/a", { hum: 65 }, 10)).toBe("new");
  expect(hear("home/h/a", { tempc: 15.5 }, 20)).toBe("repeat");
});

test("all bytes, or all that is measured, can be what is equal", () => {
  const bytes = radios({ within: "5s", by: "payload" });
  expect(bytes("home/g/a", { hum: 1, x: 1 }, 0)).toBe("new");
  expect(bytes("home/h/a", { hum: 1, x: 2 }, 1)).toBe("new");
  expect(bytes("home/h/a", { hum: 1, x: 1 }, 2)).toBe("repeat");
  const measured = radios({ within: "5s", by: ["metrics"] });
  expect(measured("home/g/a", { hum: 1, x: 1 }, 0)).toBe("new");
  expect(measured("home/h/a", { hum: 1, x: 2 }, 1)).toBe("repeat");
});

test("what is remembered of readings is bounded, by devices and for each", () => {
  const repeats = new Repeats();
  const key = (value: number) => ({ withinMs: 5_000, values: [value], what: "t" });
  for (let n = 0; n < 100_000; n += 1) repeats.isRepeat(toDeviceId(`d${n}`), key(1), 0);
  let known = 0;
  for (let n = 0; n < 100_000; n += 1)
    if (repeats.isRepeat(toDeviceId(`d${n}`), key(1), 0)) known += 1;
  expect(known).toBeLessThanOrEqual(65_536);
  const device = toDeviceId("one");
  for (let value = 1; value <= 20; value += 1) repeats.isRepeat(device, key(value), 0);
  expect(repeats.isRepeat(device, key(20), 0)).toBe(true);
  expect(repeats.isRepeat(device, key(1), 0)).toBe(false);
});

test("what is not newer than what its device said before is stale", () => {
  const times = new DeviceTimes();
  const catalog = givenCatalog({ profiles: [givenProfile()] });
  const { device } = storedOf(
    createNormalizer({ catalog, ...limits })(givenMessage("plant/p1/data", { t: 1 }), true),
  );
  if (device === undefined) throw new Error("not found");
  const said = (timeMs: number, atMs: number, clock: "device" | "gateway" = "device"): boolean =>
    times.isStale(device, {
      kind: "measurement",
      device: device.id,
      timeMs,
      receivedMs: atMs,
      clock,
      data: [],
    });
  expect(said(1_000, 5_000)).toBe(false);
  // Several messages of one moment.
  expect(said(1_000, 5_100)).toBe(false);
  // Published again from what a bridge remembers, an hour later.
  expect(said(1_000, 3_605_000)).toBe(true);
  expect(said(900, 3_606_000)).toBe(true);
  // A clock that was set back, and goes on.
  expect(said(950, 3_607_000)).toBe(false);
  expect(said(10, 3_608_000, "gateway")).toBe(false);
});

test("of a meter, gas of the last hour is neither stale beside power nor stored twice", () => {
  const catalog = givenCatalog({
    profiles: [loadProfile("dsmr/p1.yaml")],
    devices: [givenDevice({ id: "house", profile: "dsmr/p1" })],
  });
  const normalize = givenNormalizer({ catalog, ...limits });
  const repeats = new Repeats();
  const times = new DeviceTimes();
  const startMs = Date.parse("2026-11-21T14:59:30Z");
  /** What becomes of the gas in the telegrams of seconds, one after the other. */
  const gasOf = (fromSecond: number, toSecond: number): string[] => {
    const found: string[] = [];
    for (let second = fromSecond; second < toSecond; second += 1) {
      const atMs = startMs + second * 1_000;
      const hourMs = Math.floor(atMs / 3_600_000) * 3_600_000;
      const text = `/X\r\n\r\n0-0:1.0.0(${written(atMs)})\r\n1-0:1.7.0(00.${String(second).padStart(3, "0")}*kW)\r\n0-1:24.1.0(003)\r\n0-1:24.2.1(${written(hourMs)})(00246.138*m3)\r\n!\r\n`;
      const message = givenMessage("serial/p1", text, {
        device: toDeviceId("house"),
        receivedMs: atMs,
      });
      for (const { device, event, repeat } of eventsOf(normalize(message, true))) {
        if (device === undefined || repeat === undefined) throw new Error("it has no key");
        const isRepeat = repeats.isRepeat(device.id, repeat, atMs);
        const isStale = !isRepeat && times.isStale(device, event);
        const isGas = event.kind === "measurement" && event.data[0]?.name === "gas";
        if (isGas && !isRepeat) found.push(isStale ? "stale" : "new");
        if (!isGas) expect([isRepeat, isStale]).toEqual([false, false]);
      }
    }
    return found;
  };
  expect(gasOf(0, 60)).toEqual(["new", "new"]);
  expect(gasOf(60, 120)).toEqual([]);
});

/** As meters write it, in winter. */
function written(ms: number): string {
  return `${new Date(ms + 3_600_000).toISOString().slice(2, 19).replace(/[-:T]/g, "")}W`;
}
