/** Against a real Mosquitto. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { nodeDisk } from "../../../src/buffer/disk.ts";
import { mosquittoProcess } from "../../support/mosquitto-process.ts";
import { connect } from "../../support/mqtt-device.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { waitUntil, waitWhileMoving } from "../../support/wait-until.ts";
import { openSource } from "./open-source.ts";

const run = promisify(execFile);
const versions = [5, "3.1.1"] as const;
/** Keeps all there is, over its own restarts. */
const keepsAll = ["persistence true", "persistence_location {folder}/", "max_queued_messages 0"];

describe.each(versions)("a Mosquitto that is spoken to in MQTT %s", (version) => {
  it("gives what was published while the gateway was away, once and in order", async () => {
    const broker = await mosquittoProcess([...keepsAll, "max_inflight_messages 0"]);
    const url = `mqtt://127.0.0.1:${broker.port}`;
    const parts = { disk: nodeDisk, folder: await tempFolder() };
    const first = await openSource({ url, version }, parts);
    await waitUntil(() => first.source.link?.isConnected, "it is connected");
    const device = await connect({ port: broker.port, clientId: "d1" });
    await device.publish("t/1", "while there");
    await waitUntil(() => first.sink.payloads.length === 1, "it came");
    await first.source.stop();
    const payloads = Array.from({ length: 2_000 }, (_, at) => `away ${at}`);
    await Promise.all(payloads.map((payload) => device.publish("t/1", payload)));
    const second = await openSource({ url, version }, parts);
    await waitUntil(() => second.sink.payloads.length === payloads.length, "all came");
    expect(second.sink.payloads).toEqual(payloads);
    expect(second.sink.messages.every(({ attributes }) => !attributes.retained)).toBe(true);
    expect(second.sink.changes.map(({ cause }) => cause)).toEqual(["connect"]);
  });

  it("is found again when it was restarted, with all that it kept", async () => {
    const broker = await mosquittoProcess(keepsAll);
    const url = `mqtt://127.0.0.1:${broker.port}`;
    const { sink, source } = await openSource({ url, version });
    await waitUntil(() => source.link?.isConnected, "it is connected");
    sink.stalled = true;
    const device = await connect({ port: broker.port, clientId: "d1" });
    const payloads = Array.from({ length: 10 }, (_, at) => `m${at}`);
    for (const payload of payloads) await device.publish("t/1", payload);
    await waitUntil(() => sink.waiting === payloads.length, "all came");
    await broker.stop();
    await waitUntil(() => source.link?.isConnected === false, "it is missed");
    await broker.start();
    await waitUntil(() => source.link?.isConnected, "it is found again");
    const again = await connect({ port: broker.port, clientId: "d2" });
    await again.publish("t/1", "after");
    await waitUntil(() => sink.payloads.includes("after"), "it goes on");
    sink.ackAll();
    expect(sink.payloads).toEqual([...payloads, "after"]);
    expect(sink.changes.map(({ cause, state }) => `${state} ${cause}`)).toEqual([
      "online connect",
      "offline connection-lost",
      "online connect",
    ]);
  });

  it("that forgot the session is told of, and what it has kept comes marked as old", async () => {
    const broker = await mosquittoProcess();
    const url = `mqtt://127.0.0.1:${broker.port}`;
    const { sink, source } = await openSource({ url, version });
    await waitUntil(() => source.link?.isConnected, "it is connected");
    // What it subscribed to is remembered once the broker has granted it.
    const first = await connect({ port: broker.port, clientId: "d0" });
    await waitUntil(async () => {
      await first.publish("t/0", "granted");
      return sink.messages.length > 0;
    }, "it is subscribed");
    await broker.stop("SIGKILL");
    await waitUntil(() => source.link?.isConnected === false, "it is missed");
    await broker.start();
    await waitUntil(() => sink.changes.length === 3, "it is told");
    expect(sink.changes.at(-1)).toMatchObject({ state: "online", cause: "session-lost" });
    const device = await connect({ port: broker.port, clientId: "d1" });
    await device.publish("t/1", "said now, and to be kept", { retain: true });
    const now = () => sink.messages.find(({ address }) => address === "t/1");
    await waitUntil(() => now() !== undefined, "it came");
    expect(now()?.attributes.retained).toBeUndefined();
    const other = await openSource({ url, version, client_id: "other" });
    await waitUntil(() => other.sink.messages.length === 1, "it came to the other");
    expect(other.sink.messages[0]?.attributes).toMatchObject({ retained: true });
  });
});

