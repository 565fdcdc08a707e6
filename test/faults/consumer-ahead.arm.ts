/**
 * Processors whose positions, or whose alerts, are ahead of the streams: the store is replaced by an
 * older copy, as a power cut of the server may leave it, and the gateway fills it again; with the
 * same records, or, where it no longer has them, with later ones in their places.
 */
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { AckPolicy, jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { countTransitions, storedTransitions } from "../support/alerts-stream.ts";
import { waitUntil } from "../support/wait-until.ts";
import { type AlertVerdict, compareTransitions, judgePlay } from "./alert-play.ts";
import type { Arm } from "./arm.ts";
import { olderParts, PlayedSite, quickSaves, readUpTo } from "./consumer-ahead-stream.ts";
import { type Hub, inHub } from "./hub.ts";
import { inWorkFolder } from "./uml/work-folder.ts";

const limitMs = 10_000;

interface Outcome {
  readonly events: number;
  readonly transitions: number;
  readonly verdict: AlertVerdict;
  readonly slowestMs: number;
  /** Times the processor found a stream to be another one, or without its end. */
  readonly noticed: number;
}

export const consumerAhead: Arm = {
  goal: "R14",
  title: "processor ahead of streams that came back older",
  figures: { small: 4, ci: 60, nightly: 600 },
  missing: async () => undefined,
  run: (figure, note) =>
    inWorkFolder(async (folder) => {
      const seed = `consumer-ahead-${Date.now()}`;
      note(`seed ${seed}`);
      const configuration = quickSaves;
      const outcome = await inHub({ folder: join(folder, "hub"), configuration }, (hub) =>
        comeBackOlder(hub, seed, figure, note),
      );
      note("control: a durable consumer");
      const control = await inHub({ folder: join(folder, "control"), configuration }, starve);
      const { slowestMs, verdict } = outcome;
      const { duplicated, lost, reordered, strange } = verdict;
      return {
        runs: figure,
        acked: outcome.events,
        lost,
        duplicated,
        reordered,
        declaredLost: 0,
        control: control.given < control.stored ? "harmed" : "unharmed",
        ok:
          lost + duplicated + reordered + strange === 0 &&
          slowestMs <= limitMs &&
          outcome.noticed > 0,
        notes: [
          ...verdict.examples,
          `${outcome.transitions} transitions, those of an offline run; each stored once`,
          `the newest at most ${(slowestMs / 1_000).toFixed(1)} s after the restart; ${outcome.noticed} times a stream was found older`,
          `a durable consumer got ${control.given} of ${control.stored} new events, ${control.pending} pending`,
        ],
      };
    }),
};

async function comeBackOlder(
  hub: Hub,
  seed: string,
  rounds: number,
  note: (text: string) => void,
): Promise<Outcome> {
  const random = createSeededRandom(seed);
  const site = await PlayedSite.open(hub, seed);
  const { processor, stream } = site;
  let slowestMs = 0;
  for (let round = 0; round < rounds; round += 1) {
    const kind = olderParts[round % olderParts.length] ?? "events";
    const isAnew = kind !== "alerts" && random() < 0.5;
    const lives = !(kind === "everything" && isAnew) && random() < 0.4;
    const isFirst = random() < 0.5;
    note(
      `${kind} older, ${isAnew ? "later records" : "the same"} again, the processor ${lives ? "goes on" : isFirst ? "is there before" : "comes after"}`,
    );
    await playOn(hub, site, 10 + Math.floor(random() * 20));
    await site.copy();
    await playOn(hub, site, 10 + Math.floor(random() * 20));
    await sleep(systemClock, 300);

    if (!lives) await processor.kill();
    const back = { isAnew, alsoReader: kind === "everything" && !lives };
    await site.comeBack(kind, kind === "alerts" ? undefined : back);
    const startedMs = systemClock.monotonicMs();
    if (!lives && isFirst) {
      processor.start();
      await sleep(systemClock, random() * 1_500);
    }
    const filledMs = await hub.connected(async (connection) => {
      stream.play.play(5);
      await stream.fill(connection);
      return systemClock.monotonicMs();
    });
    if (!lives && !isFirst) processor.start();
    await untilRead(hub, site);
    const fromMs = lives || isFirst ? Math.max(startedMs, filledMs) : filledMs;
    slowestMs = Math.max(slowestMs, systemClock.monotonicMs() - fromMs);
  }
  const must = judgePlay(stream.read);
  const stored = await hub.connected(storedTransitions);
  const noticed = processor
    .journal()
    .split(/a stream is not the one that was read|the alerts stream lost transitions/).length;
  return {
    events: stream.play.written.length,
    transitions: must.length,
    verdict: compareTransitions(must, stored),
    slowestMs,
    noticed: noticed - 1,
  };
}

async function playOn(hub: Hub, site: PlayedSite, seconds: number): Promise<void> {
  site.stream.play.play(seconds);
  await site.fill();
  await untilRead(hub, site);
}

/** Waits until the processor has read everything and stored what the rules say of it. */
async function untilRead(hub: Hub, { processor, stream }: PlayedSite): Promise<void> {
  const must = new Set(judgePlay(stream.read).map(({ id }) => id)).size;
  await hub.connected((connection) =>
    waitUntil(
      async () =>
        readUpTo(await processor.status()) === stream.length &&
        (await countTransitions(connection)) >= must,
      `the processor has read ${stream.length} messages and stored ${must} transitions`,
      60_000,
    ),
  );
}

/** The same, read by a durable consumer: only the messages come back older, not what it confirmed. */
async function starve(
  hub: Hub,
): Promise<{ readonly stored: number; readonly given: number; readonly pending: number }> {
  const name = "READ";
  let server = await hub.startServer();
  const over = async <T>(work: (connection: NatsConnection) => Promise<T>): Promise<T> => {
    const connection = await connect({ servers: hub.natsUrl, reconnect: false });
    try {
      return await work(connection);
    } finally {
      await connection.close();
    }
  };
  const publish = async (connection: NatsConnection, count: number): Promise<void> => {
    for (let i = 0; i < count; i += 1) await jetstream(connection).publish("read.it", `${i}`);
  };
  const take = async (connection: NatsConnection, most: number): Promise<number> => {
    const consumer = await jetstream(connection).consumers.get(name, name);
    let taken = 0;
    for await (const message of await consumer.fetch({ max_messages: most, expires: 3_000 })) {
      await message.ackAck();
      taken += 1;
      if (taken === most) break;
    }
    return taken;
  };
  await over(async (connection) => {
    const manager = await jetstreamManager(connection);
    await manager.streams.add({ name, subjects: ["read.>"] });
    await manager.consumers.add(name, { durable_name: name, ack_policy: AckPolicy.Explicit });
    await publish(connection, 20);
    await take(connection, 20);
  });
  await server.stop();
  const messages = join(hub.store, "$G", "streams", name, "msgs");
  await cp(messages, `${hub.store}.msgs`, { recursive: true });
  server = await hub.startServer();
  await over(async (connection) => {
    await publish(connection, 40);
    await take(connection, 40);
  });
  await server.stop();
  await rm(messages, { recursive: true });
  await cp(`${hub.store}.msgs`, messages, { recursive: true });
  await hub.startServer();
  return over(async (connection) => {
    const stored = 10;
    await publish(connection, stored);
    const given = await take(connection, stored);
    const { num_pending } = await (await jetstreamManager(connection)).consumers.info(name, name);
    return { stored, given, pending: num_pending };
  });
}
