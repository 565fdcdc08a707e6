import { describe, expect, it, test } from "vitest";
import {
  givenCatalog,
  givenMessage,
  givenNormalizer,
  givenProfile,
  givenReader,
  receivedMs,
} from "./given.ts";

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
  const inUtc = withTime("rfc3339", "utc")({ t: 1, at: "2026-11-21T14:02:05" });
  expect(inUtc.event).toMatchObject({ timeMs: receivedMs - 5_000, clock: "device" });
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

describe("a clock whose zone nobody knows", () => {
  const unknown = { time: { path: "at", format: "rfc3339", zone: "unknown" } };
  const marks = (texts: readonly string[], clockSynced = true) => {
    const read = givenReader(unknown);
    return texts.map((at) => {
      const { event } = read({ t: 1, at }, clockSynced);
      expect(event).toMatchObject({ timeMs: receivedMs });
      return event.extensions?.["stale"] ?? false;
    });
  };

  it("gives no time, and tells by more than a day in any zone that nothing was measured now", () => {
    expect(marks(["2026-11-13T03:00:00"])).toEqual([true]);
    for (const fresh of ["2026-11-21T14:02:00", "2026-11-22T04:00:00", "2026-11-20T14:02:00"])
      expect(marks([fresh])).toEqual([false]);
    expect(marks(["2026-11-20T02:01:00", "2026-11-20T02:01:00"])).toEqual([true, true]);
    expect(marks(["2026-11-20T02:03:00"])).toEqual([false]);
  });

  it("is behind where it goes on, and was never set where it is far behind", () => {
    const behind = ["2026-11-15T10:00:00", "2026-11-15T10:05:00", "2026-11-15T10:05:00"];
    expect(marks(behind)).toEqual([true, false, true]);
    expect(marks(["1970-01-01T00:00:12", "1970-01-01T00:00:12"])).toEqual([false, false]);
    expect(marks(["2026-11-21T14:00:00", "2026-11-13T03:00:00"])).toEqual([false, true]);
  });

  it("tells nothing to a gateway that does not know the time itself", () => {
    expect(marks(["2026-11-13T03:00:00"], false)).toEqual([false]);
  });

  it("gives the time where the text says its zone", () => {
    const read = givenReader(unknown);
    expect(read({ t: 1, at: "2026-11-21T15:00:00+01:00" }).event).toMatchObject({
      timeMs: Date.UTC(2026, 10, 21, 14),
      clock: "device",
    });
  });
});

it("an hour that comes twice is told apart by the readings of a device, or marked", () => {
  const time = { path: "at", format: "yyyy-MM-dd HH:mm:ss", zone: "Europe/Berlin" };
  const profile = givenProfile({ time });
  const normalize = givenNormalizer({
    catalog: givenCatalog({ profiles: [profile] }),
    maxSkewMs: 300_000,
    maxAgeMs: 30 * 86_400_000,
    maxRejectedBytes: 0,
  });
  /** By the hour and minute in UTC when a message of a device came, and what it said. */
  const say = (device: string, received: string, at: string) => {
    const message = givenMessage(`plant/${device}/data`, { t: 1, at: `2026-10-25 ${at}:00` });
    const receivedMs = Date.parse(`2026-10-25T${received}:00Z`);
    const { event } = normalize({ ...message, receivedMs }, true);
    const told = new Date(event.timeMs).toISOString().slice(11, 16);
    return event.extensions?.["ambiguoustime"] ? `${told}?` : told;
  };
  expect(say("p1", "00:00", "02:00")).toBe("00:00");
  expect(say("p1", "00:50", "02:50")).toBe("00:50");
  expect(say("p1", "01:00", "02:00")).toBe("01:00");
  expect(say("p1", "01:50", "02:50")).toBe("01:50");
  expect(say("p1", "02:00", "03:00")).toBe("02:00");
  // Who was silent before may mean either.
  expect(say("p2", "01:30", "02:30")).toBe("00:30?");
  expect(say("p3", "00:31", "02:30")).toBe("00:30");
});
