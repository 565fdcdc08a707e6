import { expect, test } from "vitest";
import type { EventOf, GatewayEvent } from "../../../src/core/event.ts";
import { toDeviceId } from "../../../src/core/ids.ts";
import { DeviceRegistry } from "../../../src/gateway/registry/device-registry.ts";
import { type DeviceState, stateOf } from "../../../src/gateway/registry/device-state.ts";

const device = toDeviceId("d");
const intervalMs = 60_000;
const startMs = 1_000_000;

type Reading = EventOf<"measurement">;

function reading(atMs: number, more: Partial<Reading> = {}): Reading {
  const data = [{ name: "temperature", value: 20, quality: "good" as const }];
  const times = { timeMs: atMs, receivedMs: atMs };
  return { kind: "measurement", device, clock: "device", data, ...times, ...more };
}

function stateAfter(events: readonly GatewayEvent[], nowMs: number, startedMs = 0): DeviceState {
  const registry = new DeviceRegistry();
  for (const event of events) registry.note(event);
  return stateOf(registry.get(device), intervalMs, { nowMs, startedMs, endedMs: startMs });
}

test("a device is silent when nothing came for more than three of its intervals", () => {
  expect(stateAfter([], startMs)).toBe("never");
  expect(stateAfter([reading(startMs)], startMs + 3 * intervalMs)).toBe("ok");
  expect(stateAfter([reading(startMs)], startMs + 3 * intervalMs + 1)).toBe("silent");
});

test("time in which no gateway ran makes no device silent", () => {
  const startedMs = startMs + 86_400_000;
  const ran = (ms: number): DeviceState =>
    stateAfter([reading(startMs)], startedMs + ms, startedMs);
  expect(ran(3 * intervalMs)).toBe("ok");
  expect(ran(3 * intervalMs + 1)).toBe("silent");
});

test.each(["retained", "stale", "simulated"])("what is %s is no sign of life", (mark) => {
  const kept = reading(startMs + 4 * intervalMs, { extensions: { [mark]: true } });
  const registry = new DeviceRegistry();
  for (const event of [reading(startMs), kept]) registry.note(event);
  expect(registry.get(device)).toMatchObject({ lifeMs: startMs, events: 2 });
  expect(stateAfter([reading(startMs), kept], startMs + 4 * intervalMs)).toBe("silent");
});

test("a clock is suspect while the time that its device told last is not believed", () => {
  const wrong = reading(startMs, { clock: "gateway", deviceTimeMs: 0 });
  expect(stateAfter([wrong], startMs)).toBe("clock-suspect");
  expect(stateAfter([wrong, reading(startMs + 1)], startMs + 1)).toBe("ok");
});

test("a quality is bad while the last value of some quantity is", () => {
  const data = [{ name: "humidity", value: 0, quality: "bad" as const }];
  const bad = reading(startMs, { data });
  expect(stateAfter([bad, reading(startMs + 1)], startMs + 1)).toBe("bad-quality");
  const good = reading(startMs + 2, {
    data: [{ name: "humidity", value: 40, quality: "good" }],
  });
  expect(stateAfter([bad, good], startMs + 2)).toBe("ok");
});

test("what others say of a device is no word of its own: it is never heard, or silent where it does not answer", () => {
  const said = (atMs: number, state: "online" | "offline", cause: string): GatewayEvent => ({
    ...{ kind: "status", device, clock: "gateway", timeMs: atMs, receivedMs: atMs },
    data: { state, cause },
  });
  const noAnswer = said(startMs + 2, "offline", "no-answer");
  expect(stateAfter([said(startMs, "online", "connect")], startMs + 10)).toBe("never");
  expect(stateAfter([noAnswer], startMs + 10)).toBe("never");
  expect(stateAfter([reading(startMs), noAnswer], startMs + 10)).toBe("silent");
  const again = said(startMs + 3, "online", "connect");
  expect(stateAfter([reading(startMs), noAnswer, again], startMs + 10)).toBe("ok");
});
