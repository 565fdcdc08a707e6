import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import { startNatsServer } from "../../src/nats-server/own-nats-server.ts";
import { openCable } from "../../src/simulate/cable.ts";
import { MemoryLog } from "../support/memory-log.ts";
import { natsServer } from "../support/nats-server.ts";
import { tempFolder } from "../support/temp-folder.ts";
import {
  idsOf,
  lastStreamSeq,
  origin,
  plainClient,
  readIds,
  startForwarding,
  until,
} from "./rig.ts";

describe("forwarder under faults", () => {
  test("starts without a server and sends everything once there is one", async () => {
    const placeholder = await natsServer();
    await placeholder.kill();
    const log = new MemoryLog(origin);
    log.appendMany(1_000);
    const { forwarder, backbone } = startForwarding(placeholder.url, log);
    await until(
      "refused",
      () => backbone.state.kind === "disconnected" && !!backbone.state.failure,
    );
    expect(forwarder.state().kind).toBe("offline");
    expect(forwarder.state().reason).toContain(String(placeholder.port));
    log.appendMany(1_000);
    const server = await natsServer({ port: placeholder.port });
    await until("all sent", () => log.confirmed?.seq === 2_000);
    expect(await readIds(server.url)).toEqual(idsOf(1, 2_000));
  });

  test("stores each record once and in order across 20 kills of the server under load", async () => {
    const folder = await tempFolder();
    let server = await startNatsServer({ folder });
    onTestFinished(() => server.kill());
    const { port } = server;
    const log = new MemoryLog(origin);
    startForwarding(server.url, log);
    let feeding = true;
    const feed = (async () => {
      while (feeding) {
        if (log.lastSeq - (log.confirmed?.seq ?? 0) < 20_000) log.appendMany(400);
        await sleep(systemClock, 5);
      }
    })();
    for (let kill = 0; kill < 20; kill += 1) {
      const before = log.confirmed?.seq ?? 0;
      await until("some sent", () => (log.confirmed?.seq ?? 0) > before + 100 * (kill % 7));
      await server.kill();
      server = await startNatsServer({ folder, port });
    }
    feeding = false;
    await feed;
    await until("all sent", () => log.confirmed?.seq === log.lastSeq);
    expect(await readIds(server.url)).toEqual(idsOf(1, log.lastSeq));
    expect(log.gaps()).toEqual([]);
  });

  test("stores each record once and in order when the cable is pulled in mid-window", async () => {
    const server = await natsServer();
    const cable = await openCable({ host: "127.0.0.1", port: server.port });
    onTestFinished(() => cable.close());
    const log = new MemoryLog(origin);
    const { forwarder } = startForwarding(`nats://127.0.0.1:${cable.port}`, log);
    for (let pull = 0; pull < 10; pull += 1) {
      const before = log.confirmed?.seq ?? 0;
      // What the server answers is held, so that records are stored and their answers lost.
      if (pull % 2 === 0) {
        await until("linked", () => forwarder.state().kind === "linked");
        cable.stall("answers");
      }
      log.appendMany(2_000);
      if (pull % 2 === 1) await until("some sent", () => (log.confirmed?.seq ?? 0) > before);
      else await until("some stored", async () => (await lastStreamSeq(server.url)) > before);
      cable.unplug();
      cable.resume();
      cable.plug();
    }
    await until("all sent", () => log.confirmed?.seq === log.lastSeq);
    expect(await readIds(server.url)).toEqual(idsOf(1, log.lastSeq));
  });

  describe("when an old connection delivers its bytes after the new one has published", () => {
    const runStall = async (fenced: boolean): Promise<string[]> => {
      const server = await natsServer();
      const old = await openCable({ host: "127.0.0.1", port: server.port });
      onTestFinished(() => old.close());
      const before = new MemoryLog(origin);
      // No time passes, so the lane is not idle when the five come.
      const clock = { ...systemClock, monotonicMs: () => 0 };
      const first = startForwarding(`nats://127.0.0.1:${old.port}`, before, { fenced, clock });
      before.appendMany(10);
      await until("first ten sent", () => before.confirmed?.seq === 10);
      old.stall("both");
      before.appendMany(5);
      await until("five on their way", () => first.forwarder.state().inFlight === 5);
      const [lastHeld] = idsOf(15, 15);
      // What arrives at the server is seen by any subscriber, stored or not.
      const observer = await plainClient(server.url);
      let publishes = 0;
      observer.subscribe("ev.>", {
        callback: (_failure, message) => {
          if (message.headers?.get("Ce-Id") === lastHeld) publishes += 1;
        },
      });
      await observer.flush();
      // A restart: the old process is gone, its bytes are still in the network.
      await first.backbone.close();
      await first.stop();
      const log = new MemoryLog(origin, "run00002", before);
      log.appendMany(5);
      startForwarding(server.url, log, { fenced });
      await until("all sent", () => log.confirmed?.seq === 20);
      old.resume();
      await until("old bytes read", () => publishes === 2);
      return readIds(server.url);
    };

    test("stores nothing twice", async () => {
      const ids = await runStall(true);
      expect(ids).toEqual([...idsOf(1, 15), ...idsOf(16, 20, "run00002")]);
    });

    test("stores records twice when the fence is left out", async () => {
      const ids = await runStall(false);
      expect(ids.length - new Set(ids).size).toBe(5);
    });
  });

  test("sends again what is missing after the store came back from an older copy", async () => {
    const folder = await tempFolder();
    const store = join(folder, "jetstream");
    let server = await startNatsServer({ folder });
    onTestFinished(() => server.kill());
    const { port } = server;
    const log = new MemoryLog(origin);
    startForwarding(server.url, log);
    log.appendMany(100);
    await until("first sent", () => log.confirmed?.seq === 100);
    await server.stop();
    await cp(store, join(folder, "copy"), { recursive: true });
    server = await startNatsServer({ folder, port });
    log.appendMany(100);
    await until("second sent", () => log.confirmed?.seq === 200);
    // The hold-back ended in the middle of what the backbone is about to lose.
    log.forget(130);
    await server.kill();
    await rm(store, { recursive: true });
    await cp(join(folder, "copy"), store, { recursive: true });
    server = await startNatsServer({ folder, port });
    await until("gap declared and all sent", () => log.confirmed?.seq === 201);
    expect(log.gaps()).toEqual([
      {
        run: "run00001",
        from: 101,
        to: 130,
        count: 30,
        class: "mixed",
        reason: "backbone-regressed",
      },
    ]);
    expect(await readIds(server.url)).toEqual([...idsOf(1, 100), ...idsOf(131, 201)]);
  });
});
