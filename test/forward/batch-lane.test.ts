/** What only batches do, or fail to do. */
import { join } from "node:path";
import { jetstreamManager, type StreamConfig } from "@nats-io/jetstream";
import { describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import { toStreamSeq } from "../../src/core/ids.ts";
import { openBatchLane } from "../../src/forward/batch-lane.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import { backboneOptions } from "../../src/stream/options.ts";
import { gatewayStreamContract } from "../../src/stream/stream-contract.ts";
import { currentServer, envOf } from "../support/current-nats-server.ts";
import { MemoryLog } from "../support/memory-log.ts";
import { natsServer } from "../support/nats-server.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { alterAnswers } from "./alter-answers.ts";
import { idsOf, origin, plainClient, readIds, startForwarding, stream, until } from "./rig.ts";

const serve = () => natsServer(envOf(currentServer));

/** What is published below `ev.`, as `number.role`; `-` where no batch is named. */
async function watchRoles(url: string): Promise<readonly string[]> {
  const observer = await plainClient(url);
  const roles: string[] = [];
  observer.subscribe("ev.>", {
    callback: (_failure, { reply }) => {
      roles.push(/\.fail\.(\d+\.\d)\.\$FI$/.exec(reply ?? "")?.[1] ?? "-");
    },
  });
  await observer.flush();
  return roles;
}

async function changeStream(url: string, change: Partial<StreamConfig>): Promise<void> {
  const { streams } = await jetstreamManager(await plainClient(url));
  const { config } = await streams.info(stream);
  await streams.update(stream, { ...config, ...change });
}

const sent = (log: MemoryLog) =>
  until("all sent", () => log.lastSeq > 0 && log.confirmed?.seq === log.lastSeq);

describe.skipIf(currentServer === undefined)("the lane of batches", () => {
  test("sends a backlog as one batch and ends it, and what comes seldom each by itself", async () => {
    const server = await serve();
    const roles = await watchRoles(server.url);
    const log = new MemoryLog(origin);
    log.appendMany(2_000);
    startForwarding(server.url, log);
    await sent(log);
    await until("its end is seen", () => roles.at(-1)?.endsWith(".3") === true);
    // A machine that stands still for a tenth of a second has more than one.
    const begun = roles.filter((role) => role === "1.0").length;
    expect(roles.filter((role) => role.endsWith(".3"))).toHaveLength(begun);
    expect(begun).toBeLessThan(50);
    const before = roles.length;
    for (let n = 1; n <= 3; n += 1) {
      await sleep(systemClock, 300);
      log.appendMany(1);
      await sent(log);
      await until("seen", () => roles.length === before + n);
    }
    expect(roles.slice(before)).toEqual(["1.2", "1.2", "1.2"]);
    expect(await readIds(server.url)).toEqual(idsOf(1, 2_003));
  });

  test("leaves no batch open for the server to give up", async () => {
    const server = await serve();
    const log = new MemoryLog(origin);
    log.appendMany(1_000);
    startForwarding(server.url, log);
    await sent(log);
    // The server lets a batch have as many messages for an answer as it asks for when it is the only one.
    const stranger = await plainClient(server.url);
    const answer = new Promise<unknown>((resolve) => {
      stranger.subscribe("_INBOX.other.>", { callback: (_, message) => resolve(message.json()) });
    });
    const reply = "_INBOX.other.b1.100.fail.1.0.$FI";
    await until("it rests", async () => {
      await sleep(systemClock, 300);
      return true;
    });
    stranger.publish("ev.plant-a.gw1.x.measurement", "by hand", { reply });
    expect(await answer).toEqual({ type: "ack", seq: 0, msgs: 100 });
  });

  test("sets one record aside, not a window of them, where the stream is given a limit", async () => {
    const server = await serve();
    const log = new MemoryLog(origin);
    log.appendMany(10);
    const { forwarder } = startForwarding(server.url, log);
    await sent(log);
    await changeStream(server.url, { max_msg_size: 300 });
    log.appendMany(200, 1_000);
    await until("blocked", () => forwarder.state().reason?.includes("max_msg_size") === true);
    expect(log.gaps()).toMatchObject([{ count: 1, reason: "set-aside" }]);
    await changeStream(server.url, { max_msg_size: -1 });
    await sent(log);
    expect(await readIds(server.url)).toEqual([...idsOf(1, 10), ...idsOf(12, 211)]);
  });

  test("leaves no batch open either whose last record the stream refuses", async () => {
    const server = await serve();
    const log = new MemoryLog(origin);
    const { forwarder } = startForwarding(server.url, log);
    await until("there", () => forwarder.state().kind === "linked");
    await changeStream(server.url, { max_msg_size: 10_000 });
    log.appendMany(5);
    log.appendMany(1, 20_000);
    await until("set aside", () => log.gaps().length === 1);
    const stranger = await plainClient(server.url);
    const answer = new Promise<unknown>((resolve) => {
      stranger.subscribe("_INBOX.other.>", { callback: (_, message) => resolve(message.json()) });
    });
    const reply = "_INBOX.other.b1.100.fail.1.0.$FI";
    stranger.publish("ev.plant-a.gw1.x.measurement", "by hand", { reply });
    expect(await answer).toEqual({ type: "ack", seq: 0, msgs: 100 });
  });

  test("confirms no refused record by one behind it that a server without batches has stored", async ({
    skip,
  }) => {
    // A cluster of old and new: the first record is taken by one that knows batches, the rest by one
    // that does not.
    const server = await natsServer();
    skip(Number(server.version.split(".")[1]) >= 14, "the server of this system knows batches");
    const url = await alterAnswers(server.port, (lines) =>
      lines.replace(
        /MSG (\S+) (\d+) \d+\r\n(\{"stream":"GW_gw1", ?"seq":1)\}/,
        (_line, subject, subscription, ack) => {
          const body = `${ack},"batch":"b","count":1}`;
          return `MSG ${subject} ${subscription} ${body.length}\r\n${body}`;
        },
      ),
    );
    const connection = await plainClient(url);
    await ensureStream(connection, gatewayStreamContract(origin, backboneOptions.parse({})));
    const log = new MemoryLog(origin);
    log.appendMany(3);
    let confirmed = 0;
    const lane = openBatchLane({
      connection,
      origin,
      lastStreamSeq: toStreamSeq(0),
      window: 512,
      inbox: "_INBOX.here",
      // No time passes but for timers, so that the lane is never idle.
      clock: { ...systemClock, monotonicMs: () => 0 },
      onConfirmed: ({ seq }) => {
        confirmed = seq;
      },
      onChange: () => {},
      onUnfit: () => {},
    });
    onTestFinished(() => void lane.end());
    const [first, ...others] = log.records;
    if (first) lane.publish(first);
    await until("the first is stored", () => confirmed === 1 && !lane.full);
    const stranger = await plainClient(server.url);
    await stranger.request("ev.plant-a.gw1.x.measurement", "by hand");
    for (const record of others) lane.publish(record);
    await until("both are answered", () => lane.inFlight === 0);
    expect(lane.end().refused).toMatchObject([{ seq: 2, place: 2 }]);
    expect(await readIds(server.url)).toEqual([...idsOf(1, 1), "-", ...idsOf(3, 3)]);
    expect(confirmed).toBe(1);
  });

  test("stores nothing behind a stranger's message: all keep their order, and none is displaced", async () => {
    const server = await serve();
    const log = new MemoryLog(origin);
    log.appendMany(20_000);
    startForwarding(server.url, log);
    const stranger = await plainClient(server.url);
    for (let n = 1; n <= 5; n += 1) {
      await until("in full flow", () => (log.confirmed?.seq ?? 0) > n * 1_000);
      await stranger.request("ev.plant-a.gw1.x.measurement", "by hand");
    }
    await sent(log);
    expect(log.gaps()).toEqual([]);
    const ids = await readIds(server.url);
    expect(ids.filter((id) => id === "-")).toHaveLength(5);
    expect(ids.filter((id) => id !== "-")).toEqual(idsOf(1, 20_000));
  });

  test("goes on with an answer for each where somebody switches batches off", async () => {
    const server = await serve();
    const log = new MemoryLog(origin);
    log.appendMany(100);
    startForwarding(server.url, log);
    await sent(log);
    await changeStream(server.url, { allow_batched: false });
    const roles = await watchRoles(server.url);
    log.appendMany(500);
    await sent(log);
    await until("each is seen alone", () => roles.filter((role) => role === "-").length >= 500);
    expect(await readIds(server.url)).toEqual(idsOf(1, 600));
    const { streams } = await jetstreamManager(await plainClient(server.url));
    expect((await streams.info(stream)).config.allow_batched).not.toBe(true);
  });

  test("has a stream that is there already take batches, and changes nothing else", async () => {
    const server = await serve();
    const log = new MemoryLog(origin);
    log.appendMany(1);
    const { stop } = startForwarding(server.url, log);
    await sent(log);
    await stop();
    await changeStream(server.url, { allow_batched: false, description: "of the operator" });
    startForwarding(server.url, log);
    log.appendMany(1_000);
    await sent(log);
    const { streams } = await jetstreamManager(await plainClient(server.url));
    expect((await streams.info(stream)).config).toMatchObject({
      allow_batched: true,
      description: "of the operator",
    });
    expect(await readIds(server.url)).toEqual(idsOf(1, 1_001));
  });

  test("takes an answer that names no batch for one of a server without, and each its own answer", async () => {
    const server = await serve();
    let told = 0;
    // A cluster in which a server from before batches has come to lead the stream.
    const url = await alterAnswers(server.port, (lines) =>
      lines.replace(
        /MSG (\S+) (\d+) \d+\r\n(\{"stream":"GW_gw1","seq":\d+),"batch":[^}]*\}/g,
        (_line, subject, subscription, ack) => {
          told += 1;
          return `MSG ${subject} ${subscription} ${ack.length + 1}\r\n${ack}}`;
        },
      ),
    );
    const log = new MemoryLog(origin);
    log.appendMany(1_000);
    startForwarding(url, log);
    await sent(log);
    expect(told).toBe(1);
    expect(await readIds(server.url)).toEqual(idsOf(1, 1_000));
  });

  test("confirms nothing by an end that names another place, and asks the stream", async () => {
    const server = await serve();
    let told = 0;
    const url = await alterAnswers(server.port, (lines) =>
      lines.replace(/("stream":"GW_gw1","seq":)5(,"batch")/, (stored, before, behind) => {
        told += 1;
        return told === 1 ? `${before}6${behind}` : stored;
      }),
    );
    const log = new MemoryLog(origin);
    log.appendMany(5);
    startForwarding(url, log);
    await sent(log);
    expect(told).toBe(1);
    const confirmations = log.confirmations.map(({ seq, streamSeq }) => [seq, streamSeq]);
    expect(confirmations).not.toContainEqual([5, 6]);
    expect(log.confirmed).toMatchObject({ seq: 5, streamSeq: 5 });
    expect(await readIds(server.url)).toEqual(idsOf(1, 5));
  });

  test("goes on with an answer for each where the server has as many batches as it takes", async () => {
    const folder = await tempFolder();
    const store = JSON.stringify(join(folder, "jetstream"));
    const limits = "limits { batch { max_inflight_per_stream: 1 } }";
    const server = await natsServer({
      folder,
      configuration: `jetstream { store_dir: ${store}, ${limits} }`,
      ...envOf(currentServer),
    });
    const log = new MemoryLog(origin);
    log.appendMany(1);
    startForwarding(server.url, log);
    await sent(log);
    const stranger = await plainClient(server.url);
    const reply = "_INBOX.other.b1.100.fail.1.0.$FI";
    stranger.publish("ev.plant-a.gw1.x.measurement", "by hand", { reply });
    await stranger.flush();
    const roles = await watchRoles(server.url);
    log.appendMany(1_000);
    await sent(log);
    await until("each is seen alone", () => roles.filter((role) => role === "-").length >= 1_000);
    expect((await readIds(server.url)).filter((id) => id !== "-")).toEqual(idsOf(1, 1_001));
  });
});
