import { expect, it } from "vitest";
import type { GatewayEvent } from "../../src/core/event.ts";
import { toDeviceId, toStreamSeq } from "../../src/core/ids.ts";
import { DeviceState } from "../../src/past/device-state.ts";
import { reading, startMs, storedEvent } from "../support/gateway-stream.ts";

const everything = { record: true, status: true };

function fold(events: readonly (readonly [GatewayEvent, number])[]): DeviceState {
  const state = new DeviceState();
  for (const [event, seq] of events)
    state.take(storedEvent(event, "aaaaaaaa", seq), {
      streamSeq: toStreamSeq(seq),
      storedMs: startMs,
    });
  return state;
}

const device = toDeviceId("f1");
const base = { device, receivedMs: startMs, clock: "gateway" } as const;
const record: GatewayEvent = {
  ...{ ...base, kind: "device", timeMs: startMs + 5_000 },
  data: { device, profile: "freezer@1", tags: {}, attrs: {}, metrics: [{ name: "temperature" }] },
};
const online: GatewayEvent = {
  ...{ ...base, kind: "status", timeMs: startMs + 6_000 },
  data: { state: "online", cause: "connect" },
};

it("a state is the same in whatever order events are folded: the latest, and of one time the later", () => {
  const events = [
    [reading("f1", 1, 10), 1],
    [reading("f1", 2, 30), 2],
    [reading("f1", 3, 20), 3],
    [reading("f1", 4, 30), 4],
    [record, 5],
    [online, 6],
  ] as const;
  const [forward, backward] = [fold(events), fold([...events].reverse())];
  expect(forward.values).toEqual([expect.objectContaining({ value: 4, timeMs: startMs + 30_000 })]);
  expect([backward.values, backward.status]).toEqual([forward.values, forward.status]);
  expect(forward.profile).toBe("freezer@1");
});

it("a state is certain when nothing of before could change it", () => {
  const state = fold([
    [record, 1],
    [online, 2],
  ]);
  expect(state.isCertain(startMs, everything)).toBe(false);
  state.take(storedEvent(reading("f1", 1, 10), "aaaaaaaa", 3), {
    streamSeq: toStreamSeq(3),
    storedMs: startMs,
  });
  expect(state.isCertain(startMs, everything)).toBe(true);
  // What came out of a device's memory may be older than what was said before.
  expect(state.isCertain(startMs + 6_000, everything)).toBe(false);
  expect(state.isCertain(startMs + 6_000, { record: false, status: true })).toBe(true);
});
