/** Modbus RTU over real TCP, with frames as the standard and makers print them. */
import { describe, expect, it, onTestFinished } from "vitest";
import { readRequest } from "../../../src/sources/modbus/request.ts";
import { rtuFrames } from "../../../src/sources/modbus/rtu-frames.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { openBus, planOf } from "./open-bus.ts";
import { type LineManners, PlayedRtuBus, withCrc } from "./played-bus.ts";
import { type PlayedDevice, registers } from "./played-device.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

async function givenBus(
  devices: Record<number, PlayedDevice>,
  manners: LineManners = {},
): Promise<PlayedRtuBus> {
  const bus = await new PlayedRtuBus(devices, manners).open();
  onTestFinished(() => bus.close());
  return bus;
}

const two = [
  { name: "a", at: 0 },
  { name: "b", at: 10 },
];
const meter = (): PlayedDevice => ({
  tables: { holding: new Map([...registers(0, 7), ...registers(10, 8)]) },
});

describe("frames", () => {
  it.each([
    // Unit 17, holding registers 108 to 110, as the standard's widely printed example has them.
    [17, "holding", 107, 3, "11 03 006b 0003 7687", "11 03 06 ae41 5652 4340 49ad", "ae4156524340"],
    // Voltage of phase 1 of an Eastron SDM630.
    [1, "input", 0, 2, "01 04 0000 0002 71cb", "01 04 04 4366 3334 1b38", "43663334"],
    // Coils 20 to 38.
    [17, "coil", 19, 37, "11 01 0013 0025 0e84", "11 01 05 cd6bb20e1b 45e6", "cd6bb20e1b"],
  ] as const)("unit %i %s %i: %i values", (unit, table, at, count, asked, answered, data) => {
    const request = readRequest(unit, { table, at, count });
    expect(Buffer.from(rtuFrames.frameOf(request))).toEqual(hex(asked));
    const answer = rtuFrames.findAnswer(request, hex(answered), 0);
    expect(answer).toMatchObject({ kind: "data" });
    if (answer?.kind === "data")
      expect(Buffer.from(answer.pdu.subarray(2)).toString("hex")).toBe(data);
  });

  it("an exception is one, whatever was asked", () => {
    const request = readRequest(10, { table: "coil", at: 1_185, count: 1 });
    expect(Buffer.from(rtuFrames.frameOf(request))).toEqual(hex("0a 01 04a1 0001 ac63"));
    expect(rtuFrames.findAnswer(request, hex("0a 81 02 b053"), 0)).toEqual({
      kind: "exception",
      code: 2,
    });
  });
});

