/** Members that answer some of what they are asked, and lines that speak where nobody does. */
import { describe, expect, it, onTestFinished } from "vitest";
import { waitUntil } from "../../support/wait-until.ts";
import { openBus, planOf } from "./open-bus.ts";
import { type LineManners, PlayedRtuBus } from "./played-bus.ts";
import { type PlayedDevice, registers } from "./played-device.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

async function givenBus(devices: Record<number, PlayedDevice>, manners: LineManners = {}) {
  const bus = await new PlayedRtuBus(devices, manners).open();
  onTestFinished(() => bus.close());
  return bus;
}

const held = (): PlayedDevice["tables"] => ({
  holding: new Map([...registers(0, 7), ...registers(10, 8), ...registers(20, 9)]),
});
const three = [
  { name: "a", at: 0 },
  { name: "b", at: 10 },
  { name: "c", at: 20 },
];
const askedAt = ({ asked }: PlayedRtuBus, at: number): number =>
  asked.filter(({ pdu }) => pdu.readUInt16BE(1) === at).length;

describe("a device that says nothing to registers that it does not have", () => {
  it("is read of all others, and what it is silent about is bad and asked for seldom", async () => {
    const device: PlayedDevice = {
      tables: held(),
      isSilentTo: (pdu) => pdu.readUInt16BE(1) === 10,
    };
    const bus = await givenBus({ 3: device });
    const { polled, sink } = await openBus(bus, [3], planOf(three), {
      timeout: "100ms",
      dead_every: "1h",
    });
    await waitUntil(() => polled("m3").length >= 12, "it was asked often");
    for (const one of polled("m3").slice(1))
      expect(one).toEqual({
        holding: { 0: "0007", 20: "0009" },
        failed: [{ table: "holding", at: 10, count: 1, reason: "no answer in 100 ms" }],
      });
    expect(askedAt(bus, 10)).toBeLessThanOrEqual(6);
    expect(sink.changes.filter(({ state }) => state === "offline")).toEqual([]);
  });

  it("is there though a whole group of it is mute, and the group is bad with the reason", async () => {
    const device: PlayedDevice = {
      tables: held(),
      isSilentTo: (pdu) => pdu.readUInt16BE(1) === 10,
    };
    const bus = await givenBus({ 3: device });
    const plan = planOf([{ name: "b", at: 10 }]);
    const other = planOf([{ name: "a", at: 0 }], { every: "1h", name: "slow" });
    const { polled, sink } = await openBus(
      bus,
      [3],
      { ...plan, groups: [...other.groups, ...plan.groups] },
      { timeout: "100ms", dead_every: "1h" },
    );
    const ofMute = () => polled("m3").filter((one) => JSON.stringify(one).includes("failed"));
    await waitUntil(() => ofMute().length >= 6, "the group was told");
    expect(ofMute()[0]).toEqual({
      failed: [{ table: "holding", at: 10, count: 1, reason: "no answer in 100 ms" }],
    });
    expect(sink.changes.filter(({ state }) => state === "offline")).toEqual([]);
    expect(askedAt(bus, 10)).toBeLessThanOrEqual(12);
  });

  it("is asked for them again once it went and came back", async () => {
    const device: PlayedDevice = {
      tables: held(),
      isSilentTo: (pdu) => pdu.readUInt16BE(1) === 10,
    };
    const bus = await givenBus({ 3: device });
    const { polled, sink } = await openBus(bus, [3], planOf(three), {
      timeout: "100ms",
      dead_every: "2s",
    });
    await waitUntil(() => polled("m3").length >= 8, "it was asked often");
    device.dead = true;
    await waitUntil(() => sink.changes.some(({ state }) => state === "offline"), "it is gone");
    device.isSilentTo = () => false;
    device.dead = false;
    const all = { holding: { 0: "0007", 10: "0008", 20: "0009" } };
    await waitUntil(() => JSON.stringify(polled("m3").at(-1)) === JSON.stringify(all), "all");
  });
});

describe("a line with noise behind each request", () => {
  it("makes no dead device alive", async () => {
    const bus = await givenBus({ 3: { tables: held() } }, { noise: hex("00 ff") });
    const { polled, sink } = await openBus(bus, [3, 4], planOf(three), { timeout: "100ms" });
    await waitUntil(
      () => sink.changes.some(({ device, state }) => device === "m4" && state === "offline"),
      "the dead one is gone",
    );
    expect(sink.changes.filter(({ device }) => device === "m4")).toEqual([
      expect.objectContaining({ text: "2 bytes came that are no answer of unit 4" }),
    ]);
    expect(polled("m4")).toEqual([]);
    expect(polled("m3").at(-1)).toEqual({ holding: { 0: "0007", 10: "0008", 20: "0009" } });
  });

  it("hides none whose answers are damaged", async () => {
    const bus = await givenBus({ 3: { tables: held() } }, { noise: hex("00") });
    bus.manners.spoil = (frame) => {
      frame[3] = (frame[3] ?? 0) ^ 1;
      return frame;
    };
    const { polled, sink } = await openBus(bus, [3], planOf(three), { timeout: "100ms" });
    await waitUntil(() => polled("m3").length >= 2, "it was asked");
    expect(sink.changes.filter(({ state }) => state === "offline")).toEqual([]);
  });
});

describe("a device that is busy", () => {
  it("is asked again a moment later", async () => {
    const device: PlayedDevice = { tables: held(), exception: 6 };
    const bus = await givenBus({ 3: device });
    const { polled } = await openBus(bus, [3], planOf(three, { every: "1h" }));
    await waitUntil(() => bus.asked.length === 1, "it was asked");
    delete device.exception;
    await waitUntil(() => polled("m3").length > 0, "it was read");
    expect(polled("m3")[0]).toEqual({ holding: { 0: "0007", 10: "0008", 20: "0009" } });
  });
});
