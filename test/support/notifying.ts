import { readFile } from "node:fs/promises";
import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { onTestFinished } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import type { AlertTransition } from "../../src/core/alert.ts";
import { notifyLogStream } from "../../src/core/subject.ts";
import { createPoster } from "../../src/notify/http-post.ts";
import {
  createNotifier,
  type Notifier,
  type NotifierDependencies,
} from "../../src/notify/notifier.ts";
import { notifyOptions } from "../../src/notify/options.ts";
import { appendTransition, readHead } from "../../src/stream/alert-log.ts";
import type { Backbone } from "../../src/stream/backbone.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import { readWholeStream } from "../../src/stream/read-whole-stream.ts";
import { alertsStreamContract } from "../../src/stream/stream-contract.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "./backbone.ts";
import { natsServer } from "./nats-server.ts";
import { silentLogger, silentMetrics } from "./silence.ts";

const nowMs = systemClock.wallMs();
/** A moment of the test: this second, counted from a minute before it. */
export const at = (second: number): string =>
  new Date(nowMs - 60_000 + second * 1_000).toISOString();

/** Transition n of the episode of an instance that began at a second. */
export function transition(
  instance: string,
  second: number,
  n: number,
  changes: Partial<AlertTransition> = {},
): AlertTransition {
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
    labels: { site: "plant-a", device: instance },
    annotations: { summary: `${instance} is warm` },
    started_at: at(second),
    fired_at: at(second),
    ended_at: ended ? at(second + 1) : null,
    at: at(second + n - 1),
    observed_at: at(second + n - 1),
    ...changes,
  };
}

/** Appends transitions one after the other. */
export async function append(
  connection: NatsConnection,
  ...transitions: readonly AlertTransition[]
): Promise<void> {
  for (const one of transitions)
    await appendTransition(connection, one, await readHead(connection, one));
}

interface Attempt {
  readonly transition: string;
  readonly outcome: string;
}

/** What the log of attempts has of a receiver, `<id> <outcome>`. */
export async function attempts(connection: NatsConnection, receiver: string): Promise<string[]> {
  const noted: string[] = [];
  await readWholeStream(connection, notifyLogStream, ({ body, natsSubject }) => {
    if (natsSubject !== `notify.${receiver}`) return;
    const attempt: Attempt = JSON.parse(new TextDecoder().decode(body));
    noted.push(`${attempt.transition} ${attempt.outcome}`);
  });
  return noted;
}

/** A running notifier without waits between attempts; it is stopped when the test ends. */
export async function startNotifier(
  backbone: Backbone,
  url: string,
  receivers: object,
  out: (line: string) => void = () => {},
  changes: Partial<NotifierDependencies> = {},
): Promise<Notifier> {
  const notifier = createNotifier({
    backbone,
    backboneOptions: backboneOptionsFor(url),
    options: notifyOptions.parse({ receivers }),
    maxShelveMs: 86_400_000,
    clock: systemClock,
    random: () => 0,
    logger: silentLogger,
    metrics: silentMetrics,
    out,
    readSecret: async () => ({ reveal: () => "s3cret" }),
    createPoster,
    readText: (path) => readFile(path, "utf8"),
    ...changes,
  });
  onTestFinished(() => notifier.stop());
  await notifier.start();
  return notifier;
}

/** A server, a connection to it and the stream of alerts. */
export async function setUpAlerts() {
  const server = await natsServer();
  const backbone = testBackbone(server.url);
  const connection = await connectionOf(backbone);
  await ensureStream(connection, alertsStreamContract(backboneOptionsFor(server.url)));
  return { url: server.url, backbone, connection };
}

/** Ids of what was taken, in order. */
export const idsOf = (
  posts: readonly { readonly body: string; readonly status: number }[],
): string[] => posts.filter(({ status }) => status === 200).map(({ body }) => JSON.parse(body).id);

/** Names of the consumers that the alerts stream has. */
export async function consumersOf(connection: NatsConnection): Promise<string[]> {
  const manager = await jetstreamManager(connection);
  const names: string[] = [];
  for await (const { name } of manager.consumers.list("ALERTS")) names.push(name);
  return names;
}
