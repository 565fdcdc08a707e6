import { describe, expect, it } from "vitest";
import type { DeviceRecord } from "../../src/core/device.ts";
import type { GatewayEvent } from "../../src/core/event.ts";
import { toDeviceId } from "../../src/core/ids.ts";
import type { Measurement } from "../../src/core/measurement.ts";
import { Announcer } from "../../src/gateway/announcer.ts";
import { MetProbes } from "../../src/gateway/met-probes.ts";
import type { KnownDevice } from "../../src/normalize/known-device.ts";
import { givenProfile } from "../normalize/given.ts";
import { ManualClock } from "../support/manual-clock.ts";

const profile = givenProfile({
  metrics: [
    { name: "temperature", path: "*.t", unit: "Cel" },
    { name: "battery", path: "b" },
  ],
  examples: [
    { topic: "plant/p1/data", payload: { a: { t: 1 } }, expect: { metrics: { temperature: 1 } } },
  ],
});
const plug: KnownDevice = {
  id: toDeviceId("plug"),
  word: undefined,
  profile,
  configured: undefined,
};

function measured(...names: readonly string[]): Measurement[] {
  return names.map((name) => ({ name, unit: "Cel", value: 1, quality: "good" }));
}

function event(...names: readonly string[]): GatewayEvent {
  const times = { timeMs: 0, receivedMs: 0, clock: "gateway" } as const;
  return { kind: "measurement", device: plug.id, ...times, data: measured(...names) };
}

/** What the hub is told: of each record the names that it lists. */
function announcer(probes = new MetProbes()) {
  const told: string[] = [];
  const append = ({ metrics }: DeviceRecord) => told.push(metrics.map(({ name }) => name).join());
  const made = new Announcer(new ManualClock(), append, () => {}, probes);
  return { announcer: made, told, probes };
}

const plain = "temperature,battery";
const two = `${plain},temperature_A,temperature_B`;

describe("probes that are met at a device", () => {
  it("are told of when the second is there first, once, and with what measures", () => {
    const { announcer: made, told } = announcer();
    made.met(plug, event("temperature"));
    made.met(plug, event("temperature"));
    expect(told.splice(0)).toEqual([plain]);
    made.met(plug, event("temperature_A", "temperature_B"));
    made.met(plug, event("temperature_B", "temperature_A", "battery"));
    made.met(plug, event("temperature"));
    expect(told.splice(0)).toEqual([two]);
    made.met({ ...plug, id: toDeviceId("new") }, event("temperature_A", "temperature_B"));
    expect(told).toEqual([two]);
  });

  it("are known after a restart, so that nothing is told a second time", () => {
    const before = announcer();
    before.announcer.met(plug, event("temperature_A", "temperature_B"));
    const record = { device: plug.id, profile: profile.id, tags: {}, attrs: {} };
    const listed = { ...record, metrics: [{ name: "temperature" }, { name: "battery" }] };
    const after = announcer(new MetProbes([...before.probes.all()]));
    after.announcer.start([listed]);
    after.announcer.stop();
    expect(after.told).toEqual([two]);
  });

  it("are told of for a configured device, too, and gone with a device that is forgotten", () => {
    const { announcer: made, told } = announcer();
    made.met(plug, event("temperature_A"));
    made.forget(plug.id);
    told.length = 0;
    made.met(plug, event("temperature"));
    expect(told.splice(0)).toEqual([plain]);
    const record = { device: plug.id, profile: profile.id, tags: {}, attrs: {} };
    made.start([{ ...record, metrics: [{ name: "temperature" }] }]);
    made.stop();
    told.length = 0;
    made.met(plug, event("temperature_A"));
    expect(told).toEqual([`${plain},temperature_A`]);
  });

  it("are listed up to 64, and only those that were measured and whose profile has probes", () => {
    const probes = new MetProbes();
    expect(probes.meet(plug, [{ name: "temperature_A", value: "x", quality: "bad" }])).toBe(false);
    for (let n = 0; n < 200; n += 1) probes.meet(plug, measured(`temperature_${n}`));
    expect([...probes.all()].map(({ metrics }) => metrics.length)).toEqual([64]);
    expect(probes.meet(plug, measured("temperature_x"))).toBe(false);
    const other = { ...plug, id: toDeviceId("other"), profile: givenProfile() };
    expect(probes.meet(other, measured("temperature_A"))).toBe(false);
  });

  it("take a bounded part of memory, whatever strangers make up", () => {
    const probes = new MetProbes();
    for (let n = 0; n < 4_000; n += 1) {
      const device = { ...plug, id: toDeviceId(`stranger-${n}`) };
      const names = Array.from({ length: 20 }, (_, at) => `${"x".repeat(100)}${n}-${at}`);
      probes.meet(device, measured(...names));
    }
    expect([...probes.all()].length).toBeLessThan(3_000);
  });
});
