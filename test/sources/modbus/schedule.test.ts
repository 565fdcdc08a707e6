/** Who is asked when, in the time of the test: a bus at 9,600 baud. */
import { describe, expect, it } from "vitest";
import type { PollPlan } from "../../../src/core/poll-plan.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { FakeChannel } from "./fake-channel.ts";
import { openBus, planOf } from "./open-bus.ts";

const byteMs = 11_000 / 9_600;
const thinkMs = 20;
const everyMs = 10_000;

/** Thirty values as a meter has them: two blocks, 60 registers in all. */
const meter = Array.from({ length: 30 }, (_, at) => ({
  name: `v${at}`,
  at: at * 2 + (at < 15 ? 0 : 40),
  type: "f32",
  table: "input",
}));

async function givenMeters(count: number, every: string, options: object = {}) {
  const clock = new ManualClock();
  const channel = new FakeChannel(clock, byteMs, thinkMs);
  const units = Array.from({ length: count }, (_, at) => at + 1);
  const plan = planOf(meter, { every });
  const opened = await openBus(
    { path: "tcp://127.0.0.1:1" },
    units,
    plan,
    { timeout: "500ms", ...options },
    { clock, nowMs: () => clock.wallMs() },
    (_options, _place, _surroundings, ear) => {
      channel.ear = ear;
      return channel;
    },
  );
  return { ...opened, channel, clock, units };
}

/** Of the slots of living meters, the share that was asked for before the next one. */
function onTime(
  { channel, units }: Awaited<ReturnType<typeof givenMeters>>,
  fromMs: number,
  toMs: number,
): number {
  let kept = 0;
  let slots = 0;
  for (const unit of units) {
    if (channel.dead.has(unit)) continue;
    const starts = channel.asked
      .filter((one) => one.unit === unit && one.at === 0)
      .map(({ ms }) => ms);
    for (let slot = fromMs; slot < toMs; slot += everyMs) {
      slots += 1;
      if (starts.some((ms) => ms >= slot && ms < slot + everyMs)) kept += 1;
    }
  }
  return kept / slots;
}

describe("a bus of 30 meters with two dead ones", () => {
  it("keeps the intervals of the others", async () => {
    const whole = await givenMeters(30, "10s");
    await whole.clock.advance(300_000);
    expect(whole.source.load).toBeGreaterThan(0.6);
    expect(onTime(whole, 0, 300_000)).toBe(1);

    const partly = await givenMeters(30, "10s");
    partly.channel.dead.add(7).add(23);
    await partly.clock.advance(300_000);
    expect(onTime(partly, 0, 300_000)).toBeGreaterThan(0.99);
    expect(onTime(partly, 30_000, 300_000)).toBe(1);
    const asked = partly.channel.asked.filter(({ unit, ms }) => unit === 7 && ms > 60_000);
    expect(asked.length).toBeGreaterThanOrEqual(7);
    expect(asked.length).toBeLessThanOrEqual(9);
  });

  it("lets none of the others wait for longer than one time-out", async () => {
    const bus = await givenMeters(30, "10s");
    bus.channel.dead.add(7).add(23);
    await bus.clock.advance(600_000);
    for (const unit of bus.units.filter((one) => !bus.channel.dead.has(one))) {
      const begun = bus.channel.asked
        .filter((one) => one.unit === unit && one.at === 0 && one.ms > 30_000)
        .map(({ ms }) => ms);
      const lateMs = begun.slice(1).map((ms, at) => ms - (begun[at] ?? 0) - everyMs);
      expect(Math.max(...lateMs)).toBeLessThan(600);
    }
  });

  it("asks for a slow group as soon as its member is back", async () => {
    const clock = new ManualClock();
    const channel = new FakeChannel(clock, byteMs, thinkMs);
    channel.dead.add(1);
    const fast = planOf([{ name: "a", at: 0 }], { every: "10s" });
    const slow = planOf([{ name: "b", at: 50 }], { every: "24h", name: "label" });
    const plan = { ...fast, groups: [...slow.groups, ...fast.groups] };
    await openBus(
      { path: "tcp://127.0.0.1:1" },
      [1],
      plan,
      { timeout: "500ms" },
      { clock, nowMs: () => clock.wallMs() },
      (_options, _place, _surroundings, ear) => {
        channel.ear = ear;
        return channel;
      },
    );
    await clock.advance(60_000);
    channel.dead.delete(1);
    const before = channel.asked.length;
    await clock.advance(40_000);
    expect(channel.asked.slice(before).filter(({ at }) => at === 50)).toHaveLength(1);
  });

  it("tells that they are gone, once, and when they are back", async () => {
    const bus = await givenMeters(3, "5s");
    await bus.clock.advance(12_000);
    bus.channel.dead.add(2);
    await bus.clock.advance(120_000);
    const ofTwo = () => bus.sink.changes.filter(({ device }) => device === "m2");
    expect(ofTwo().map(({ cause, state }) => [state, cause])).toEqual([
      ["online", "connect"],
      ["offline", "no-answer"],
    ]);
    expect(ofTwo()[1]?.text).toBe("no answer in 500 ms");
    expect(bus.source.members).toContainEqual(
      expect.objectContaining({
        device: "m2",
        unit: 2,
        state: "offline",
        trouble: "no answer in 500 ms",
      }),
    );
    const missed = bus.sink.messages.filter(({ device }) => device === "m2").length;
    bus.channel.dead.delete(2);
    await bus.clock.advance(60_000);
    expect(ofTwo().at(-1)).toMatchObject({ state: "online", cause: "connect" });
    expect(bus.sink.messages.filter(({ device }) => device === "m2").length).toBeGreaterThan(
      missed,
    );
  });
});

