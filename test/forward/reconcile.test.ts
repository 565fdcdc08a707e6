import { jetstreamManager } from "@nats-io/jetstream";
import { headers, type NatsConnection } from "@nats-io/transport-node";
import { describe, expect, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { type Clock, sleep } from "../../src/core/clock.ts";
import { toSeq, toStreamSeq } from "../../src/core/ids.ts";
import type { StreamPosition } from "../../src/core/log-accounts.ts";
import { MemoryLog } from "../support/memory-log.ts";
import { natsServer } from "../support/nats-server.ts";
import { alterAnswers, withoutBatches } from "./alter-answers.ts";
import {
  countingMetrics,
  idsOf,
  origin,
  plainClient,
  readIds,
  startForwarding,
  stream,
  until,
} from "./rig.ts";

const natsSubject = "ev.plant-a.gw1.freezer-07.measurement";

/** Time passes a hundred times faster, so that a minute is over soon. */
const quickClock: Clock = {
  wallMs: () => systemClock.wallMs(),
  monotonicMs: () => systemClock.monotonicMs() * 100,
  setTimer: (delayMs, run) => systemClock.setTimer(delayMs / 100, run),
};

/** Publishes as somebody else; `id` undefined is a publish by hand. */
async function publishAs(connection: NatsConnection, id: string | undefined): Promise<void> {
  const carried = headers();
  if (id !== undefined) carried.set("Ce-Id", id);
  await connection.request(natsSubject, JSON.stringify({ id }), {
    timeout: 5_000,
    headers: carried,
  });
}

/** Forwards the whole log once and stops. */
async function sendAll(url: string, log: MemoryLog): Promise<void> {
  const { stop } = startForwarding(url, log);
  await until("all sent", () => log.confirmed?.seq === log.lastSeq);
  await stop();
}

describe("reconcile", () => {
  test("goes on behind what the stream has when our own note is lost", async () => {
    const server = await natsServer();
    const log = new MemoryLog(origin);
    log.appendMany(50);
    await sendAll(server.url, log);
    log.loseCursor();
    log.appendMany(50);
    await sendAll(server.url, log);
    expect(await readIds(server.url)).toEqual(idsOf(1, 100));
  });

  test("makes a deleted stream again and sends the oldest record held first", async () => {
    const server = await natsServer();
    const log = new MemoryLog(origin);
    log.appendMany(50);
    await sendAll(server.url, log);
    const manager = await jetstreamManager(await plainClient(server.url));
    await manager.streams.delete(stream);
    log.forget(20);
    const { stop } = startForwarding(server.url, log);
    await until("all sent", () => log.confirmed?.seq === 51);
    await stop();
    expect(log.gaps()).toMatchObject([{ from: 1, to: 20, count: 20 }]);
    expect(await readIds(server.url)).toEqual(idsOf(21, 51));
  });

  test("notices a stream that is deleted while it publishes", async () => {
    const server = await natsServer();
    const log = new MemoryLog(origin);
    log.appendMany(50);
    startForwarding(server.url, log);
    await until("first sent", () => log.confirmed?.seq === 50);
    const manager = await jetstreamManager(await plainClient(server.url));
    await manager.streams.delete(stream);
    const deletedMs = Date.now();
    log.appendMany(50);
    await until("all sent", () => log.confirmed?.seq === 100);
    expect(await readIds(server.url)).toEqual(idsOf(1, 100));
    // The server is given time to delete the files of the old one.
    const { created } = await manager.streams.info(stream);
    expect(Date.parse(created) - deletedMs).toBeGreaterThan(1_500);
  });

  describe("when all messages of the stream have expired", () => {
    const empty = async (url: string): Promise<void> => {
      const manager = await jetstreamManager(await plainClient(url));
      const { config } = await manager.streams.info(stream);
      const brief = { max_age: 100_000_000, duplicate_window: 100_000_000 };
      await manager.streams.update(stream, { ...config, ...brief });
      await until(
        "stream empty",
        async () => (await manager.streams.info(stream)).state.messages === 0,
      );
      const long = { max_age: config.max_age, duplicate_window: config.duplicate_window };
      await manager.streams.update(stream, { ...config, ...long });
    };

    test("goes on behind what was noted as confirmed", async () => {
      const server = await natsServer();
      const log = new MemoryLog(origin);
      log.appendMany(50);
      await sendAll(server.url, log);
      await empty(server.url);
      log.appendMany(10);
      await sendAll(server.url, log);
      expect(await readIds(server.url)).toEqual(idsOf(51, 60));
      expect(log.gaps()).toEqual([]);
    });

    test("counts what was stored without our knowing as confirmed", async () => {
      const server = await natsServer();
      const log = new MemoryLog(origin);
      log.appendMany(50);
      await sendAll(server.url, log);
      const [early] = log.confirmations;
      const behind = new MemoryLog(origin, "run00002", log);
      await empty(server.url);
      behind.loseCursor();
      if (early) behind.confirm({ ...early, seq: toSeq(20), streamSeq: toStreamSeq(20) });
      behind.appendMany(10);
      await sendAll(server.url, behind);
      expect(await readIds(server.url)).toEqual(idsOf(51, 60, "run00002"));
    });
  });

  test("goes on behind a message that was published by hand", async () => {
    const server = await natsServer();
    const log = new MemoryLog(origin);
    log.appendMany(10);
    await sendAll(server.url, log);
    await publishAs(await plainClient(server.url), undefined);
    log.appendMany(10);
    await sendAll(server.url, log);
    expect(await readIds(server.url)).toEqual([...idsOf(1, 10), "-", ...idsOf(11, 20)]);
  });

  test("sends everything again into a stream that somebody made anew and wrote into", async () => {
    const server = await natsServer();
    const log = new MemoryLog(origin);
    log.appendMany(10);
    await sendAll(server.url, log);
    const client = await plainClient(server.url);
    const manager = await jetstreamManager(client);
    const { config } = await manager.streams.info(stream);
    await manager.streams.delete(stream);
    await manager.streams.add(config);
    for (let i = 0; i < 12; i += 1) await publishAs(client, undefined);
    const behind = new MemoryLog(origin, "run00002", log);
    behind.appendMany(5);
    await sendAll(server.url, behind);
    const ids = await readIds(server.url);
    expect(ids.slice(12)).toEqual([...idsOf(1, 10), ...idsOf(11, 15, "run00002")]);
  });

  test.each([1, 3])(
    "sends again what the backbone lost, also where it lost %i of 10",
    async (lost) => {
      const server = await natsServer();
      const log = new MemoryLog(origin);
      log.appendMany(10);
      await sendAll(server.url, log);
      const client = await plainClient(server.url);
      const manager = await jetstreamManager(client);
      const { config } = await manager.streams.info(stream);
      // As an older copy of the server's store would be.
      await manager.streams.delete(stream);
      await manager.streams.add(config);
      for (const id of idsOf(1, 10 - lost)) await publishAs(client, id);
      const metrics = countingMetrics();
      startForwarding(server.url, log, { metrics });
      await until("all sent again", async () => (await readIds(server.url)).length === 10);
      expect(await readIds(server.url)).toEqual(idsOf(1, 10));
      expect(metrics.total("gateway_forward_regressions_total")).toBe(1);
      expect(log.gaps()).toEqual([]);
    },
  );

  test("publishes and confirms nothing until the log has answered a step back", async () => {
    const server = await natsServer();
    const steps = { asked: () => {}, answer: () => {} };
    const asked = new Promise<void>((resolve) => {
      steps.asked = resolve;
    });
    const answered = new Promise<void>((resolve) => {
      steps.answer = resolve;
    });
    class SlowLog extends MemoryLog {
      override async regress(position: StreamPosition | undefined): Promise<number> {
        steps.asked();
        await answered;
        return super.regress(position);
      }
    }
    const log = new SlowLog(origin);
    log.appendMany(10);
    await sendAll(server.url, log);
    const client = await plainClient(server.url);
    const manager = await jetstreamManager(client);
    const { config } = await manager.streams.info(stream);
    await manager.streams.delete(stream);
    await manager.streams.add(config);
    for (const id of idsOf(1, 7)) await publishAs(client, id);
    const confirmations = log.confirmations.length;
    startForwarding(server.url, log);
    await asked;
    log.appendMany(5);
    // Time for many publishes.
    for (let look = 0; look < 5; look += 1) expect(await readIds(server.url)).toEqual(idsOf(1, 7));
    expect(log.confirmations).toHaveLength(confirmations);
    steps.answer();
    await until("all sent", () => log.confirmed?.seq === 15);
    expect(await readIds(server.url)).toEqual(idsOf(1, 15));
  });

  test("goes on when a message is published by hand while it is idle", async () => {
    const server = await natsServer();
    const log = new MemoryLog(origin);
    log.appendMany(10);
    startForwarding(server.url, log, { clock: quickClock });
    await until("first sent", () => log.confirmed?.seq === 10);
    await publishAs(await plainClient(server.url), undefined);
    log.appendMany(10);
    await until("all sent", () => log.confirmed?.seq === 20);
    expect(await readIds(server.url)).toEqual([...idsOf(1, 10), "-", ...idsOf(11, 20)]);
  });

  test("sends a record with a new id when a message published by hand took its place", async () => {
    const server = await natsServer();
    const log = new MemoryLog(origin);
    log.appendMany(60_000);
    // Where the server ends a batch at the stranger's message, nothing behind it is stored.
    startForwarding(await alterAnswers(server.port, withoutBatches), log);
    const stranger = await plainClient(server.url);
    for (let i = 1; i <= 5; i += 1) {
      await until("in full flow", () => (log.confirmed?.seq ?? 0) > i * 2_000);
      await publishAs(stranger, undefined);
    }
    await until("all sent", () => log.confirmed?.seq === log.lastSeq);
    const displaced = log.gaps().map((gap) => gap.from);
    expect(displaced.length).toBeGreaterThan(0);
    // A copy and a gap event for each.
    expect(log.lastSeq).toBe(60_000 + 2 * displaced.length);
    const ids = (await readIds(server.url)).filter((id) => id !== "-");
    const stored = new Set(ids);
    expect(stored.size).toBe(ids.length);
    const missing = new Set(idsOf(1, log.lastSeq).filter((id) => !stored.has(id)));
    expect([...missing]).toEqual(displaced.flatMap((seq) => idsOf(seq, seq)));
    const numbers = log.numbers((record) => !missing.has(`gw1.run00001.${record.seq}`));
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 60_000 }, (_, i) => i + 1));
  });

  describe("when the last event is of a run that the log never wrote", () => {
    test("is blocked while that writer may be alive, then takes over with a gap event", async () => {
      const server = await natsServer();
      const other = new MemoryLog(origin, "other001");
      other.appendMany(3);
      await sendAll(server.url, other);
      const log = new MemoryLog(origin);
      log.appendMany(5);
      const { forwarder } = startForwarding(server.url, log, { clock: quickClock });
      await until("blocked", () => forwarder.state().kind === "blocked");
      expect(forwarder.state().reason).toContain("another gateway named gw1 is alive");
      expect(await readIds(server.url)).toHaveLength(3);
      await until("taken over", () => log.confirmed?.seq === 6);
      expect(log.gaps()).toMatchObject([{ run: "other001", reason: "identity-changed" }]);
      expect(await readIds(server.url)).toEqual([...idsOf(1, 3, "other001"), ...idsOf(1, 6)]);
    });

    test("stays blocked when this log had published before, until told to take over", async () => {
      const server = await natsServer();
      const log = new MemoryLog(origin);
      log.appendMany(5);
      await sendAll(server.url, log);
      await publishAs(await plainClient(server.url), "gw1.other001.77");
      log.appendMany(5);
      const patient = startForwarding(server.url, log, { clock: quickClock });
      await until("old", () => patient.forwarder.state().reason?.includes("--take-over") ?? false);
      await patient.stop();
      expect(log.confirmed?.seq).toBe(5);
      startForwarding(server.url, log, { clock: quickClock, takeOver: true });
      await until("taken over", () => log.confirmed?.seq === 11);
      expect(await readIds(server.url)).toEqual([
        ...idsOf(1, 5),
        "gw1.other001.77",
        ...idsOf(6, 11),
      ]);
    });

    test.each([2, 9])("takes over behind what is stored, also when it noted %i of 5", async (n) => {
      const server = await natsServer();
      const log = new MemoryLog(origin);
      log.appendMany(5);
      await sendAll(server.url, log);
      await publishAs(await plainClient(server.url), "gw1.other001.77");
      log.appendMany(5);
      log.loseCursor();
      log.confirm({ run: log.run, seq: toSeq(n), streamSeq: toStreamSeq(n) });
      startForwarding(server.url, log, { clock: quickClock, takeOver: true });
      await until("taken over", () => log.confirmed?.seq === 11);
      const ids = await readIds(server.url);
      expect(ids).toEqual([...idsOf(1, 5), "gw1.other001.77", ...idsOf(6, 11)]);
    });

    test("is blocked when another gateway of its name takes the stream over from it", async () => {
      const server = await natsServer();
      const mine = new MemoryLog(origin);
      mine.appendMany(5);
      const { forwarder } = startForwarding(server.url, mine);
      await until("all sent", () => mine.confirmed?.seq === 5);
      await publishAs(await plainClient(server.url), "gw1.other001.1");
      // In full flow a strange message only displaces one event; here nothing was under way.
      await sleep(systemClock, 100);
      mine.appendMany(5);
      await until("blocked", () => forwarder.state().kind === "blocked");
      expect(forwarder.state().reason).toContain("another gateway named gw1 is alive");
      expect(await readIds(server.url)).toEqual([...idsOf(1, 5), "gw1.other001.1"]);
    });
  });

  test("continues with the new run when the stream has more of the old one than the log", async () => {
    const server = await natsServer();
    const whole = new MemoryLog(origin);
    whole.appendMany(30);
    const restored = new MemoryLog(origin);
    restored.appendMany(10);
    await sendAll(server.url, whole);
    const log = new MemoryLog(origin, "run00002", restored);
    log.appendMany(10);
    startForwarding(server.url, log);
    await until("all sent", () => log.confirmed?.seq === 20);
    expect(await readIds(server.url)).toEqual([...idsOf(1, 30), ...idsOf(11, 20, "run00002")]);
  });

  test("continues with the new run also when it has grown past the old one's end", async () => {
    const server = await natsServer();
    const whole = new MemoryLog(origin);
    whole.appendMany(30);
    const restored = new MemoryLog(origin);
    restored.appendMany(10);
    await sendAll(server.url, whole);
    const log = new MemoryLog(origin, "run00002", restored);
    log.appendMany(90);
    startForwarding(server.url, log);
    await until("all sent", () => log.confirmed?.seq === 100);
    expect(await readIds(server.url)).toEqual([...idsOf(1, 30), ...idsOf(11, 100, "run00002")]);
  });
});
