import { createHmac } from "node:crypto";
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { describe, expect, onTestFinished, test } from "vitest";
import { startNatsServer } from "../../src/app/own-nats-server.ts";
import { systemClock } from "../../src/app/system-clock.ts";
import type { AlertTransition } from "../../src/core/alert.ts";
import { notifyLogStream } from "../../src/core/subject.ts";
import { createNotifier, type Notifier } from "../../src/notify/notifier.ts";
import { notifyOptions } from "../../src/notify/options.ts";
import { appendTransition, readHead } from "../../src/stream/alert-log.ts";
import type { Backbone } from "../../src/stream/backbone.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import { readWholeStream } from "../../src/stream/read-whole-stream.ts";
import { alertsStreamContract } from "../../src/stream/stream-contract.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { natsServer } from "../support/nats-server.ts";
import { silentLogger, silentMetrics } from "../support/silence.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { webhookServer } from "../support/webhook-server.ts";

const nowMs = systemClock.wallMs();
const at = (second: number): string => new Date(nowMs - 60_000 + second * 1_000).toISOString();

/** Transition n of the episode of an instance that began at a second. */
function transition(instance: string, second: number, n: 1 | 2): AlertTransition {
  const ended = n === 2;
  return {
    schema: "alert.transition/1",
    id: `${instance}-${second}.${n}`,
    episode: `${instance}-${second}`,
    n,
    instance,
    rule: "cold_chain/FreezerWarm",
    rule_rev: "1",
    state: ended ? "ended" : "firing",
    reason: ended ? "normal" : "for_elapsed",
    severity: "warning",
    late: false,
    stale: false,
    labels: { device: instance },
    annotations: { summary: `${instance} is warm` },
    started_at: at(second),
    fired_at: at(second),
    ended_at: ended ? at(second + 1) : null,
    at: at(second + n - 1),
    observed_at: at(second + n - 1),
  };
}

async function append(
  connection: NatsConnection,
  ...transitions: readonly AlertTransition[]
): Promise<void> {
  for (const one of transitions)
    await appendTransition(connection, one, await readHead(connection, one.instance));
}

interface Attempt {
  readonly transition: string;
  readonly outcome: string;
}

async function attempts(connection: NatsConnection, receiver: string): Promise<string[]> {
  const noted: string[] = [];
  await readWholeStream(connection, notifyLogStream, ({ body, natsSubject }) => {
    if (natsSubject !== `notify.${receiver}`) return;
    const attempt: Attempt = JSON.parse(new TextDecoder().decode(body));
    noted.push(`${attempt.transition} ${attempt.outcome}`);
  });
  return noted;
}

async function startNotifier(
  backbone: Backbone,
  url: string,
  receivers: object,
  out: (line: string) => void = () => {},
): Promise<Notifier> {
  const notifier = createNotifier({
    backbone,
    backboneOptions: backboneOptionsFor(url),
    options: notifyOptions.parse({ receivers }),
    clock: systemClock,
    // No waits between attempts.
    random: () => 0,
    logger: silentLogger,
    metrics: silentMetrics,
    out,
    fetch,
    readSecret: async () => ({ reveal: () => "s3cret" }),
  });
  onTestFinished(() => notifier.stop());
  await notifier.start();
  return notifier;
}

async function setUp() {
  const server = await natsServer();
  const backbone = testBackbone(server.url);
  const connection = await connectionOf(backbone);
  await ensureStream(connection, alertsStreamContract(backboneOptionsFor(server.url)));
  return { url: server.url, backbone, connection };
}

const idsOf = (posts: readonly { readonly body: string; readonly status: number }[]): string[] =>
  posts.filter(({ status }) => status === 200).map(({ body }) => JSON.parse(body).id);

