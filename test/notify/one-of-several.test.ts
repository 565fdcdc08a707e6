import { Kvm } from "@nats-io/kv";
import type { NatsConnection } from "@nats-io/transport-node";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Clock } from "../../src/core/clock.ts";
import type { Logger } from "../../src/core/logger.ts";
import { positionsBucket } from "../../src/core/subject.ts";
import { testBackbone } from "../support/backbone.ts";
import { fastClock } from "../support/fast-clock.ts";
import {
  append,
  consumersOf,
  idsOf,
  setUpAlerts,
  startNotifier,
  transition,
} from "../support/notifying.ts";
import { silentLogger } from "../support/silence.ts";
import { webhookServer } from "../support/webhook-server.ts";

const patient = { timeout: 20_000 };

/** Writes the cursor as it is, as another process would. */
async function fence(connection: NatsConnection): Promise<void> {
  const bucket = await new Kvm(connection).open(positionsBucket);
  const entry = await bucket.get("notify.hook");
  if (entry) await bucket.put("notify.hook", entry.value);
}

describe("several notifiers", () => {
  test("tell a receiver of each transition once, also while it fails", async () => {
    const { url, backbone, connection } = await setUpAlerts();
    let down = true;
    const hook = await webhookServer(() => (down ? 500 : 200));
    const receivers = { hook: { kind: "webhook", url: hook.url } };
    const all = Array.from({ length: 10 }, (_, n) => transition(`f${n}`, 1, 1));
    await append(connection, ...all);
    const one = await startNotifier(backbone, url, receivers);
    const other = await startNotifier(testBackbone(url, "other"), url, receivers);
    const standbys = (): number =>
      [one, other].filter((notifier) => notifier.state().receivers[0]?.standby).length;
    await expect.poll(standbys, patient).toBe(1);
    down = false;

    await expect.poll(() => idsOf(hook.posts).length, patient).toBe(10);
    await append(connection, ...all.map(({ instance }) => transition(instance, 1, 2)));
    await expect.poll(() => idsOf(hook.posts).length, patient).toBe(20);
    expect(new Set(idsOf(hook.posts)).size).toBe(20);
  });

  test("hand a receiver over when one stops, with what it did not get to", async () => {
    const { url, backbone, connection } = await setUpAlerts();
    const hook = await webhookServer((_, index) => (index < 3 ? 500 : 200));
    const receivers = { hook: { kind: "webhook", url: hook.url } };
    const first = await startNotifier(backbone, url, receivers, undefined, { random: () => 1 });
    await append(connection, transition("f1", 1, 1));
    await expect.poll(() => hook.posts.length, patient).toBeGreaterThan(0);
    const second = await startNotifier(testBackbone(url, "second"), url, receivers);
    await expect.poll(() => second.state().receivers[0]?.standby, patient).toBe(true);

    await first.stop();

    await expect.poll(() => idsOf(hook.posts), patient).toEqual(["f1-1.1"]);
    expect(JSON.parse(hook.posts.at(-1)?.body ?? "").attempt).toBe(4);
    expect(second.state().receivers[0]?.standby).toBe(false);
  });

  test("take over from one that is gone without a word", async () => {
    const { url, connection } = await setUpAlerts();
    const hook = await webhookServer();
    const receivers = { hook: { kind: "webhook", url: hook.url } };
    const lost = testBackbone(url, "lost");
    await startNotifier(lost, url, receivers);
    await append(connection, transition("f1", 1, 1));
    await expect.poll(() => idsOf(hook.posts), patient).toEqual(["f1-1.1"]);
    await lost.close();
    await append(connection, transition("f1", 1, 2));

    const clock = fastClock(10);
    await startNotifier(testBackbone(url, "next"), url, receivers, undefined, { clock });

    await expect.poll(() => idsOf(hook.posts).at(-1), patient).toBe("f1-1.2");
  });

  test("leave no consumer behind when one is fenced in the midst of much to tell", async () => {
    const { url, backbone, connection } = await setUpAlerts();
    const hook = await webhookServer(() => 500);
    const all = Array.from({ length: 600 }, (_, n) => transition(`f${n}`, 1, 1));
    await Promise.all(all.map((one) => append(connection, one)));
    const receivers = { hook: { kind: "webhook", url: hook.url } };
    const notifier = await startNotifier(backbone, url, receivers, undefined, {
      clock: fastClock(10),
      random: () => 0.2,
    });
    for (let time = 0; time < 3; time += 1) {
      const { length } = hook.posts;
      await expect.poll(() => hook.posts.length, patient).toBeGreaterThan(length);
      // One follows what the receiver is told of, two what the board is made of.
      await expect.poll(() => consumersOf(connection), patient).toHaveLength(3);
      const before = await consumersOf(connection);
      await fence(connection);
      const left = async (): Promise<boolean> => {
        const now = await consumersOf(connection);
        return before.every((name) => now.includes(name));
      };
      await expect.poll(left, patient).toBe(false);
    }
    await notifier.stop();

    expect(await consumersOf(connection)).toEqual([]);
  }, 60_000);

  test("wait no longer after the tenth time that one was fenced than after the first", async () => {
    const { url, backbone, connection } = await setUpAlerts();
    const waits: number[] = [];
    let left = 0;
    const fast = fastClock(20);
    const clock: Clock = {
      ...fast,
      setTimer(delayMs, run) {
        waits.push(delayMs);
        return fast.setTimer(delayMs, run);
      },
    };
    const logger: Logger = {
      ...silentLogger,
      warn: (message) => {
        if (message === "a receiver is left for now") left += 1;
      },
    };
    const hook = await webhookServer();
    // Waits as long as they may be: a tenth one that doubles each time would be 30 s.
    const random = (): number => 0.999;
    const receivers = { hook: { kind: "webhook", url: hook.url } };
    await startNotifier(backbone, url, receivers, undefined, { clock, logger, random });
    for (let time = 1; time <= 10; time += 1) {
      await append(connection, transition("f1", time, 1, { handling: { flapping: "off" } }));
      await expect.poll(() => idsOf(hook.posts), patient).toContain(`f1-${time}.1`);
      await fence(connection);
      await append(connection, transition("f2", time, 1, { handling: { flapping: "off" } }));
      await expect.poll(() => left, patient).toBeGreaterThanOrEqual(time);
    }

    await append(connection, transition("f1", 11, 1));

    await expect.poll(() => idsOf(hook.posts), patient).toContain("f1-11.1");
    expect(waits.filter((ms) => ms > 10_000)).toEqual([]);
  }, 60_000);

  test("leave a receiver to whoever has its lease", async () => {
    const { url, backbone, connection } = await setUpAlerts();
    const hook = await webhookServer();
    const receivers = { hook: { kind: "webhook", url: hook.url } };
    const notifier = await startNotifier(backbone, url, receivers, undefined, {
      clock: fastClock(5),
    });
    await append(connection, transition("f1", 1, 1));
    await expect.poll(() => idsOf(hook.posts), patient).toEqual(["f1-1.1"]);
    const other = setInterval(() => {
      connection.publish("$KV.leases.notify.hook", JSON.stringify({ holder: "somebody" }));
    }, 50);
    onTestFinished(() => clearInterval(other));
    await expect.poll(() => notifier.state().receivers[0]?.standby, patient).toBe(true);

    await append(connection, transition("f1", 1, 2));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(idsOf(hook.posts)).toEqual(["f1-1.1"]);
    clearInterval(other);

    await expect.poll(() => idsOf(hook.posts), patient).toEqual(["f1-1.1", "f1-1.2"]);
  }, 60_000);
});
