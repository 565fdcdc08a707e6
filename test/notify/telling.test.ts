/** What people report of notifiers elsewhere, as sequences, with what is right. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AlertTransition } from "../../src/core/alert.ts";
import { transition } from "../support/notifying.ts";
import { TellingDesk } from "../support/telling-desk.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const failed = { kind: "failed", reason: "answered 500" } as const;

function desk(notify: object, alone = false): TellingDesk {
  const one = new TellingDesk(notify, alone);
  one.start();
  return one;
}

const grouped = { group_by: ["alertname"], group_wait: "10s", group_interval: "2m" };
const late = (instance: string, second: number, n: number): AlertTransition =>
  transition(instance, second, n, {
    late: true,
    labels: { site: "plant-a", gateway: "gw1", device: instance },
  });

describe("a group", () => {
  test("waits for more, is told once, and keeps its distance", async () => {
    const one = desk(grouped);
    one.append(transition("f1", 1, 1), transition("f2", 1, 1));
    await one.pass(9_000);
    expect(one.said).toEqual([]);
    expect(one.held).toEqual({ grouped: 2 });
    await one.pass(2_000);
    expect(one.said).toEqual(["f1-1.1 f2-1.1"]);
    one.append(transition("f1", 1, 2), transition("f3", 3, 1));
    await one.pass(100_000);
    expect(one.said).toHaveLength(1);
    await one.pass(20_000);
    expect(one.said[1]).toBe("f3-3.1 f1-1.2");
  });

  test("tells what is more severe than what it told of without keeping its distance", async () => {
    const one = desk(grouped);
    one.append(transition("f1", 1, 1));
    await one.pass(11_000);
    one.append(transition("f2", 1, 1, { severity: "critical" }));
    await one.pass(11_000);
    expect(one.said).toEqual(["f1-1.1", "f2-1.1"]);
  });

  test("that waits for nobody is told with the first alert, the rest together, a worse one at once", async () => {
    const one = desk({ ...grouped, group_wait: "0s" });
    one.append(transition("f1", 1, 1));
    await one.settle();
    one.append(transition("f2", 1, 1), transition("f3", 1, 1));
    await one.settle();
    expect(one.said).toEqual(["f1-1.1"]);
    one.append(transition("f4", 1, 1, { severity: "critical" }));
    await one.settle();
    expect(one.said).toHaveLength(2);
    expect(one.said[1]).toContain("f4-1.1");
    one.append(transition("f1", 1, 2));
    await one.pass(119_000);
    expect(one.said).toHaveLength(2);
    await one.pass(2_000);
    expect(one.said).toHaveLength(3);
  });

  test("tells of an end that came before a restart and the next notice", async () => {
    const one = desk(grouped);
    one.append(transition("f1", 1, 1));
    await one.pass(11_000);
    one.append(transition("f1", 1, 2));
    await one.pass(1_000);
    one.kill();
    await one.pass(2 * minuteMs);
    expect(one.said).toEqual(["f1-1.1", "f1-1.2"]);
  });

  test("counts how often an alert changed that it tells of once", async () => {
    const one = desk(grouped);
    one.append(transition("f1", 1, 1), transition("f1", 1, 2), transition("f1", 5, 1));
    await one.pass(11_000);
    expect(one.told.map(({ alerts }) => alerts)).toMatchObject([
      [{ transition: { id: "f1-5.1" }, changes: 3 }],
    ]);
  });

  test("goes on alert by alert where its notice is refused, so only the bad one is lost", async () => {
    const one = desk(grouped);
    one.answer = ({ alerts }) =>
      alerts.some(({ transition: { instance } }) => instance === "bad")
        ? { kind: "refused", reason: "answered 422" }
        : undefined;
    one.append(transition("f1", 1, 1), transition("bad", 1, 1), transition("f2", 1, 1));
    await one.pass(12_000);
    expect([...one.said].sort()).toEqual(["f1-1.1", "f2-1.1"]);
  });

  test("is tried again under the same key with the same content, and later news go behind it", async () => {
    const one = desk(grouped);
    const keys: string[] = [];
    one.answer = ({ alerts, id }, attempt) => {
      keys.push(`${id} ${alerts.length}`);
      return attempt <= 3 ? failed : undefined;
    };
    one.append(transition("f1", 1, 1), transition("f2", 1, 1));
    await one.pass(10_500);
    one.append(transition("f3", 1, 1));
    one.kill();
    await one.pass(3 * minuteMs);
    expect(new Set(keys.slice(0, 4)).size).toBe(1);
    expect(one.said).toEqual(["f1-1.1 f2-1.1", "f3-1.1"]);
  });

  test("counts what a notice has no room for", async () => {
    const one = desk(grouped);
    one.append(...Array.from({ length: 620 }, (_, n) => transition(`f${n}`, 1, 1)));
    await one.pass(11_000);
    expect(one.told).toHaveLength(1);
    const [{ alerts, leftOut } = { alerts: [], leftOut: 0 }] = one.told;
    expect(alerts.length + leftOut).toBe(620);
    expect(leftOut).toBeGreaterThanOrEqual(120);
  });
});

describe("times and people", () => {
  const mute = { routes: [{ receivers: ["mail"], mute: [{ hours: ["14:00-15:00"] }] }] };

  test("what a mute held and still fires is told when it ends, what ended is counted", async () => {
    const one = desk(mute);
    one.append(transition("f1", 1, 1), transition("f2", 1, 1), transition("f2", 1, 2));
    await one.pass(59 * minuteMs);
    expect(one.said).toEqual([]);
    expect(one.held).toEqual({ muted: 1 });
    expect(one.passed).toBe(2);
    await one.pass(2 * minuteMs);
    expect(one.said).toEqual(["f1-1.1"]);
  }, 30_000);

  test("an end within a mute closes behind it what was told before it", async () => {
    const one = desk({ routes: [{ receivers: ["mail"], mute: [{ hours: ["14:10-14:20"] }] }] });
    one.append(transition("f1", 1, 1));
    await one.pass(11 * minuteMs);
    one.append(transition("f1", 1, 2), transition("f1", 5, 1));
    await one.pass(minuteMs);
    expect(one.said).toEqual(["f1-1.1"]);
    await one.pass(9 * minuteMs);
    expect(one.said).toEqual(["f1-1.1", "f1-1.2", "f1-5.1"]);
  }, 30_000);

  test("a shelf that expires while the alert fires tells of it, an end passes through", async () => {
    const one = desk({});
    one.standings.set("f1", { hidden: "shelved" });
    one.append(transition("f1", 1, 1), transition("f2", 1, 1));
    await one.pass(1_000);
    expect(one.said).toEqual(["f2-1.1"]);
    one.standings.set("f2", { hidden: "shelved" });
    one.append(transition("f2", 1, 2));
    one.standings.delete("f1");
    await one.pass(1_000);
    expect([...one.said].sort()).toEqual(["f1-1.1", "f2-1.1", "f2-1.2"]);
  });

  test("what another alert explained and ended with it is told to nobody", async () => {
    const one = desk({});
    one.standings.set("f1", { hidden: "suppressed" });
    one.append(transition("f1", 1, 1));
    await one.pass(1_000);
    one.append(transition("f1", 1, 2));
    one.standings.delete("f1");
    await one.pass(1_000);
    expect(one.said).toEqual([]);
    expect(one.passed).toBe(2);
  });

  test("a latched alert is told to have ended when it is reset", async () => {
    const one = desk({});
    one.append(transition("f1", 1, 1));
    await one.pass(500);
    one.standings.set("f1", { hidden: "latched" });
    one.append(transition("f1", 1, 2));
    await one.pass(minuteMs);
    expect(one.said).toEqual(["f1-1.1"]);
    one.standings.delete("f1");
    await one.pass(500);
    expect(one.said).toEqual(["f1-1.1", "f1-1.2"]);
  });

  test("an acknowledged alert that rises, and the next episode, are told", async () => {
    const one = desk({});
    one.append(transition("f1", 1, 1));
    await one.pass(500);
    one.standings.set("f1", { acked: true });
    one.append(transition("f1", 1, 3, { severity: "critical" }));
    one.append(transition("f1", 9, 1));
    await one.pass(500);
    expect(one.said).toEqual(["f1-1.1", "f1-1.3", "f1-9.1"]);
  });
});

describe("telling again", () => {
  const repeating = { repeat_interval: "10m" };

  test("goes on until somebody acknowledges, over restarts, and never after the end", async () => {
    const one = desk(repeating);
    one.append(transition("f1", 1, 1));
    await one.pass(9 * minuteMs);
    one.kill();
    await one.pass(12 * minuteMs);
    expect(one.said).toEqual(["f1-1.1", "repeat: f1-1.1", "repeat: f1-1.1"]);
    expect(new Set(one.told.map(({ id }) => id)).size).toBe(3);
    one.standings.set("f1", { acked: true });
    await one.pass(15 * minuteMs);
    one.append(transition("f1", 1, 2));
    await one.pass(15 * minuteMs);
    expect(one.said.slice(3)).toEqual(["f1-1.2"]);
  }, 30_000);

  test("is nothing where nobody asked for it, however long it fires", async () => {
    const one = desk({});
    one.append(transition("f1", 1, 1));
    await one.pass(500);
    await one.clock.advance(300 * hourMs);
    one.kill();
    await one.pass(1_000);
    expect(one.said).toEqual(["f1-1.1"]);
  });

  test("is as often as the rule says, whatever the route does", async () => {
    const one = desk(repeating);
    one.append(transition("f1", 1, 1, { handling: { renotify_every_ms: 2 * minuteMs } }));
    await one.pass(3 * minuteMs);
    expect(one.said).toEqual(["f1-1.1", "repeat: f1-1.1"]);
  });

  test("adds nothing while the receiver takes nothing", async () => {
    const one = desk(repeating);
    one.answer = () => (one.clock.monotonicMs() < 40 * minuteMs ? failed : undefined);
    one.append(transition("f1", 1, 1));
    await one.pass(49 * minuteMs);
    expect(one.said).toEqual(["f1-1.1"]);
  }, 30_000);
});

describe("an escalation", () => {
  const escalate = { after: "15m", receivers: ["boss"] };
  const routes = { routes: [{ receivers: ["mail"], escalate }] };

  test.each([
    [
      "tells when nobody acknowledged in time, and then of the end",
      false,
      ["escalation: f1-1.1", "f1-1.2"],
    ],
    ["tells nothing when somebody did", true, []],
  ])("%s", async (_, acked, said) => {
    const boss = new TellingDesk(routes);
    boss.start("boss");
    boss.append(
      transition("f1", 1, 1, { observed_at: new Date(boss.clock.wallMs()).toISOString() }),
    );
    await boss.pass(14 * minuteMs);
    expect(boss.said).toEqual([]);
    if (acked) boss.standings.set("f1", { acked });
    await boss.pass(2 * minuteMs);
    boss.append(transition("f1", 1, 2));
    await boss.pass(1_000);
    expect(boss.said).toEqual(said);
  });

  test("tells nothing of what ended before its time", async () => {
    const boss = new TellingDesk(routes);
    boss.start("boss");
    boss.append(
      transition("f1", 1, 1, { observed_at: new Date(boss.clock.wallMs()).toISOString() }),
    );
    await boss.pass(minuteMs);
    boss.append(transition("f1", 1, 2));
    await boss.pass(20 * minuteMs);
    expect(boss.said).toEqual([]);
  });
});

describe("an alert that flaps", () => {
  test("is told once so, and once how it is when it is calm", async () => {
    const one = desk({});
    one.standings.set("f1", { flapping: true });
    one.append(transition("f1", 1, 1));
    for (let n = 0; n < 50; n += 1) {
      one.append(transition("f1", 10 + n, 1), transition("f1", 10 + n, 2));
      await one.pass(500);
    }
    one.standings.delete("f1");
    await one.pass(1_000);
    expect(one.told.map(({ cause }) => cause)).toEqual(["flapping", "calm"]);
    expect(one.told[1]?.alerts[0].transition.id).toBe("f1-59.2");
  });
});

describe("what is learned late", () => {
  const digest = { late: "digest" };

  test("and is over goes into one digest a gateway, each episode; what fires is told", async () => {
    const one = desk(digest);
    for (let n = 0; n < 20; n += 1) one.append(late(`d${n}`, 1, 1), late(`d${n}`, 1, 2));
    one.append(late("d0", 30, 1), late("d0", 30, 2), late("d0", 50, 1), late("hot", 40, 1));
    await one.pass(20_000);
    expect(one.said).toEqual([]);
    one.hear("plant-a", "gw1");
    await one.pass(10_000);
    const digests = one.told.filter(({ cause }) => cause === "digest");
    expect(digests).toHaveLength(1);
    expect(digests[0]?.alerts).toHaveLength(21);
    expect(digests[0]?.group?.labels).toEqual({ site: "plant-a", gateway: "gw1" });
    const others = one.told.filter(({ cause }) => cause !== "digest");
    expect(others.map(({ alerts }) => alerts[0].transition.id).sort()).toEqual([
      "d0-50.1",
      "hot-40.1",
    ]);
  });

  test("waits for its gateway for ten minutes at most", async () => {
    const one = desk(digest);
    one.append(late("f1", 1, 1));
    await one.pass(9 * minuteMs);
    expect(one.held).toEqual({ late: 1 });
    await one.pass(2 * minuteMs);
    expect(one.said).toEqual(["f1-1.1"]);
  });

  test("and is over is told as any other, or to nobody, where that is wanted", async () => {
    const all = desk({ late: "all" });
    all.append(late("f1", 1, 1), late("f1", 1, 2));
    await all.pass(500);
    expect(all.said).toEqual(["f1-1.1", "f1-1.2"]);
    const none = desk({ late: "none" });
    none.append(late("f1", 1, 1), late("f1", 1, 2), late("f2", 1, 1));
    none.hear("plant-a", "gw1");
    await none.pass(11 * minuteMs);
    expect(none.said).toEqual(["f2-1.1"]);
  });
});

describe("a receiver that gets one alert at a time", () => {
  test("hears of all at once, whatever is grouped, flaps or is late", async () => {
    const one = desk({ ...grouped, late: "digest" }, true);
    one.standings.set("f1", { flapping: true });
    one.append(late("f1", 1, 1), late("f1", 1, 2));
    await one.settle();
    expect(one.said).toEqual(["f1-1.1", "f1-1.2"]);
  });
});

describe("a notifier that is killed anywhere", () => {
  test("tells of every episode, closes what it told of, and repeats only what has the same key", async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant("change" as const), instance: fc.integer({ min: 0, max: 3 }) }),
      fc.record({ kind: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 40_000 }) }),
      fc.record({ kind: fc.constant("kill" as const) }),
      fc.record({ kind: fc.constant("break" as const), times: fc.integer({ min: 1, max: 3 }) }),
      fc.record({ kind: fc.constant("kill while telling" as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const one = desk(grouped);
        const open = new Map<number, number>();
        let failures = 0;
        let killNext = false;
        one.answer = () => {
          if (killNext) {
            killNext = false;
            queueMicrotask(() => one.kill());
          }
          if (failures === 0) return undefined;
          failures -= 1;
          return failed;
        };
        const lastOf = new Map<string, string>();
        for (const [second, next] of steps.entries()) {
          if (next.kind === "change") {
            const began = open.get(next.instance);
            const change = transition(
              `f${next.instance}`,
              began ?? second,
              began === undefined ? 1 : 2,
            );
            if (began === undefined) open.set(next.instance, second);
            else open.delete(next.instance);
            one.append(change);
            lastOf.set(change.instance, change.id);
          } else if (next.kind === "pass") await one.pass(next.ms);
          else if (next.kind === "kill") one.kill();
          else if (next.kind === "break") failures = next.times;
          else killNext = true;
        }
        await one.pass(6 * minuteMs);
        const byId = new Map<string, string>();
        const heard = new Map<string, string>();
        for (const { alerts, id } of one.told) {
          const content = alerts.map(({ transition: told }) => told.id).join(" ");
          expect(byId.get(id) ?? content).toBe(content);
          byId.set(id, content);
          for (const { transition: told } of alerts) heard.set(told.instance, told.id);
        }
        for (const [instance, id] of lastOf) expect(heard.get(instance)).toBe(id);
        const contents = [...byId.values()].flatMap((content) => content.split(" "));
        expect(new Set(contents).size).toBe(contents.length);
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
