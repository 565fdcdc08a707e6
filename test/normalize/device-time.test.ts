import { expect, test } from "vitest";
import { givenReader, receivedMs } from "./given.ts";

const withTime = (format: string, zone?: string) =>
  givenReader({ time: { path: "at", format, ...(zone && { zone }) } });

test.each([
  ["rfc3339", "2026-11-21T14:02:05.250Z"],
  ["epoch_s", receivedMs / 1e3 - 4.75],
  ["epoch_ms", receivedMs - 4_750],
  ["epoch_us", receivedMs * 1e3 - 4_750_000],
])("a device time in %s is the time of the event", (format, at) => {
  const { event } = withTime(format)({ t: 1, at });
  expect(event).toMatchObject({ timeMs: receivedMs - 4_750, receivedMs, clock: "device" });
  expect(event).not.toHaveProperty("deviceTimeMs");
});

test("a time without zone is read in the zone of the profile", () => {
  const { event } = withTime("rfc3339", "+02:00")({ t: 1, at: "2026-11-21T16:02:05" });
  expect(event).toMatchObject({ timeMs: receivedMs - 5_000, clock: "device" });
});

test("a profile without time takes the time of receipt", () => {
  const { event } = givenReader()({ t: 1, at: "2026-11-21T14:02:05Z" });
  expect(event).toMatchObject({ timeMs: receivedMs, clock: "gateway" });
});

test("a device may be ahead by the skew and not by a millisecond more", () => {
  const read = withTime("epoch_ms");
  expect(read({ t: 1, at: receivedMs + 300_000 }).event).toMatchObject({
    timeMs: receivedMs + 300_000,
    clock: "device",
  });
  expect(read({ t: 1, at: receivedMs + 300_001 }).event).toMatchObject({
    timeMs: receivedMs,
    clock: "gateway",
    deviceTimeMs: receivedMs + 300_001,
  });
});

test("a device that uploads old samples is believed", () => {
  const at = receivedMs - 30 * 86_400_000;
  expect(withTime("epoch_ms")({ t: 1, at }).event).toMatchObject({ timeMs: at, clock: "device" });
});

test("a reading may be as old as max_age and not a millisecond older", () => {
  const at = receivedMs - 30 * 86_400_000 - 1;
  expect(withTime("epoch_ms")({ t: 1, at }).event).toMatchObject({
    timeMs: receivedMs,
    clock: "gateway",
    deviceTimeMs: at,
  });
});

test("the profile of a logger may allow older readings, or none that old", () => {
  const at = receivedMs - 45 * 86_400_000;
  const within = (max_age: string) =>
    givenReader({ time: { path: "at", format: "epoch_ms", max_age } })({ t: 1, at }).event;
  expect(within("60d")).toMatchObject({ timeMs: at, clock: "device" });
  expect(within("1d")).toMatchObject({ timeMs: receivedMs, deviceTimeMs: at });
});

test("a clock that was never set is not believed", () => {
  expect(withTime("epoch_s")({ t: 1, at: 12 }).event).toMatchObject({
    timeMs: receivedMs,
    clock: "gateway",
    deviceTimeMs: 12_000,
  });
});

test.each([
  ["epoch_s", "soon"],
  ["epoch_s", null],
  ["epoch_ms", 1e300],
  ["epoch_ms", -5],
  ["rfc3339", 17],
  ["rfc3339", "2026-11-21T14:02:10"],
])("what is no time in %s (%o) leaves the time of receipt", (format, at) => {
  const { event } = withTime(format)({ t: 1, at });
  expect(event).toMatchObject({ timeMs: receivedMs, clock: "gateway" });
  expect(event).not.toHaveProperty("deviceTimeMs");
});

test("while the gateway does not know the time, no time is believed and none is lost", () => {
  const { event } = withTime("epoch_ms")({ t: 1, at: receivedMs - 1 }, false);
  expect(event).toMatchObject({
    timeMs: receivedMs,
    clock: "unsynced",
    deviceTimeMs: receivedMs - 1,
  });
});