describe("notifier", () => {
  test("writes one line per transition to the log receiver", async () => {
    const { url, backbone, connection } = await setUp();
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

    await expect.poll(() => [lines.length, sentences.length]).toEqual([2, 2]);
    expect(lines.map((line) => JSON.parse(line))).toEqual(all);
    expect(sentences[0]).toMatch(/^FIRING warning cold_chain\/FreezerWarm: f1 is warm \(since /);
    expect(first.state().receivers).toMatchObject([{ name: "log", delivered: 2, waiting: 0 }]);
  });

  test("keeps the order of an instance and the key while a webhook fails", async () => {
    const { url, backbone, connection } = await setUp();
    const hook = await webhookServer((_, index) => (index < 3 ? 500 : 200));
    await append(
      connection,
      transition("f1", 1, 1),
      transition("f1", 1, 2),
      transition("f1", 9, 1),
    );

    await startNotifier(backbone, url, { hook: { kind: "webhook", url: hook.url } });

    await expect.poll(() => idsOf(hook.posts).length).toBe(3);
    expect(idsOf(hook.posts)).toEqual(["f1-1.1", "f1-1.2", "f1-9.1"]);
    expect(hook.posts.slice(0, 4).map(({ headers }) => headers["idempotency-key"])).toEqual(
      Array.from({ length: 4 }, () => "f1-1.1"),
    );
    await expect
      .poll(() => attempts(connection, "hook"))
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
    const { url, backbone, connection } = await setUp();
    const hook = await webhookServer((body) => (body.includes("f1-1.1") ? 422 : 200));
    await append(connection, transition("f1", 1, 1), transition("f1", 1, 2));

    const notifier = await startNotifier(backbone, url, {
      hook: { kind: "webhook", url: hook.url },
    });

    await expect.poll(() => idsOf(hook.posts)).toEqual(["f1-1.2"]);
    expect(hook.posts).toHaveLength(2);
    await expect
      .poll(() => attempts(connection, "hook"))
      .toEqual(["f1-1.1 dead-letter", "f1-1.2 delivered"]);
    expect(notifier.state().receivers[0]).toMatchObject({ deadLetters: 1, delivered: 1 });
  });

  test("tries again what a webhook was too busy for", async () => {
    const { url, backbone, connection } = await setUp();
    const hook = await webhookServer((_, index) => [429, 408][index] ?? 200);
    await append(connection, transition("f1", 1, 1));

    await startNotifier(backbone, url, { hook: { kind: "webhook", url: hook.url } });

    await expect.poll(() => idsOf(hook.posts)).toEqual(["f1-1.1"]);
  });

  test("signs the body and wraps it in a CloudEvent where that is asked for", async () => {
    const { url, backbone, connection } = await setUp();
    const hook = await webhookServer();
    await append(connection, transition("f1", 1, 2));

    await startNotifier(backbone, url, {
      hook: { kind: "webhook", url: hook.url, format: "cloudevents", secret: { env: "KEY" } },
    });

    await expect.poll(() => hook.posts.length).toBe(1);
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
      id: "f1-1.2",
      type: "io.sluicegate.alert-transition.v1",
      time: at(2),
      data: transition("f1", 1, 2),
    });
  });

  test("lets a receiver that is down delay only itself, and one instance only itself", async () => {
    const { url, backbone, connection } = await setUp();
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

    await expect.poll(() => lines.length).toBe(3);
    await expect.poll(() => idsOf(hook.posts).sort()).toEqual(["f2-2.1", "f3-3.1"]);
  });

  test("tells nobody again after a restart, and what it did not get to", async () => {
    const { url, backbone, connection } = await setUp();
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
    await expect.poll(() => idsOf(hook.posts).length).toBe(2);
    await first.stop();
    down = false;
    await append(connection, transition("f1", 1, 2));

    await startNotifier(backbone, url, receivers);

    await expect.poll(() => idsOf(hook.posts).length).toBe(4);
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
    await expect.poll(() => idsOf(hook.posts).length, { timeout: 20_000 }).toBe(4);

    await server.stop();
    const alerts = join("jetstream", "$G", "streams", "ALERTS");
    await rm(join(folder, "jetstream", alerts), { recursive: true });
    await cp(join(copy, alerts), join(folder, "jetstream", alerts), { recursive: true });
    server = await startNatsServer({ folder, port });
    const connection = await connectionOf(backbone);
    // In another order than before, as two partitions might.
    await append(connection, transition("f3", 3, 1), transition("f1", 1, 2));
    await append(connection, transition("f3", 3, 2));

    await expect.poll(() => idsOf(hook.posts).length, { timeout: 20_000 }).toBe(5);
    expect(new Set(idsOf(hook.posts)).size).toBe(5);
  });

  test("tells nobody again when the stream is created anew and read from its beginning", async () => {
    const { url, backbone, connection } = await setUp();
    const hook = await webhookServer();
    await append(connection, transition("f1", 1, 1), transition("f1", 1, 2));
    await startNotifier(backbone, url, { hook: { kind: "webhook", url: hook.url } });
    await expect.poll(() => idsOf(hook.posts).length).toBe(2);

    const manager = await jetstreamManager(connection);
    await manager.streams.delete("ALERTS");
    await ensureStream(connection, alertsStreamContract(backboneOptionsFor(url)));
    await append(
      connection,
      transition("f1", 1, 1),
      transition("f1", 1, 2),
      transition("f1", 9, 1),
    );

    await expect.poll(() => idsOf(hook.posts).length, { timeout: 20_000 }).toBe(3);
    expect(idsOf(hook.posts)).toEqual(["f1-1.1", "f1-1.2", "f1-9.1"]);
  });

  test("does not tell a new receiver of what is old news", async () => {
    const { url, backbone, connection } = await setUp();
    const hook = await webhookServer();
    await append(connection, transition("f1", -7_200, 1), transition("f2", 1, 1));

    await startNotifier(backbone, url, { hook: { kind: "webhook", url: hook.url } });

    await expect.poll(() => idsOf(hook.posts)).toEqual(["f2-1.1"]);
  });

  test("stores dead letters again after somebody removed the log of attempts", async () => {
    const { url, backbone, connection } = await setUp();
    const hook = await webhookServer(() => 404);
    await startNotifier(backbone, url, { hook: { kind: "webhook", url: hook.url } });
    await append(connection, transition("f1", 1, 1));
    await expect
      .poll(() => attempts(connection, "hook"), { timeout: 20_000 })
      .toEqual(["f1-1.1 dead-letter"]);

    await (await jetstreamManager(connection)).streams.delete(notifyLogStream);
    await append(connection, transition("f1", 1, 2));

    await expect
      .poll(() => attempts(connection, "hook"), { timeout: 20_000 })
      .toEqual(["f1-1.2 dead-letter"]);
  });
});
