import { describe, expect, it } from "vitest";
import type { DeviceRecord } from "../../src/core/device.ts";
import { toDeviceId } from "../../src/core/ids.ts";
import { Announcer } from "../../src/gateway/announcer.ts";
import type { KnownDevice } from "../../src/normalize/known-device.ts";
import { givenProfile } from "../normalize/given.ts";
import { ManualClock } from "../support/manual-clock.ts";

function announcer() {
  const clock = new ManualClock();
  const said: string[] = [];
  const made = new Announcer(clock, ({ device }) => said.push(device));
  return { clock, said, announcer: made };
}

const profile = givenProfile();

function stranger(name: string): KnownDevice {
  return { id: toDeviceId(name), profile, configured: undefined };
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
});
