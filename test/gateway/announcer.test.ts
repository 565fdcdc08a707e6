import { describe, expect, it } from "vitest";
import type { DeviceRecord } from "../../src/core/device.ts";
import { toDeviceId } from "../../src/core/ids.ts";
import { Announcer } from "../../src/gateway/announcer.ts";
import { markOf } from "../../src/gateway/told-alike.ts";
import type { KnownDevice } from "../../src/normalize/known-device.ts";
import { givenProfile } from "../normalize/given.ts";
import { ManualClock } from "../support/manual-clock.ts";

function announcer() {
  const clock = new ManualClock();
  const said: string[] = [];
  const made = new Announcer(
    clock,
    ({ device }) => said.push(device),
    (device) => said.push(`without ${device}`),
  );
  return { clock, said, announcer: made };
}

const profile = givenProfile();

function stranger(name: string, word?: string): KnownDevice {
  return { id: toDeviceId(name), word, profile, configured: undefined };
}

function configured(name: string): DeviceRecord {
  return { device: toDeviceId(name), profile: "acme/mast@1", tags: {}, attrs: {}, metrics: [] };
}

describe("Announcer", () => {
  it("announces configured devices at start, others when they are met, and all once a day", async () => {
    const { announcer: made, clock, said } = announcer();
    made.start([configured("mast")]);
    const plug = stranger("plug");
    made.met(plug);
    made.met(plug);
    expect(said.splice(0)).toEqual(["mast", "plug"]);
    await clock.advance(24 * 3_600_000);
    expect(said).toEqual(["mast", "plug"]);
    made.stop();
  });

  it("keeps no more than 65,536 strangers, and every configured device", async () => {
    const { announcer: made, clock, said } = announcer();
    made.start([configured("mast")]);
    for (let n = 0; n < 70_000; n += 1) made.met(stranger(`stranger-${n}`));
    expect(made.count).toBe(65_537);
    expect(made.knows(toDeviceId("mast"))).toBe(true);
    said.length = 0;
    await clock.advance(24 * 3_600_000);
    expect(said).toHaveLength(65_537);
    made.stop();
  });

  it("announces hardly any again where one stranger more than it keeps comes round", () => {
    const { announcer: made, said } = announcer();
    made.start([]);
    const strangers = Array.from({ length: 65_537 }, (_, n) => stranger(`stranger-${n}`));
    for (const device of [...strangers, ...strangers]) made.met(device);
    said.length = 0;
    for (const device of strangers) made.met(device);
    expect(said.length).toBeLessThan(10);
    made.stop();
  });

  it("forgets a device that was met until it is met again, and no configured one", async () => {
    const { announcer: made, clock, said } = announcer();
    made.start([configured("mast")]);
    const plug = stranger("plug");
    made.met(plug);
    expect(made.forget(plug.id)).toBe(true);
    expect(made.knows(plug.id)).toBe(false);
    expect(made.forget(toDeviceId("mast"))).toBe(false);
    said.length = 0;
    await clock.advance(24 * 3_600_000);
    expect(said).toEqual(["mast"]);
    made.met(plug);
    expect(said).toEqual(["mast", "plug"]);
    made.stop();
  });

  it("knows a device by its former name until it speaks under the new one, which ends the former", () => {
    const { announcer: made, said } = announcer();
    made.start([]);
    const former = stranger("kitchen");
    const other = { ...former, id: toDeviceId("hall") };
    made.recall(former, markOf(former), "");
    made.recall(other, markOf(other), "");
    expect(said).toEqual([]);
    expect([...made.discovered()].map(({ id }) => id)).toEqual(["kitchen", "hall"]);
    expect(made.isFormer(former.id)).toBe(true);

    made.met(stranger("acme-kitchen", "kitchen"));
    expect(said).toEqual(["without kitchen", "acme-kitchen"]);
    expect(made.knows(former.id)).toBe(false);
    made.met(stranger("acme-kitchen", "kitchen"));
    expect([...made.discovered()].map(({ id }) => id)).toEqual(["hall", "acme-kitchen"]);
  });

  it("ends no name of another profile's device, and none that still speaks", () => {
    const { announcer: made, said } = announcer();
    made.start([]);
    const [kitchen, plug] = [stranger("kitchen"), stranger("plug")];
    for (const device of [kitchen, plug]) made.recall(device, markOf(device), "");
    const other = givenProfile({ profile: "other/probe", family: "other" });
    made.met({ ...stranger("other-kitchen", "kitchen"), profile: other });
    expect(said).toEqual(["other-kitchen"]);
    made.met(plug);
    made.met(stranger("acme-plug", "plug"));
    expect(said).toEqual(["other-kitchen", "plug", "acme-plug"]);
  });

  it("knows again by its name who was named as today, and tells clients apart by what is announced", () => {
    const { announcer: made } = announcer();
    made.start([configured("mast")]);
    const device = stranger("acme-kitchen");
    made.recall(device, markOf(device), "acme-{device}");
    expect(made.isFormer(device.id)).toBe(false);
    const ids = (...names: string[]) => names.map(toDeviceId);
    expect(made.onlyKnown(ids("kitchen", "acme-kitchen"))).toBe("acme-kitchen");
    expect(made.onlyKnown(ids("mast", "acme-kitchen"))).toBeNull();
    expect(made.onlyKnown(ids("hall", "acme-hall"))).toBeNull();
  });

  const metric = (name: string) => ({ name, path: name });
  const sensor = givenProfile({ profile: "acme/sensor", metrics: ["t", "h"].map(metric) });
  const state = givenProfile({ profile: "acme/state", metrics: [metric("signal")] });
  const plugBy = (by: typeof sensor): KnownDevice => ({ ...stranger("plug"), profile: by });

  it("announces a device that several profiles read by the one with the most metrics, and then not again", () => {
    const { announcer: made, said } = announcer();
    made.start([]);
    const [bySensor, byState] = [plugBy(sensor), plugBy(state)];
    for (const device of [byState, bySensor, byState, bySensor, byState]) made.met(device);
    expect(said).toEqual(["plug", "plug"]);
    expect([...made.discovered()]).toEqual([bySensor]);
  });

  it("keeps the profile of a device over a restart while it speaks, and gives it up when others do", () => {
    const { announcer: made, said } = announcer();
    made.start([]);
    const [bySensor, byState] = [plugBy(sensor), plugBy(state)];
    made.recall(bySensor, markOf(bySensor), "acme-{device}");
    for (let n = 0; n < 3; n += 1) made.met(byState);
    made.met(bySensor);
    for (let n = 0; n < 100; n += 1) made.met(byState);
    expect(said).toEqual([]);
    made.configure([]);
    for (let n = 0; n < 5; n += 1) made.met(byState);
    expect(said).toEqual(["plug"]);
    expect([...made.discovered()]).toEqual([byState]);
  });
});
