import { expect, test } from "vitest";
import { toDeviceId } from "../../src/core/ids.ts";
import { DeviceTimes } from "../../src/gateway/device-times.ts";
import { Repeats } from "../../src/gateway/repeats.ts";
import { createNormalizer } from "../../src/normalize/normalizer.ts";
import {
  givenCatalog,
  givenMessage,
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
  const key = (value: number) => ({ withinMs: 5_000, values: [value] });
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
