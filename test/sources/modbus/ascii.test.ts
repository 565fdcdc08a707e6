/** Modbus ASCII: frames as books on Modbus print them, and devices that speak it. */
import { describe, expect, it, onTestFinished } from "vitest";
import { toDeviceId } from "../../../src/core/ids.ts";
import { asciiFrames } from "../../../src/sources/modbus/ascii-frames.ts";
import { modbusOptions } from "../../../src/sources/modbus/options.ts";
import { readRequest } from "../../../src/sources/modbus/request.ts";
import { writeRequest } from "../../../src/sources/modbus/write-request.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { openBus, planOf } from "./open-bus.ts";
import { type LineManners, PlayedAsciiBus } from "./played-bus.ts";
import { registers } from "./played-device.ts";

const mode = "ascii";
const values = [{ name: "a", at: 0 }];

async function givenBus(manners: LineManners = {}): Promise<PlayedAsciiBus> {
  const bus = new PlayedAsciiBus({ 3: { tables: { holding: registers(0, 7) } } }, manners);
  await bus.open();
  onTestFinished(() => bus.close());
  return bus;
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

describe("frames of Modbus ASCII", () => {
  it("are those that are printed for reading three registers", () => {
    const request = readRequest(17, { table: "holding", at: 107, count: 3 });
    expect(text(asciiFrames.frameOf(request))).toBe(":1103006B00037E\r\n");
    expect(
      asciiFrames.findAnswer(request, Buffer.from("0:110306ae4156524340CC\r\n"), 0),
    ).toMatchObject({ pdu: Buffer.from("0306ae4156524340", "hex") });
  });

  it("are those that are printed for writing one, which is answered by itself", () => {
    const write = {
      kind: "registers",
      table: "holding",
      at: 1,
      values: [3],
      single: true,
    } as const;
    const request = writeRequest(17, write);
    if ("problem" in request) throw new Error(request.problem);
    expect(text(asciiFrames.frameOf(request))).toBe(":110600010003E5\r\n");
    expect(asciiFrames.findAnswer(request, asciiFrames.frameOf(request), 0)?.kind).toBe("data");
  });

  it("have no answer before the line ends, and none where the LRC is wrong", () => {
    const request = readRequest(10, { table: "coil", at: 1_185, count: 1 });
    const found = (came: string) => asciiFrames.findAnswer(request, Buffer.from(came), 0);
    expect(found(":0A810273\r\n")).toEqual({ kind: "exception", code: 2 });
    expect(found(":0A810273\r")).toBeUndefined();
    expect(found(":0A810274\r\n")).toBeUndefined();
    expect(asciiFrames.damageWords(request, Buffer.from(":0A010155\r\n"), 0)).toBe(
      "the answer has 4 bytes, and should have 5",
    );
  });
});

describe("a device that speaks Modbus ASCII", () => {
  it("is read, and obeys", async () => {
    const bus = await givenBus();
    const { polled, source } = await openBus(bus, [3], planOf(values), { mode });
    await waitUntil(() => polled("m3").length > 0, "it is read");
    expect(polled("m3")[0]).toEqual({ holding: { 0: "0007" } });
    const write = {
      kind: "registers",
      table: "holding",
      at: 0,
      values: [9],
      single: true,
    } as const;
    const never = new AbortController().signal;
    expect(await source.toDevices?.write(toDeviceId("m3"), write, never)).toEqual({
      outcome: "delivered",
    });
    await waitUntil(() => JSON.stringify(polled("m3").at(-1)).includes("0009"), "it is read again");
  });

  it("is read by an adapter that repeats what is sent, behind noise, and in pieces", async () => {
    const bus = await givenBus({ echoes: true, noise: Buffer.from([0x00, 0x3a]) });
    const { polled } = await openBus(bus, [3], planOf(values), { mode });
    await waitUntil(() => polled("m3").length > 2, "it is read");
    expect(polled("m3").at(-1)).toEqual({ holding: { 0: "0007" } });
  });

  it("says what is wrong in the words of its LRC", async () => {
    const bus = await givenBus({
      spoil: (frame) => Buffer.from(text(frame).replace("0007", "0008")),
    });
    const { polled } = await openBus(bus, [3], planOf(values), { mode, timeout: "300ms" });
    await waitUntil(() => polled("m3").length > 0, "it was asked");
    expect(polled("m3")[0]).toMatchObject({
      failed: [{ at: 0, reason: "the LRC of the answer is wrong" }],
    });
  });
});

it.each([
  [{ path: "modbus-tcp://127.0.0.1:502", mode }, "Modbus TCP has frames of its own"],
  [{ path: "/dev/ttyUSB0", data_bits: 7 }, "7 is for mode: ascii"],
])("what cannot be is refused: %j", (fields, words) => {
  const members = [{ device: "d", address: 1 }];
  const { error } = modbusOptions.safeParse({ kind: "modbus", members, ...fields });
  expect(error?.issues[0]?.message).toContain(words);
});
