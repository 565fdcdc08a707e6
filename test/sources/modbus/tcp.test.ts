/** Modbus TCP over real TCP: numbers, gateways, several units. */
import { createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { ManualClock } from "../../support/manual-clock.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { openBus, planOf } from "./open-bus.ts";
import { type LineManners, PlayedTcpBus } from "./played-bus.ts";
import { type PlayedDevice, registers } from "./played-device.ts";

async function givenBus(devices: Record<number, PlayedDevice>, manners: LineManners = {}) {
  const bus = await new PlayedTcpBus(devices, manners).open();
  onTestFinished(() => bus.close());
  return bus;
}

const values = [
  { name: "a", at: 0 },
  { name: "b", at: 10 },
];
const meter = (a = 7, b = 8): PlayedDevice => ({
  tables: { holding: new Map([...registers(0, a), ...registers(10, b)]) },
});

describe("Modbus TCP", () => {
  it("asks several units through one connection, as many at once as it may", async () => {
    const bus = await givenBus({ 1: meter(1, 2), 2: meter(3, 4), 3: meter(5, 6) }, { thinkMs: 30 });
    const { polled } = await openBus(bus, [1, 2, 3], planOf(values), { under_way: 3 });
    await waitUntil(
      () => [1, 2, 3].every((unit) => polled(`m${unit}`).length > 1),
      "all were asked",
    );
    expect(bus.sockets.size).toBe(1);
    expect(polled("m1")[0]).toEqual({ holding: { 0: "0001", 10: "0002" } });
    expect(polled("m3")[0]).toEqual({ holding: { 0: "0005", 10: "0006" } });
    const [first, second, third] = bus.asked;
    expect([first?.unit, second?.unit, third?.unit]).toEqual([1, 2, 3]);
  });

  it("goes on behind an answer that comes too late, and takes it for nothing", async () => {
    const bus = await givenBus({ 1: meter() });
    bus.manners.thinkMs = (_unit, number) => (number % 4 === 0 ? 350 : 0);
    const { counted, polled } = await openBus(bus, [1], planOf(values), { timeout: "300ms" });
    await waitUntil(
      () => (counted.get("gateway_sources_modbus_late_answers_total") ?? 0) > 2,
      "answers were late",
    );
    for (const one of polled("m1")) {
      const { holding = {} } = one as { holding?: Record<string, string> };
      for (const [at, value] of Object.entries(holding))
        expect(value).toBe(at === "0" ? "0007" : "0008");
    }
  });

  it("does not throw out another client twice a second where a device takes only one", async () => {
    const clock = new ManualClock();
    let connected = 0;
    const taken = createServer((socket) => {
      connected += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void taken.close());
    const address = taken.address();
    const port = typeof address === "object" ? address?.port : undefined;
    await openBus({ path: `modbus-tcp://127.0.0.1:${port}` }, [1], planOf(values), {}, { clock });
    for (let second = 0; second < 600; second += 1) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      await clock.advance(1_000);
    }
    expect(connected).toBeGreaterThan(6);
    expect(connected).toBeLessThan(60);
  });

  it("asks nothing before a device that was connected to is warm", async () => {
    const bus = await givenBus({ 1: meter() });
    const beganMs = performance.now();
    const { polled } = await openBus(bus, [1], planOf(values), { warm_up: "400ms" });
    await waitUntil(() => polled("m1").length > 0, "it was asked");
    expect((bus.asked[0]?.ms ?? 0) - beganMs).toBeGreaterThan(390);
  });

  it("takes no answer with a number that was not asked, and says which came", async () => {
    const bus = await givenBus({ 1: meter() });
    bus.manners.spoil = (frame) => {
      frame.writeUInt16BE(frame.readUInt16BE(0) + 1, 0);
      return frame;
    };
    const { sink, source } = await openBus(bus, [1], planOf(values), { timeout: "300ms" });
    await waitUntil(() => source.members?.[0]?.trouble !== undefined, "it was asked in vain");
    expect(source.members?.[0]?.trouble).toContain("an answer with the number");
    expect(sink.messages).toEqual([]);
  });

  it("takes the word of a gateway that a unit does not answer as its silence", async () => {
    const bus = await givenBus({ 1: meter(), 2: { tables: {}, exception: 11 } });
    const { polled, sink } = await openBus(bus, [1, 2], planOf(values));
    await waitUntil(
      () => sink.changes.some(({ state, device }) => state === "offline" && device === "m2"),
      "it is gone",
    );
    expect(sink.changes.find(({ state }) => state === "offline")).toMatchObject({
      cause: "no-answer",
      text: "exception 11, the gateway had no answer of the unit",
    });
    expect(polled("m2")).toEqual([]);
    expect(polled("m1").length).toBeGreaterThan(0);
  });

  it("is told to be there with its first answer, and again when the line was lost", async () => {
    const bus = await givenBus({ 1: meter() });
    bus.manners.spoil = () => undefined;
    const { sink, source } = await openBus(bus, [1], planOf(values), { timeout: "300ms" });
    const ofIt = () => sink.changes.filter(({ device }) => device === "m1");
    await waitUntil(() => source.members?.[0]?.misses === 1, "it was asked in vain");
    expect(sink.changes.map(({ device, state }) => [device, state])).toEqual([
      [undefined, "online"],
    ]);
    delete bus.manners.spoil;
    await waitUntil(() => ofIt().length === 1, "it answered");
    for (const socket of bus.sockets) socket.destroy();
    await waitUntil(() => ofIt().length === 3, "it answered through the next connection");
    expect(ofIt()).toMatchObject([
      { client: "modbus/line/m1", state: "online", cause: "connect" },
      { client: bus.path, state: "offline", cause: "connection-lost" },
      { client: "modbus/line/m1", state: "online", cause: "connect" },
    ]);
  });

  it("is not told to be there by a connection that is open, when it did not answer", async () => {
    const bus = await givenBus({ 1: meter() });
    const { said, sink } = await openBus(bus, [1], planOf(values), { timeout: "300ms" });
    const ofIt = () => sink.changes.filter(({ device }) => device === "m1");
    await waitUntil(() => ofIt().length > 0, "it is there");
    bus.manners.spoil = () => undefined;
    await waitUntil(() => ofIt().at(-1)?.cause === "no-answer", "it does not answer");
    const { length } = said.filter((words) => words === "the line is open");
    for (const socket of bus.sockets) socket.destroy();
    await waitUntil(
      () => said.filter((words) => words === "the line is open").length > length,
      "the line is open again",
    );
    const since = ofIt().slice(ofIt().findIndex(({ cause }) => cause === "no-answer"));
    expect(since.filter(({ state }) => state === "online")).toEqual([]);
    delete bus.manners.spoil;
    await waitUntil(() => ofIt().at(-1)?.state === "online", "it answered");
    expect(ofIt().at(-1)?.client).toBe("modbus/line/m1");
  });

  it("is asked at once for what a connection that went had cut short, however rarely it is asked", async () => {
    const bus = await givenBus({ 1: meter() });
    let cut = 0;
    bus.manners.spoil = (frame) => {
      cut += 1;
      if (cut > 1) return frame;
      for (const socket of bus.sockets) socket.destroy();
      return undefined;
    };
    const { polled } = await openBus(bus, [1], planOf(values, { every: "1h" }));
    await waitUntil(() => polled("m1").length === 1, "it was read");
  });

  it("is read on after one time-out where the length of an answer arrived as another", async () => {
    const bus = await givenBus({ 1: meter() });
    const { polled, source } = await openBus(bus, [1], planOf(values), { timeout: "1s" });
    await waitUntil(() => polled("m1").length >= 2, "it is read");
    const [socket] = bus.sockets;
    let isDamaged = false;
    let swallowed = 0;
    bus.manners.spoil = (frame) => {
      if (isDamaged && socket?.destroyed === false) swallowed += 1;
      if (!isDamaged) frame.writeUInt16BE(frame.readUInt16BE(4) + 120, 4);
      isDamaged = true;
      return frame;
    };
    await waitUntil(() => isDamaged, "an answer is damaged");
    const { length } = polled("m1");
    await waitUntil(() => polled("m1").length > length, "it is read on");
    expect(swallowed).toBe(0);
    expect(source.members?.[0]?.misses).toBe(0);
  });

  it("connects again after bytes that are none of its frames, and when nothing comes any more", async () => {
    const bus = await givenBus({ 1: meter() });
    const { polled, said } = await openBus(bus, [1], planOf(values), { timeout: "300ms" });
    await waitUntil(() => polled("m1").length > 0, "it was asked");
    for (const socket of bus.sockets) socket.write("HTTP/1.1 400 Bad Request\r\n\r\n");
    await waitUntil(() => said.includes("the line is gone"), "the connection was given up");
    const { length } = polled("m1");
    await waitUntil(() => polled("m1").length > length, "it was asked again");
    const [first] = bus.sockets;
    bus.manners.spoil = () => undefined;
    await waitUntil(() => first?.destroyed === true, "a dead connection is given up");
  });
});

describe("a SunSpec device", () => {
  const chain = (base: number): Map<number, number> =>
    new Map([
      ...registers(base, 0x5375, 0x6e53, 1, 4, 10, 11, 12, 13),
      ...registers(base + 8, 103, 5, 631, 632, 633, 634, 0xfffe, 0xffff, 0),
    ]);
  const inverter = [
    { name: "a", at: 2, scale_by: "a_sf" },
    { name: "a_sf", at: 6, type: "i16" },
    { name: "beyond", at: 20 },
  ];

  it("is read where its models are, no further than they go", async () => {
    const bus = await givenBus({ 1: { tables: { holding: chain(50_000) } } });
    const { polled } = await openBus(
      bus,
      [1],
      planOf(inverter, { model: [101, 103] }, { max_gap: 20 }),
    );
    await waitUntil(() => polled("m1").length > 1, "it was read");
    expect(polled("m1")[0]).toEqual({
      models: { 103: 50_008 },
      holding: { 50008: "006700050277027802790" + "27afffe" },
    });
    const walks = bus.asked.filter(({ pdu }) => pdu.readUInt16BE(3) === 2).length;
    expect(walks).toBeLessThan(8);
  });

  it("is asked for the second of such models, and for nothing where it has fewer", async () => {
    const held = new Map([
      ...registers(40_000, 0x5375, 0x6e53, 203, 1, 7, 1, 1, 9, 201, 1, 8),
      ...registers(40_011, 0xffff, 0),
    ]);
    const bus = await givenBus({
      1: { tables: { holding: held } },
      2: { tables: { holding: held } },
    });
    const w = [{ name: "w", at: 2 }];
    const ofNth = (nth: number) => planOf(w, { model: [201, 203], nth });
    const { polled, said } = await openBus(bus, [1, 2], (device) => ofNth(device === "m1" ? 2 : 3));
    await waitUntil(() => polled("m1").length > 0, "it was read");
    expect(polled("m1")[0]).toEqual({
      models: { "201#2": 40_008 },
      holding: { 40008: "00c900010008" },
    });
    await waitUntil(
      () => said.includes("m2 has fewer than 3 of the models 201, 203"),
      "it is told",
    );
    expect(polled("m2")).toEqual([]);
  });

  it("is gone through again when another model is in the place of one", async () => {
    const device: PlayedDevice = { tables: { holding: chain(40_000) } };
    const bus = await givenBus({ 1: device });
    const { polled } = await openBus(bus, [1], planOf(inverter.slice(0, 2), { model: 103 }));
    await waitUntil(() => polled("m1").length > 0, "it was read");
    for (const at of [...(device.tables.holding?.keys() ?? [])]) device.tables.holding?.delete(at);
    for (const [at, value] of chain(50_000)) device.tables.holding?.set(at, value);
    for (const [at, value] of registers(40_008, 9, 5, 0, 0, 0, 0, 0))
      device.tables.holding?.set(at, value);
    device.tables.holding?.delete(40_000);
    await waitUntil(
      () => JSON.stringify(polled("m1").at(-1)).includes("50008"),
      "it is found anew",
    );
  });

  it("without a marker is bad, with the reason", async () => {
    const bus = await givenBus({ 1: meter() });
    const { polled } = await openBus(bus, [1], planOf(inverter, { model: 103 }));
    await waitUntil(() => polled("m1").length > 0, "it was asked");
    expect(polled("m1")[0]).toMatchObject({
      failed: [
        { table: "holding", at: 0, models: [103], reason: "no SunSpec marker at 40000, 50000, 0" },
        { at: 6 },
        { at: 20 },
      ],
    });
  });
});
