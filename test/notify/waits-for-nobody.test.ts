import { jetstream } from "@nats-io/jetstream";
import { describe, expect, test } from "vitest";
import { siteOfAlert } from "../../src/core/alert.ts";
import { alertSubject } from "../../src/core/subject.ts";
import type { Poster } from "../../src/notify/http-post.ts";
import { fastClock } from "../support/fast-clock.ts";
import { append, idsOf, setUpAlerts, startNotifier, transition } from "../support/notifying.ts";
import { webhookServer } from "../support/webhook-server.ts";

const patient = { timeout: 20_000 };
/** Waits as long as they may be. */
const slow = { random: () => 0.999 };

describe("a notifier", () => {
  test("tells of a critical alert at once while more others fail than may be under way", async () => {
    const { url, backbone, connection } = await setUpAlerts();
    const hook = await webhookServer((body) => (body.includes('"poison') ? 500 : 200));
    const poison = Array.from({ length: 100 }, (_, n) => transition(`poison${n}`, 1, 1));
    await Promise.all(poison.map((one) => append(connection, one)));
    const receivers = { hook: { kind: "webhook", url: hook.url } };
    const notifier = await startNotifier(backbone, url, receivers, undefined, slow);
    await expect.poll(() => notifier.state().receivers[0]?.retried, patient).toBe(100);

    await append(connection, transition("f1", 1, 1, { severity: "critical" }));

    await expect.poll(() => idsOf(hook.posts), patient).toEqual(["f1-1.1"]);
    await expect
      .poll(() => notifier.state().receivers[0])
      .toMatchObject({ waiting: 100, retried: 100 });
  });

  test("tells of an alert while more others hang than may be under way", async () => {
    const { url, backbone, connection } = await setUpAlerts();
    const hook = await webhookServer((body) => (body.includes('"poison') ? "nothing" : 200));
    const poison = Array.from({ length: 40 }, (_, n) => transition(`poison${n}`, 1, 1));
    await Promise.all(poison.map((one) => append(connection, one)));
    const receivers = { hook: { kind: "webhook", url: hook.url, timeout: "2m" } };
    const clock = fastClock(5);
    await startNotifier(backbone, url, receivers, undefined, { ...slow, clock });
    await expect.poll(() => hook.posts.length, patient).toBe(40);

    await append(connection, transition("f1", 1, 1));

    await expect.poll(() => idsOf(hook.posts), patient).toEqual(["f1-1.1"]);
  });

  test("goes on behind one alert that fails, however much comes after it", async () => {
    const { url, backbone, connection } = await setUpAlerts();
    // So many over a real socket would take most of a minute.
    const createPoster = (): Poster => async (post) => {
      const status = post.body.includes('"poison') ? 500 : 200;
      return { kind: "answered", status, retryAfter: null, body: "" };
    };
    await append(connection, transition("poison", 1, 1));
    const publish = jetstream(connection).publish.bind(jetstream(connection));
    for (let second = 1; second <= 3; second += 1)
      await Promise.all(
        Array.from({ length: 1_700 }, (_, n) => {
          const one = transition(`f${n}`, second, 1);
          return publish(alertSubject(siteOfAlert(one), one.instance), JSON.stringify(one));
        }),
      );

    const receivers = { hook: { kind: "webhook", url: "http://hook.example/" } };
    const changes = { ...slow, createPoster };
    const notifier = await startNotifier(backbone, url, receivers, undefined, changes);

    const delivered = (): number | undefined => notifier.state().receivers[0]?.delivered;
    await expect.poll(delivered, { timeout: 60_000 }).toBe(5_100);
  }, 90_000);

  test("tells of what is severe first, and counts an instance by its severest", async () => {
    const { url, backbone, connection } = await setUpAlerts();
    let open = false;
    const hook = await webhookServer(() =>
      open ? 200 : { status: 503, headers: { "retry-after": "5" } },
    );
    await append(connection, transition("first", 1, 1));
    const notifier = await startNotifier(backbone, url, {
      hook: { kind: "webhook", url: hook.url },
    });
    await expect.poll(() => notifier.state().receivers[0]?.retried, patient).toBe(1);
    open = true;

    await append(
      connection,
      transition("info", 1, 1, { severity: "info" }),
      transition("warning", 1, 1),
      transition("raised", 1, 1),
      transition("raised", 1, 3, { severity: "critical" }),
      transition("critical", 1, 1, { severity: "critical" }),
    );

    await expect.poll(() => idsOf(hook.posts).length, patient).toBe(6);
    const told = idsOf(hook.posts);
    expect(told.slice(0, 2)).toEqual(["raised-1.1", "critical-1.1"]);
    expect(told.at(-1)).toBe("info-1.1");
  });

  test("leaves a receiver alone for as long as it asks, with every notice", async () => {
    const { url, backbone, connection } = await setUpAlerts();
    const atMs: number[] = [];
    const hook = await webhookServer((_, index) => {
      atMs.push(performance.now());
      return index === 0 ? { status: 429, headers: { "retry-after": "2" } } : 200;
    });
    await append(connection, transition("f1", 1, 1));
    const notifier = await startNotifier(backbone, url, {
      hook: { kind: "webhook", url: hook.url },
    });
    await expect.poll(() => notifier.state().receivers[0]?.retried, patient).toBe(1);

    await append(connection, transition("f2", 1, 1), transition("f3", 1, 1));

    await expect
      .poll(() => idsOf(hook.posts).sort(), patient)
      .toEqual(["f1-1.1", "f2-1.1", "f3-1.1"]);
    const [refused = 0, ...later] = atMs;
    expect(Math.min(...later) - refused).toBeGreaterThan(1_950);
  });

  test("needs few refusals to tell a receiver that takes five at a time", async () => {
    const { url, backbone, connection } = await setUpAlerts();
    let left = 5;
    const refill = setInterval(() => {
      left = 5;
    }, 1_000);
    const hook = await webhookServer(() => {
      left -= 1;
      return left >= 0 ? 200 : { status: 429, headers: { "retry-after": "1" } };
    });
    const all = Array.from({ length: 15 }, (_, n) => transition(`f${n}`, 1, 1));
    await Promise.all(all.map((one) => append(connection, one)));

    await startNotifier(backbone, url, { hook: { kind: "webhook", url: hook.url } });

    await expect.poll(() => idsOf(hook.posts).length, { timeout: 30_000 }).toBe(15);
    clearInterval(refill);
    // At first it is asked by all at once, then by one after each rest.
    expect(hook.posts.filter(({ status }) => status === 429).length).toBeLessThan(10 + 10);
  }, 40_000);

  test("tells of everything that waits as soon as a receiver is back, and says that it is late", async () => {
    const { url, backbone, connection } = await setUpAlerts();
    let down = true;
    const hook = await webhookServer(() => (down ? 502 : 200));
    const begun = Array.from({ length: 20 }, (_, n) => transition(`f${n}`, 1, 1));
    await Promise.all(begun.map((one) => append(connection, one)));
    const receivers = { hook: { kind: "webhook", url: hook.url } };
    const clock = fastClock(10);
    const notifier = await startNotifier(backbone, url, receivers, undefined, { ...slow, clock });
    // Until the waits are of 16 s and more, by the clock of the notifier.
    await expect.poll(() => hook.posts.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(100);
    down = false;

    await append(connection, transition("f0", 1, 2), transition("new", 50, 1));

    await expect.poll(() => idsOf(hook.posts).length, { timeout: 5_000 }).toBe(22);
    const taken = hook.posts
      .filter(({ status }) => status === 200)
      .map(({ body }) => JSON.parse(body));
    const late = taken.filter((body) => body.late_by_receiver).map(({ id }) => id);
    expect(late).toEqual(expect.arrayContaining(begun.map(({ id }) => id)));
    expect(taken.find(({ id }) => id === "f1-1.1").attempt).toBeGreaterThan(3);
    expect(taken.every(({ late }) => late === false)).toBe(true);
    await expect
      .poll(() => notifier.state().receivers[0])
      .toMatchObject({ waiting: 0, failing: undefined });
  }, 60_000);
});
