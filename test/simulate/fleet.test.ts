import { describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { openCable } from "../../src/simulate/cable.ts";
import { createFleet } from "../../src/simulate/fleet.ts";
import { type Mosquitto, mosquitto, waitUntil } from "./mosquitto.ts";

const devices = [
  { id: "freezer-1", family: "freezer", everyMs: 1_000 },
  { id: "motor-1", family: "motor", everyMs: 500 },
  { id: "mast-1", family: "mast", everyMs: 2_000 },
] as const;

/** All copies of each event that the broker received, by `device n`. */
function eventsOf(broker: Mosquitto): Map<string, string[]> {
  const copies = new Map<string, string[]>();
  for (const { topic, payload } of broker.received) {
    if (!topic.endsWith("/telemetry")) continue;
    const key = `${topic.split("/")[2]} ${JSON.parse(payload).n}`;
    copies.set(key, [...(copies.get(key) ?? []), payload]);
  }
  return copies;
}

describe("createFleet", () => {
  test("gets everything that was made acknowledged, over cuts and stalls, with the same bytes", async () => {
    const broker = await mosquitto();
    const cable = await openCable({ host: "127.0.0.1", port: broker.port });
    onTestFinished(() => cable.close());
    const fleet = createFleet({
      devices,
      url: `mqtt://127.0.0.1:${cable.port}`,
      seed: "7",
      boot: "b1",
      speed: 100,
      clock: systemClock,
    });
    fleet.start();
    for (let cut = 1; cut <= 3; cut += 1) {
      await waitUntil(() => fleet.totals().connected === 3 && fleet.totals().acked >= cut * 20);
      // Held answers are lost with the cut, so what arrived must be sent again.
      cable.stall();
      const { made } = fleet.totals();
      await waitUntil(() => fleet.totals().made >= made + 10);
      cable.unplug();
      await waitUntil(() => fleet.totals().waiting > 10);
      cable.resume();
      cable.plug();
    }
    await fleet.stop();

    const totals = fleet.totals();
    expect(totals).toMatchObject({ acked: totals.made, waiting: 0, skipped: 0, connected: 0 });
    expect(totals.resent).toBeGreaterThan(0);
    await waitUntil(() => broker.received.filter(isFarewell).length >= 3);
    const events = eventsOf(broker);
    expect(events.size).toBe(totals.made);
    for (const copies of events.values()) expect(new Set(copies).size).toBe(1);
    for (const { id, made, ackedRanges } of fleet.reports()) {
      expect(ackedRanges).toEqual([{ from: 1, to: made }]);
      for (let n = 1; n <= made; n += 1) expect(events.has(`${id} ${n}`)).toBe(true);
    }
  });

  test("sends an event again with the same bytes when only its PUBACK was lost", async () => {
    const broker = await mosquitto();
    const cable = await openCable({ host: "127.0.0.1", port: broker.port });
    onTestFinished(() => cable.close());
    const fleet = createFleet({
      devices: [{ id: "freezer-1", family: "freezer", everyMs: 20 }],
      url: `mqtt://127.0.0.1:${cable.port}`,
      seed: "7",
      boot: "b1",
      clock: systemClock,
    });
    fleet.start();
    await waitUntil(() => fleet.totals().acked > 0);
    cable.stall("answers");
    await waitUntil(() => eventsOf(broker).size > fleet.totals().acked);
    cable.unplug();
    cable.resume();
    cable.plug();
    await waitUntil(() => fleet.totals().resent > 0);
    await fleet.stop();
    await waitUntil(() => broker.received.some(isFarewell));
    const copies = [...eventsOf(broker).values()].filter(({ length }) => length > 1);
    expect(copies.length).toBeGreaterThan(0);
    for (const same of copies) expect(new Set(same).size).toBe(1);
  });

  test("says online when it comes, offline when it goes, and leaves a will for when it cannot", async () => {
    const broker = await mosquitto();
    const cable = await openCable({ host: "127.0.0.1", port: broker.port });
    onTestFinished(() => cable.close());
    const fleet = createFleet({
      devices: [{ id: "motor-1", family: "motor", everyMs: 1_000 }],
      url: `mqtt://127.0.0.1:${cable.port}`,
      seed: "7",
      boot: "b1",
      clock: systemClock,
    });
    const words = () =>
      broker.received
        .filter(({ topic }) => topic === "sim/motor/motor-1/status")
        .map(({ payload }) => payload);
    fleet.start();
    await waitUntil(() => words().length === 1);
    cable.unplug();
    await waitUntil(() => words().length === 2);
    cable.plug();
    await waitUntil(() => words().length === 3);
    await fleet.stop();
    await waitUntil(() => words().length === 4);
    expect(words()).toEqual(["online", "offline", "online", "offline"]);
  });

  test("writes what its clock says, and spends no number on readings that a silent device never makes", async () => {
    const broker = await mosquitto();
    const dayMs = 86_400_000;
    const fleet = createFleet({
      devices: [
        { id: "ahead", family: "mast", everyMs: 10, faults: { clockOffsetMs: dayMs } },
        { id: "silent", family: "mast", everyMs: 10, faults: { silent: true } },
      ],
      url: `mqtt://127.0.0.1:${broker.port}`,
      seed: "7",
      boot: "b1",
      clock: systemClock,
    });
    const startedMs = Date.now();
    fleet.start();
    await waitUntil(() => fleet.device("ahead").report().acked >= 5);
    expect(fleet.device("silent").report()).toMatchObject({ connected: true, made: 0 });
    fleet.device("silent").setFaults({ silent: false });
    await waitUntil(() => fleet.device("silent").report().acked >= 1);
    await fleet.stop();
    await waitUntil(() => eventsOf(broker).has("silent 1"));
    const { ts, boot } = JSON.parse(eventsOf(broker).get("ahead 1")?.[0] ?? "{}");
    expect(Date.parse(ts)).toBeGreaterThanOrEqual(startedMs + dayMs);
    expect(Date.parse(ts)).toBeLessThanOrEqual(Date.now() + dayMs);
    expect(boot).toBe("b1");
  });

  test("goes after its time limit when no broker answers, and says what still waits", async () => {
    const fleet = createFleet({
      devices: [{ id: "motor-1", family: "motor", everyMs: 5 }],
      url: "mqtt://127.0.0.1:1",
      seed: "7",
      boot: "b1",
      capacity: 3,
      clock: systemClock,
    });
    fleet.start();
    await waitUntil(() => fleet.totals().skipped > 0);
    expect(fleet.reports()[0]?.trouble).toContain("ECONNREFUSED");
    await fleet.stop(10);
    expect(fleet.totals()).toMatchObject({ made: 3, acked: 0, waiting: 3 });
  });
});

function isFarewell({ topic, payload }: { topic: string; payload: string }): boolean {
  return topic.endsWith("/status") && payload === "offline";
}