describe("a Mosquitto outside", () => {
  it("may have a hundred thousand messages waiting, and each is handed over once", async () => {
    const broker = await mosquittoProcess(["max_queued_messages 0"]);
    const url = `mqtt://127.0.0.1:${broker.port}`;
    const parts = { disk: nodeDisk, folder: await tempFolder() };
    const limits = { in_flight_bytes: "1MiB" };
    const { source } = await openSource({ url, limits }, parts);
    await waitUntil(() => source.link?.isConnected, "it is connected");
    await source.stop();
    const count = 100_000;
    for (let from = 0; from < count; from += 10_000) {
      const device = await connect({ port: broker.port, clientId: "d1" });
      const burst = Array.from({ length: 10_000 }, (_, at) =>
        device.publish("t/1", `${from + at}`),
      );
      await Promise.all(burst);
    }
    const { sink } = await openSource({ url, limits }, parts);
    await waitWhileMoving(
      () => sink.messages.length >= count,
      () => sink.messages.length,
      "all came",
    );
    expect(sink.payloads.map(Number)).toEqual(Array.from({ length: count }, (_, at) => at));
  });

  it("gives ten thousand retained messages at the first connect, and none again", async () => {
    const broker = await mosquittoProcess(["max_queued_messages 0"]);
    const url = `mqtt://127.0.0.1:${broker.port}`;
    const count = 10_000;
    const device = await connect({ port: broker.port, clientId: "d1" });
    const kept = Array.from({ length: count }, (_, at) =>
      device.publish(`t/${at}`, `${at}`, { retain: true }),
    );
    await Promise.all(kept);
    const parts = { disk: nodeDisk, folder: await tempFolder() };
    const first = await openSource({ url }, parts);
    await waitUntil(() => first.sink.messages.length === count, "all came");
    expect(first.sink.messages.every(({ attributes }) => attributes.retained)).toBe(true);
    await first.source.stop();
    const second = await openSource({ url }, parts);
    await device.publish("t/now", "now");
    await waitUntil(() => second.sink.payloads.length > 0, "the new one came");
    expect(second.sink.payloads).toEqual(["now"]);
  });

  it("is one of two that are fetched from at once", async () => {
    const brokers = [await mosquittoProcess(), await mosquittoProcess()];
    const sources = await Promise.all(
      brokers.map(({ port }) => openSource({ url: `mqtt://127.0.0.1:${port}` })),
    );
    for (const [at, { port }] of brokers.entries()) {
      await waitUntil(() => sources[at]?.source.link?.isConnected, "it is connected");
      const device = await connect({ port, clientId: "d1" });
      await waitUntil(async () => {
        await device.publish("t/1", `from ${at}`);
        return sources[at]?.sink.payloads.includes(`from ${at}`);
      }, "it came");
    }
    expect(new Set(sources[0]?.sink.payloads)).toEqual(new Set(["from 0"]));
    expect(sources[1]?.source.name).not.toBe(sources[0]?.source.name);
  });

  it("hands on what publishers of MQTT 5 add", async () => {
    const broker = await mosquittoProcess();
    const { port } = broker;
    const { sink, source } = await openSource({ url: `mqtt://127.0.0.1:${port}` });
    await waitUntil(() => source.link?.isConnected, "it is connected");
    const where = ["-p", String(port), "-V", "5", "-q", "1", "-t", "t/1", "-m", "m"];
    const added = [
      "-D",
      "publish",
      "content-type",
      "text/plain",
      "-D",
      "publish",
      "user-property",
      "a",
      "b",
    ];
    await waitUntil(async () => {
      await run("mosquitto_pub", [...where, ...added]);
      return sink.messages.length > 0;
    }, "it came");
    expect(sink.messages[0]?.attributes).toMatchObject({
      properties: { contentType: "text/plain", user: [["a", "b"]] },
    });
  });
});