describe("slots", () => {
  it("do not drift, however long a poll takes", async () => {
    const bus = await givenMeters(1, "1s");
    await bus.clock.advance(600_000);
    const first = bus.channel.asked[0]?.ms ?? 0;
    const begun = bus.channel.asked.filter((_, at) => at % 2 === 0).map(({ ms }) => ms);
    expect(begun.map((ms) => ms - first)).toEqual(begun.map((_, at) => at * 1_000));
  });

  it("that the line has no time for are skipped and counted, and everybody gets a turn", async () => {
    const bus = await givenMeters(30, "1s");
    await bus.clock.advance(120_000);
    const turns = bus.units.map(
      (unit) => bus.channel.asked.filter((one) => one.unit === unit).length,
    );
    expect(Math.max(...turns) - Math.min(...turns)).toBeLessThanOrEqual(2);
    const count = (outcome: string) =>
      bus.counted.get(`gateway_sources_modbus_polls_total ${outcome}`) ?? 0;
    expect(count("skipped")).toBeGreaterThan(1_000);
    expect(count("read") + count("skipped")).toBeGreaterThan(30 * 110);
    expect(count("read") + count("skipped")).toBeLessThanOrEqual(30 * 121);
  });

  it("pass while the disk is behind, and are counted", async () => {
    const bus = await givenMeters(4, "50ms");
    bus.sink.stalled = true;
    await bus.clock.advance(500_000);
    const { length } = bus.channel.asked;
    expect(bus.source.holding).toBe(true);
    await bus.clock.advance(60_000);
    expect(bus.channel.asked).toHaveLength(length);
    expect(bus.counted.get("gateway_sources_modbus_polls_total held")).toBeGreaterThan(0);
    bus.sink.ackAll();
    await bus.clock.advance(1_000);
    expect(bus.channel.asked.length).toBeGreaterThan(length);
    expect(bus.source.holding).toBe(false);
  });

  it("of a busy bus are behind a write", async () => {
    const bus = await givenMeters(30, "1s");
    await bus.clock.advance(5_000);
    const write = {
      kind: "registers",
      table: "holding",
      at: 0,
      values: [1],
      single: true,
    } as const;
    const written = bus.source.toDevices?.write(
      bus.sink.messages[0]?.device ?? expect.fail("nobody"),
      write,
      new AbortController().signal,
    );
    const from = bus.channel.asked.length;
    await bus.clock.advance(2_000);
    await written;
    expect(
      bus.channel.asked.findIndex(({ code }, at) => at >= from - 1 && code === 6) - from,
    ).toBeLessThanOrEqual(1);
  });
});

describe("a SunSpec device", () => {
  const model = (id: number): PollPlan =>
    planOf([{ name: "a", at: 2 }], { every: "60s", model: id });
  /** The marker, then models with one register each, then the end. */
  const chain = (...ids: number[]): Map<number, number> =>
    new Map(
      [0x5375, 0x6e53, ...ids.flatMap((id) => [id, 1, 7]), 0xffff, 0].map((word, at) => [
        40_000 + at,
        word,
      ]),
    );

  it.each([
    ["appears later, such as a meter that was added", [1], [1, 103], 3_700_000],
    ["stands where nothing can be read any more", [1, 2, 103], [103], 200_000],
  ])("whose model %s is read in time", async (_, before, after, withinMs) => {
    const clock = new ManualClock();
    const channel = new FakeChannel(clock, byteMs, thinkMs);
    channel.held = chain(...before);
    const { sink } = await openBus(
      { path: "tcp://127.0.0.1:1" },
      [1],
      model(103),
      {},
      { clock, nowMs: () => clock.wallMs() },
      (_options, _place, _surroundings, ear) => {
        channel.ear = ear;
        return channel;
      },
    );
    const readAt = () =>
      sink.messages.flatMap(({ payload }) => {
        const { models = {}, failed } = JSON.parse(Buffer.from(payload).toString());
        return failed === undefined ? Object.values(models) : [];
      });
    await clock.advance(100_000);
    expect(readAt().at(-1)).toBe(before.includes(103) ? 40_008 : undefined);
    channel.held = chain(...after);
    await clock.advance(withinMs);
    expect(readAt().at(-1)).toBe(after.length > 1 ? 40_005 : 40_002);
  });
});
