/** What is written to members of a bus, and what is said of it. */
import { describe, expect, it, onTestFinished } from "vitest";
import type { DeviceWrite, WriteOutcome } from "../../../src/core/device-write.ts";
import { toDeviceId } from "../../../src/core/ids.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { type OpenedBus, openBus, planOf } from "./open-bus.ts";
import { type LineManners, PlayedRtuBus, PlayedTcpBus } from "./played-bus.ts";
import { type PlayedDevice, registers } from "./played-device.ts";

const kinds = { RTU: PlayedRtuBus, TCP: PlayedTcpBus } as const;
const m3 = toDeviceId("m3");

async function givenDevice(
  kind: keyof typeof kinds,
  manners: LineManners = {},
  options: object = {},
) {
  const device: PlayedDevice = {
    tables: {
      holding: registers(0, ...new Array<number>(20).fill(0)),
      coil: registers(0, ...new Array<number>(20).fill(0)),
    },
  };
  const bus = await new kinds[kind]({ 3: device }, manners).open();
  onTestFinished(() => bus.close());
  const opened = await openBus(bus, [3], planOf([{ name: "a", at: 0 }], { every: "1h" }), options);
  await waitUntil(() => opened.polled("m3").length > 0, "it was asked once");
  return { ...opened, bus, device };
}

function writeTo(
  { source }: OpenedBus,
  differs: object,
  signal?: AbortSignal,
): Promise<WriteOutcome> {
  const write: DeviceWrite = {
    ...{ kind: "registers", table: "holding", at: 0, values: [1], single: true },
    ...differs,
  };
  const way = source.toDevices ?? expect.fail("there is no way to devices");
  expect(way.reaches(m3, write)).toBe("now");
  return way.write(m3, write, signal ?? new AbortController().signal);
}

describe.each(["RTU", "TCP"] as const)("a write over Modbus %s", (kind) => {
  it("is delivered by the functions for one and for several, and the device holds it", async () => {
    const given = await givenDevice(kind);
    expect(await writeTo(given, { at: 5, values: [513] })).toEqual({ outcome: "delivered" });
    expect(await writeTo(given, { at: 6, values: [1, 65_535], single: false })).toMatchObject({
      outcome: "delivered",
    });
    expect(await writeTo(given, { table: "coil", at: 2, values: [1] })).toMatchObject({
      outcome: "delivered",
    });
    const many = [1, 0, 1, 1, 0, 0, 0, 0, 1, 1];
    expect(
      await writeTo(given, { table: "coil", at: 8, values: many, single: false }),
    ).toMatchObject({ outcome: "delivered" });
    const { coil, holding } = given.device.tables;
    expect([5, 6, 7].map((at) => holding?.get(at))).toEqual([513, 1, 65_535]);
    expect(coil?.get(2)).toBe(1);
    expect(many.map((_, at) => coil?.get(8 + at))).toEqual(many);
    expect(given.bus.asked.slice(-4).map(({ pdu }) => pdu[0])).toEqual([6, 16, 5, 15]);
  });

  it("that the device refuses is refused, in its words", async () => {
    const given = await givenDevice(kind);
    expect(await writeTo(given, { at: 500 })).toEqual({
      outcome: "refused",
      text: "exception 2, illegal data address: the device has no such register",
    });
    expect(await writeTo(given, { values: [70_000] })).toEqual({
      outcome: "refused",
      text: "a holding holds whole numbers from 0 to 65535",
    });
  });

  it("is not done by a device that is busy, and may be tried again", async () => {
    const given = await givenDevice(kind);
    given.device.exception = 6;
    expect(await writeTo(given, { values: [9] })).toEqual({
      outcome: "absent",
      text: "exception 6, device busy: ask again later",
    });
    delete given.device.exception;
    expect(await writeTo(given, { values: [9] })).toEqual({ outcome: "delivered" });
  });

  it("without an answer may have been done, and is not sent again", async () => {
    const given = await givenDevice(kind, {}, { timeout: "1s" });
    given.bus.manners.spoil = () => undefined;
    const before = given.bus.asked.length;
    expect(await writeTo(given, { values: [9] })).toEqual({
      outcome: "unknown",
      text: "no answer in 1000 ms",
    });
    expect(given.bus.asked).toHaveLength(before + 1);
    expect(given.device.tables.holding?.get(0)).toBe(9);
  });

  it("whose answer is waited for no longer is unknown at once", async () => {
    const given = await givenDevice(kind);
    given.bus.manners.spoil = () => undefined;
    const stop = new AbortController();
    const written = writeTo(given, { values: [9] }, stop.signal);
    await waitUntil(() => given.bus.asked.at(-1)?.pdu[0] === 6, "it was sent");
    stop.abort();
    expect(await written).toMatchObject({ outcome: "unknown" });
  });

  it("is not sent where the line is gone, and the device is later", async () => {
    const given = await givenDevice(kind);
    await given.bus.close();
    await waitUntil(() => given.source.link?.isConnected === false, "the line is gone");
    const write = {
      kind: "registers",
      table: "holding",
      at: 0,
      values: [1],
      single: true,
    } as const;
    expect(given.source.toDevices?.reaches(m3, write)).toBe("later");
    expect(
      await given.source.toDevices?.write(m3, write, new AbortController().signal),
    ).toMatchObject({
      outcome: "absent",
    });
  });
});

describe("a write of one value on a line that repeats what is sent", () => {
  it("is not delivered by its own echo", async () => {
    const given = await givenDevice("RTU", { echoes: true }, { timeout: "1s" });
    expect(await writeTo(given, { at: 4, values: [7] })).toEqual({ outcome: "delivered" });
    given.device.dead = true;
    expect(await writeTo(given, { at: 4, values: [8] })).toMatchObject({ outcome: "unknown" });
  });

  it("nor where noise is in front of the echo", async () => {
    const noise = Buffer.from([0]);
    const given = await givenDevice("RTU", { echoes: true, noise }, { timeout: "500ms" });
    expect(await writeTo(given, { at: 4, values: [7] })).toEqual({ outcome: "delivered" });
    given.device.dead = true;
    expect(await writeTo(given, { at: 4, values: [8] })).toMatchObject({ outcome: "unknown" });
  });

  it("nor where nothing was asked before: then a read tells", async () => {
    const bus = await new PlayedRtuBus({}, { echoes: true }).open();
    onTestFinished(() => bus.close());
    const opened = await openBus(bus, [3], () => undefined, { timeout: "500ms" });
    await waitUntil(() => opened.source.link?.isConnected, "the line is open");
    expect(await writeTo(opened, { at: 4, values: [7] })).toMatchObject({ outcome: "unknown" });
    expect(bus.asked.map(({ pdu }) => pdu[0])).toEqual([3, 6]);
  });
});

describe("what leads nowhere", () => {
  it("is said: no member, and no registers", async () => {
    const { source } = await givenDevice("RTU");
    const write = {
      kind: "registers",
      table: "holding",
      at: 0,
      values: [1],
      single: true,
    } as const;
    expect(source.toDevices?.reaches(toDeviceId("other"), write)).toBe("never");
    expect(source.toDevices?.reaches(m3, { kind: "frame", payload: new Uint8Array() })).toBe(
      "never",
    );
  });
});
