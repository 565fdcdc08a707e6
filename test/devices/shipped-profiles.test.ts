import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { noAttributes } from "../../src/core/message.ts";
import { checkExamples } from "../../src/normalize/check-examples.ts";
import { createCatalog } from "../../src/normalize/create-catalog.ts";
import { createNormalizer } from "../../src/normalize/normalizer.ts";
import { Findings } from "../../src/normalize/walk/findings.ts";
import { givenCatalog, givenDevice, givenMessage } from "../normalize/given.ts";
import { loadProfile, shippedFolder } from "./load-profile.ts";

const files = readdirSync(shippedFolder, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".yaml"))
  .sort();

describe.each(files)("devices/%s", (file) => {
  test("is named after its file", () => {
    expect(`${loadProfile(file).name}.yaml`).toBe(file);
  });

  test("does what its examples say", () => {
    expect(checkExamples(loadProfile(file))).toEqual([]);
  });

  test("leaves nothing of its examples unread", () => {
    const profile = loadProfile(file);
    const own = { id: "example", profile: profile.name, topic: "#" };
    const devices = profile.topics.length === 0 ? [givenDevice(own)] : [];
    const unread = new Findings();
    const normalize = createNormalizer({
      catalog: givenCatalog({ profiles: [profile], devices }),
      maxSkewMs: 300_000,
      maxAgeMs: 3_660 * 86_400_000,
      maxRejectedBytes: 0,
      unread,
    });
    for (const { expect: expected, payload, receivedMs, topic } of profile.examples)
      if (expected[0]?.kind !== "rejection")
        normalize(givenMessage(topic, payload, { receivedMs }), true);
    expect(unread.list().map(({ place }) => place)).toEqual([]);
  });

  test("shows at least two examples", () => {
    expect(loadProfile(file).examples.length).toBeGreaterThanOrEqual(2);
  });
});

test("at least five makers of real devices have a profile", () => {
  const makers = new Set(files.map((file) => file.split("/")[0]));
  makers.delete("sluicegate");
  expect(makers.size).toBeGreaterThanOrEqual(5);
});

test("each example of a discovered device is read by its own profile among all the others", () => {
  const profiles = files.map(loadProfile);
  const catalog = createCatalog({ profiles, devices: [], generic: false });
  if (!catalog.ok) throw new Error(JSON.stringify(catalog.faults));
  const limits = { maxSkewMs: 300_000, maxAgeMs: 3_660 * 86_400_000, maxRejectedBytes: 0 };
  for (const { examples, id, topics } of profiles) {
    if (topics.length === 0) continue;
    for (const { payload, receivedMs, topic, will } of examples) {
      const attributes = will ? ({ will: true } as const) : noAttributes;
      const message = givenMessage(topic, payload, { receivedMs, attributes });
      const normalized = createNormalizer({ catalog: catalog.value, ...limits })(message, true);
      if (normalized.passedOver !== undefined) continue;
      if (normalized.event.kind === "rejection" && normalized.event.device === null) continue;
      expect([topic, normalized.event.profile]).toEqual([topic, id]);
    }
  }
});

test("three things called kitchen are three devices, and so are sensors of two applications", () => {
  const profiles = files.map(loadProfile);
  const catalog = createCatalog({ profiles, devices: [], generic: true });
  if (!catalog.ok) throw new Error(JSON.stringify(catalog.faults));
  const ids = (...topics: readonly string[]) =>
    topics.map((topic) => {
      for (const route of catalog.value.routes(topic, undefined))
        if ("device" in route && route.device !== undefined) return route.device.id;
      return undefined;
    });
  expect(
    ids(
      "zigbee2mqtt/kitchen",
      "tele/kitchen/SENSOR",
      "tele/kitchen/LWT",
      "kitchen/sensor/oven/state",
      "kitchen/status",
      "kitchen",
    ),
  ).toEqual([
    "z2m-kitchen",
    "tasmota-kitchen",
    "tasmota-kitchen",
    "esphome-kitchen",
    "esphome-kitchen",
    "generic-kitchen",
  ]);
  expect(ids("v3/app1/devices/sensor-1/up", "v3/app2/devices/sensor-1/up")).toEqual([
    "tts-app1-sensor-1",
    "tts-app2-sensor-1",
  ]);
});

test("examples of shipped profiles show whole ids", () => {
  for (const { examples, naming, topics } of files.map(loadProfile))
    for (const { device } of topics.length === 0 ? [] : examples.flatMap((one) => one.expect))
      if (device !== undefined) expect(device.startsWith(`${naming.family}-`)).toBe(true);
});
