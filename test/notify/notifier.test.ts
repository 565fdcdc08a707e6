import { createHmac } from "node:crypto";
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { jetstreamManager } from "@nats-io/jetstream";
import { describe, expect, onTestFinished, test } from "vitest";
import { notifyLogStream } from "../../src/core/subject.ts";
import { startNatsServer } from "../../src/nats-server/own-nats-server.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import { alertsStreamContract } from "../../src/stream/stream-contract.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { fastClock } from "../support/fast-clock.ts";
import {
  append,
  at,
  attempts,
  idsOf,
  setUpAlerts,
  startNotifier,
  transition,
} from "../support/notifying.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { webhookServer } from "../support/webhook-server.ts";

const patient = { timeout: 20_000 };

describe("notifier", () => {
  test("writes one line per transition to the log receiver", async () => {
    const { url, backbone, connection } = await setUpAlerts();
    const lines: string[] = [];
    const sentences: string[] = [];
    const all = [transition("f1", 1, 1), transition("f1", 1, 2)];
    await append(connection, ...all);

    const first = await startNotifier(backbone, url, { log: { kind: "log" } }, (line) =>
      lines.push(line),
    );
    await startNotifier(backbone, url, { people: { kind: "log", format: "text" } }, (line) =>
      sentences.push(line),
    );

    await expect.poll(() => [lines.length, sentences.length], patient).toEqual([2, 2]);
    expect(lines.map((line) => JSON.parse(line))).toEqual(all);
    expect(sentences[0]).toMatch(/^FIRING warning cold_chain\/FreezerWarm: f1 is warm \(since /);
    await expect
      .poll(() => first.state().receivers, patient)
      .toMatchObject([{ name: "log", delivered: 2, waiting: 0, standby: false }]);
  });

  test("keeps the order of an instance and the key while a webhook fails", async () => {
    const { url, backbone, connection } = await setUpAlerts();
    const hook = await webhookServer((_, index) => (index < 3 ? 500 : 200));
    await append(
      connection,
      transition("f1", 1, 1),
      transition("f1", 1, 2),
      transition("f1", 9, 1),
    );

    await startNotifier(backbone, url, { hook: { kind: "webhook", url: hook.url } });

    await expect.poll(() => idsOf(hook.posts).length, patient).toBe(3);
    expect(idsOf(hook.posts)).toEqual(["f1-1.1", "f1-1.2", "f1-9.1"]);
    expect(hook.posts.slice(0, 4).map(({ headers }) => headers["idempotency-key"])).toEqual(
      Array.from({ length: 4 }, () => "f1-1.1"),
    );
    await expect
      .poll(() => attempts(connection, "hook"), patient)
      .toEqual([
        "f1-1.1 failed",
        "f1-1.1 failed",
        "f1-1.1 failed",
        "f1-1.1 delivered",
        "f1-1.2 delivered",
        "f1-9.1 delivered",
      ]);
  });

  test("gives up at once what a webhook refuses, keeps a dead letter and goes on", async () => {
    const { url, backbone, connection } = await setUpAlerts();
    const hook = await webhookServer((body) => (body.includes("f1-1.1") ? 422 : 200));
    await append(connection, transition("f1", 1, 1), transition("f1", 1, 2));

    const notifier = await startNotifier(backbone, url, {
      hook: { kind: "webhook", url: hook.url },
    });

    await expect.poll(() => idsOf(hook.posts), patient).toEqual(["f1-1.2"]);
    expect(hook.posts).toHaveLength(2);
    await expect
      .poll(() => attempts(connection, "hook"), patient)
      .toEqual(["f1-1.1 dead-letter", "f1-1.2 delivered"]);
    await expect
      .poll(() => notifier.state().receivers[0], patient)
      .toMatchObject({ deadLetters: 1, delivered: 1 });
  });

  test("tries again what a webhook was too busy for", async () => {
    const { url, backbone, connection } = await setUpAlerts();
    const hook = await webhookServer((_, index) => [429, 408][index] ?? 200);
    await append(connection, transition("f1", 1, 1));

    await startNotifier(backbone, url, { hook: { kind: "webhook", url: hook.url } });

    await expect.poll(() => idsOf(hook.posts), patient).toEqual(["f1-1.1"]);
  });

  test("signs the body and wraps it in a CloudEvent where that is asked for", async () => {
    const { url, backbone, connection } = await setUpAlerts();
    const hook = await webhookServer();
    await append(connection, transition("f1", 1, 1));

    await startNotifier(backbone, url, {
      hook: { kind: "webhook", url: hook.url, format: "cloudevents", secret: { env: "KEY" } },
    });

    await expect.poll(() => hook.posts.length, patient).toBe(1);
    const [post] = hook.posts;
    const signature = createHmac("sha256", "s3cret")
      .update(post?.body ?? "")
      .digest("hex");
    expect(post?.headers).toMatchObject({
      "content-type": "application/cloudevents+json",
      "x-signature": `sha256=${signature}`,
    });
    expect(JSON.parse(post?.body ?? "")).toMatchObject({
      specversion: "1.0",
      id: "f1-1.1",
      type: "io.sluicegate.alert-transition.v1",
      time: at(1),
      data: transition("f1", 1, 1),
    });
  });

  test("lets a receiver that is down delay only itself, and one instance only itself", async () => {
    const { url, backbone, connection } = await setUpAlerts();
    const hook = await webhookServer((body) => (body.includes("f1-") ? 503 : 200));
    const lines: string[] = [];
    await append(
      connection,
      transition("f1", 1, 1),
      transition("f2", 2, 1),
      transition("f3", 3, 1),
    );

    await startNotifier(
      backbone,
      url,
      { log: { kind: "log" }, hook: { kind: "webhook", url: hook.url } },
      (line) => lines.push(line),
    );

    await expect.poll(() => lines.length, patient).toBe(3);
    await expect.poll(() => idsOf(hook.posts).sort(), patient).toEqual(["f2-2.1", "f3-3.1"]);
  });

  test("tells nobody again after a restart, and what it did not get to", async () => {
    const { url, backbone, connection } = await setUpAlerts();
    let down = true;
    const hook = await webhookServer((body) => (down && body.includes("f2-") ? 503 : 200));
    const receivers = { hook: { kind: "webhook", url: hook.url } };
    await append(
      connection,
      transition("f1", 1, 1),
      transition("f2", 2, 1),
      transition("f3", 3, 1),
    );
    const first = await startNotifier(backbone, url, receivers);
    await expect.poll(() => idsOf(hook.posts).length, patient).toBe(2);
    await first.stop();
    down = false;
    await append(connection, transition("f1", 1, 2));

    await startNotifier(backbone, url, receivers);

    await expect.poll(() => idsOf(hook.posts).length, patient).toBe(4);
    expect(idsOf(hook.posts).sort()).toEqual(["f1-1.1", "f1-1.2", "f2-2.1", "f3-3.1"]);
  });

  test("tells nobody again when the alerts stream was restored and filled again", async () => {
    const folder = await tempFolder();
    const copy = join(await tempFolder(), "copy");
    let server = await startNatsServer({ folder });
    onTestFinished(() => server.kill());
    const { port, url } = server;
    const backbone = testBackbone(url);
    const hook = await webhookServer();
    await ensureStream(await connectionOf(backbone), alertsStreamContract(backboneOptionsFor(url)));
    await append(await connectionOf(backbone), transition("f1", 1, 1), transition("f2", 2, 1));
    await server.stop();
    await cp(join(folder, "jetstream"), copy, { recursive: true });
    server = await startNatsServer({ folder, port });
    await startNotifier(backbone, url, { hook: { kind: "webhook", url: hook.url } });
    await append(await connectionOf(backbone), transition("f1", 1, 2), transition("f3", 3, 1));
    await expect.poll(() => idsOf(hook.posts).length, patient).toBe(4);

    await server.stop();
    const alerts = join("jetstream", "$G", "streams", "ALERTS");
    await rm(join(folder, "jetstream", alerts), { recursive: true });
    await cp(join(copy, alerts), join(folder, "jetstream", alerts), { recursive: true });
    server = await startNatsServer({ folder, port });
    const connection = await connectionOf(backbone);
    // In another order than before, as two partitions might.
    await append(connection, transition("f3", 3, 1), transition("f1", 1, 2));
    await append(connection, transition("f3", 3, 2));

    await expect.poll(() => idsOf(hook.posts).length, patient).toBe(5);
    expect(new Set(idsOf(hook.posts)).size).toBe(5);
  });

  test("tells nobody again when the stream is created anew and read from its beginning", async () => {
    const { url, backbone, connection } = await setUpAlerts();
    const hook = await webhookServer();
    await append(connection, transition("f1", 1, 1), transition("f1", 1, 2));
    await startNotifier(backbone, url, { hook: { kind: "webhook", url: hook.url } });
    await expect.poll(() => idsOf(hook.posts).length, patient).toBe(2);

    const manager = await jetstreamManager(connection);
    await manager.streams.delete("ALERTS");
    await ensureStream(connection, alertsStreamContract(backboneOptionsFor(url)));
    await append(
      connection,
      transition("f1", 1, 1),
      transition("f1", 1, 2),
      transition("f1", 9, 1),
    );

    await expect.poll(() => idsOf(hook.posts).length, patient).toBe(3);
    expect(idsOf(hook.posts)).toEqual(["f1-1.1", "f1-1.2", "f1-9.1"]);
  });

  test("keeps what waits in its order when the stream is created anew", async () => {
    const { url, backbone, connection } = await setUpAlerts();
    let well = false;
    const hook = await webhookServer((body) => (well || !body.includes('"f1-') ? 200 : 500));
    const receivers = { hook: { kind: "webhook", url: hook.url } };
    const clock = fastClock(5);
    const all = [transition("f1", 1, 1), transition("f2", 1, 1), transition("f1", 1, 2)];
    await append(connection, ...all);
    const notifier = await startNotifier(backbone, url, receivers, undefined, {
      clock,
      random: () => 0.5,
    });
    await expect.poll(() => notifier.state().receivers[0]?.retried, patient).toBe(1);

    const manager = await jetstreamManager(connection);
    await manager.streams.delete("ALERTS");
    await ensureStream(connection, alertsStreamContract(backboneOptionsFor(url)));
    await append(connection, transition("f3", 1, 1), transition("f3", 1, 2), ...all);
    await expect.poll(() => idsOf(hook.posts).at(-1), patient).toBe("f3-1.2");
    well = true;

    await expect.poll(() => idsOf(hook.posts).length, patient).toBe(5);
    expect(idsOf(hook.posts)).toEqual(["f2-1.1", "f3-1.1", "f3-1.2", "f1-1.1", "f1-1.2"]);
    await expect.poll(() => notifier.state().receivers[0]?.waiting, patient).toBe(0);
  }, 60_000);

  test("stores dead letters again after somebody removed the log of attempts", async () => {
    const { url, backbone, connection } = await setUpAlerts();
    const hook = await webhookServer(() => 400);
    await startNotifier(backbone, url, { hook: { kind: "webhook", url: hook.url } });
    await append(connection, transition("f1", 1, 1));
    await expect.poll(() => attempts(connection, "hook"), patient).toEqual(["f1-1.1 dead-letter"]);

    await (await jetstreamManager(connection)).streams.delete(notifyLogStream);
    await append(connection, transition("f1", 1, 2));

    await expect.poll(() => attempts(connection, "hook"), patient).toEqual(["f1-1.2 dead-letter"]);
  });
});