describe("a poll over RTU", () => {
  it("brings all blocks of a group in one message with the device and an address of its own", async () => {
    const bus = await givenBus({ 3: meter() });
    const { polled, sink } = await openBus(bus, [3], planOf(two));
    await waitUntil(() => polled("m3").length >= 2, "it was asked twice");
    expect(polled("m3")[0]).toEqual({ holding: { 0: "0007", 10: "0008" } });
    expect(sink.messages[0]).toMatchObject({ address: "modbus/line/m3", device: "m3" });
    expect(sink.changes).toContainEqual(
      expect.objectContaining({ device: "m3", state: "online", cause: "connect" }),
    );
  });

  it("reads the answer behind the echo of an adapter, and behind noise", async () => {
    const noise = (frame: Buffer): Buffer => Buffer.concat([hex("00 ff"), frame, hex("00")]);
    const bus = await givenBus({ 3: meter() }, { echoes: true, spoil: noise });
    const { counted, polled } = await openBus(bus, [3], planOf(two));
    await waitUntil(() => polled("m3").length >= 3, "it was read");
    expect(polled("m3")).toEqual(polled("m3").map(() => ({ holding: { 0: "0007", 10: "0008" } })));
    expect(counted.get("gateway_sources_modbus_requests_total damage")).toBeUndefined();
  });

  it("reads answers that come byte by byte", async () => {
    const bus = await givenBus({ 3: meter() }, { spoil: () => undefined });
    bus.manners.spoil = (frame) => {
      void (async () => {
        for (const byte of frame) {
          for (const socket of bus.sockets) socket.write(Buffer.from([byte]));
          await new Promise((resolve) => setTimeout(resolve, 3));
        }
      })();
      return undefined;
    };
    const { polled } = await openBus(bus, [3], planOf(two));
    await waitUntil(() => polled("m3").length >= 1, "it was read");
    expect(polled("m3")[0]).toEqual({ holding: { 0: "0007", 10: "0008" } });
  });

  it("asks again where the CRC is wrong, and says so in the end, without a value", async () => {
    const wrong = (frame: Buffer): Buffer => {
      const bytes = Buffer.from(frame);
      bytes[3] = (bytes[3] ?? 0) ^ 0x40;
      return bytes;
    };
    const bus = await givenBus({ 3: meter() });
    bus.manners.spoil = (frame, number) => (number % 4 === 0 ? wrong(frame) : frame);
    const { counted, polled } = await openBus(bus, [3], planOf(two));
    await waitUntil(() => polled("m3").length >= 3, "it was read in spite of it");
    expect(polled("m3")[0]).toEqual({ holding: { 0: "0007", 10: "0008" } });
    expect(counted.get("gateway_sources_modbus_requests_total damage")).toBeGreaterThan(0);
    bus.manners.spoil = wrong;
    const failed = await waitUntil(
      () => polled("m3").find((one) => JSON.stringify(one).includes('"at":10')),
      "nothing can be read",
    );
    expect(failed).toMatchObject({
      failed: expect.arrayContaining([
        { table: "holding", at: 10, count: 1, reason: "the CRC of the answer is wrong" },
      ]),
    });
  });

  it("takes no late answer for that of another register of the same unit", async () => {
    const late = 260;
    const bus = await givenBus({ 3: meter(), 4: meter() });
    bus.manners.thinkMs = (unit, number) => (unit === 3 && number % 3 === 0 ? late : 0);
    const { polled } = await openBus(bus, [3, 4], planOf(two), { timeout: "200ms" });
    await waitUntil(() => polled("m3").length >= 6, "it was asked often");
    for (const one of [...polled("m3"), ...polled("m4")]) {
      const { holding = {} } = one as { holding?: Record<string, string> };
      for (const [at, value] of Object.entries(holding))
        expect([at, value]).toEqual([at, at === "0" ? "0007" : "0008"]);
    }
  });

  it("gives a refused register the reason, and reads the others", async () => {
    const bus = await givenBus({ 3: meter() });
    const { polled, said } = await openBus(
      bus,
      [3],
      planOf([...two, { name: "c", at: 11 }, { name: "d", at: 40 }], {}, { max_gap: 20 }),
    );
    await waitUntil(() => polled("m3").length >= 2, "it was asked");
    const refused = "exception 2, illegal data address: the device has no such register";
    expect(polled("m3")[1]).toEqual({
      holding: { 0: "0007", 10: "0008" },
      failed: [
        { table: "holding", at: 11, count: 1, reason: refused },
        { table: "holding", at: 40, count: 1, reason: refused },
      ],
    });
    const told = said.filter((one) => one.includes("asked for parts"));
    expect(told.sort()).toEqual([
      `m3 refuses holding 0 to 11 at once (${refused}); it is asked for parts of it from now on`,
      `m3 refuses holding 10 to 11 at once (${refused}); it is asked for parts of it from now on`,
    ]);
    const before = bus.asked.length;
    const { length } = polled("m3");
    await waitUntil(() => polled("m3").length > length + 1, "it was asked again");
    for (const { pdu } of bus.asked.slice(before)) expect(pdu.readUInt16BE(3)).toBe(1);
  });

  it("reads a device that takes few registers at once in parts that it takes", async () => {
    const held = registers(0, ...Array.from({ length: 80 }, (_, at) => at));
    const bus = await givenBus({ 3: { tables: { holding: held }, mostRegisters: 50 } });
    const values = Array.from({ length: 80 }, (_, at) => ({ name: `v${at}`, at }));
    const { polled } = await openBus(bus, [3], planOf(values));
    const [first] = await waitUntil(() => polled("m3").length > 0 && polled("m3"), "it was asked");
    expect(first).toEqual({
      holding: { 0: expect.stringMatching(/^.{160}$/), 40: expect.stringMatching(/^.{160}$/) },
    });
  });

  it("counts what it did not ask for, and says that another master seems to speak", async () => {
    const bus = await givenBus({ 3: meter() });
    const { counted, said } = await openBus(bus, [3], planOf(two, { every: "1h" }));
    await waitUntil(() => bus.asked.length >= 2, "it was asked");
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (const socket of bus.sockets) socket.write(withCrc(hex("05 03 0000 0002")));
    await waitUntil(() => said.some((one) => one.includes("another master")), "it was said");
    expect(said.find((one) => one.includes("another master"))).toContain(
      "a request to unit 5 came",
    );
    expect(counted.get("gateway_sources_modbus_unsolicited_bytes_total")).toBe(8);
  });
});
