import { jetstream } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { describe, expect, it, test } from "vitest";
import { wayRoutes } from "../../src/api/routes/way-routes.ts";
import { way as wayShape } from "../../src/api/shapes/way.ts";
import { findWay } from "../../src/app/way-desk.ts";
import { derivedIdOf } from "../../src/core/derived-value.ts";
import type { GatewayEvent } from "../../src/core/event.ts";
import { formatTime } from "../../src/core/event-codec.ts";
import { fnv1a64 } from "../../src/core/fnv1a.ts";
import { eventIdOf, toDeviceId, toRunId, toSeq } from "../../src/core/ids.ts";
import type { Way } from "../../src/past/way.ts";
import { appendTransition } from "../../src/stream/alert-log.ts";
import { appendCommand } from "../../src/stream/command-log.ts";
import { appendDerived } from "../../src/stream/derived-log.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import { recordAttempt } from "../../src/stream/notify-log.ts";
import { appendAction } from "../../src/stream/operator-log.ts";
import {
  alertsStreamContract,
  commandsStreamContract,
  derivedStreamContract,
  notifyLogStreamContract,
} from "../../src/stream/stream-contract.ts";
import { transitionOf } from "../alerts/given-alerts.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { sampleCommand } from "../support/commands.ts";
import { createEventEncoder } from "../support/event-encoder.ts";
import { makeGatewayStream, origin, publishRecords, reading } from "../support/gateway-stream.ts";
import { natsServer } from "../support/nats-server.ts";
import { startProcessor } from "../support/start-processor.ts";
import { waitUntil } from "../support/wait-until.ts";

const nowMs = Date.now();
const trace = "0af7651916cd43dd8448eb211c80319c";

function said(changes: Partial<GatewayEvent> = {}): GatewayEvent {
  const event = { ...reading("freezer-7", -11, 0), timeMs: nowMs - 30, receivedMs: nowMs - 10 };
  return { ...event, ...changes } as GatewayEvent;
}

async function hub() {
  const { url } = await natsServer();
  const connection = await connectionOf(testBackbone(url));
  const options = backboneOptionsFor(url);
  await makeGatewayStream(connection, options);
  return { url, connection, options };
}

const wayAt = async (connection: NatsConnection, id: string): Promise<Way> => {
  const way = await findWay(id, { connected: async () => connection, askGateway: undefined });
  if (!way) throw new Error(`no way of ${id}`);
  return way;
};

const states = ({ hops }: Way) => hops.map(({ hop, state }) => `${hop} ${state}`);

test("the way of an event has each hop with its time and whose clock that is, and says what nobody kept", async () => {
  const { connection, options, url } = await hub();
  const extensions = { traceparent: `00-${trace}-b7ad6b7169203331-01` };
  await publishRecords(connection, "abcd1234", 1, [said({ extensions }), said()]);
  const before = await wayAt(connection, "gw1.abcd1234.1");
  expect(states(before)).toEqual([
    ...["device reached", "received reached", "durable reached", "forwarded reached"],
    ...["stored reached", "processed unknown", "alert none", "notified none", "history unknown"],
  ]);
  const processor = startProcessor(url);
  await waitUntil(
    async () => states(await wayAt(connection, "gw1.abcd1234.2")).includes("processed reached"),
    "the processor saved that it read it",
  );
  await processor.stop();

  const warm = transitionOf("freezer-7", 0, 1, { read_up_to: "gw1.abcd1234.1" });
  const stored = {
    ...{ ...warm, instance: fnv1a64("warm"), observed_at: formatTime(nowMs + 5) },
  };
  await ensureStream(connection, alertsStreamContract(options));
  await appendTransition(connection, stored, undefined);
  await ensureStream(connection, notifyLogStreamContract(options));
  const attempt = { receiver: "ops", transition: warm.id, instance: stored.instance, attempt: 1 };
  await recordAttempt(connection, {
    ...{ schema: "notify.attempt/1", ...attempt, outcome: "delivered" },
    at: formatTime(nowMs + 105),
  });

  const way = await wayAt(connection, "gw1.abcd1234.1");
  expect(way).toMatchObject({
    ...{ event: "gw1.abcd1234.1", kind: "measurement", deviceKey: "plant-a.gw1.freezer-7" },
    ...{ trace, data: { id: "gw1.abcd1234.1" }, notes: [] },
  });
  expect(way.hops).toMatchObject([
    { hop: "device", atMs: nowMs - 30, tookMs: null, clock: "device", where: "freezer-7" },
    { hop: "received", atMs: nowMs - 10, tookMs: 20, clock: "gateway gw1" },
    { hop: "durable", state: "reached", atMs: null },
    { hop: "forwarded", state: "reached", atMs: null },
    { hop: "stored", clock: "nats-server", where: "GW_gw1 #1" },
    { hop: "processed", atMs: nowMs + 5, clock: "processor" },
    { hop: "alert", atMs: nowMs + 5, where: "cold/FreezerWarm firing warning" },
    { hop: "notified", atMs: nowMs + 105, tookMs: 100, where: "receiver ops: delivered" },
    { hop: "history", state: "unknown" },
  ]);
  const { storedMs } = { storedMs: way.hops[4]?.atMs ?? 0 };
  expect(way.hops[4]?.tookMs).toBe(storedMs - (nowMs - 10));

  const alert = await wayAt(connection, warm.id);
  expect(alert).toMatchObject({ kind: "alert", device: "freezer-7" });
  expect(alert.notes[0]).toContain("gw1.abcd1234.1");
  expect(states(alert)).toEqual([
    ...["device reached", "received reached", "durable reached", "forwarded reached"],
    ...["stored reached", "alert reached", "stored reached", "notified reached", "history unknown"],
  ]);
});

describe("a device whose clock is ahead", () => {
  it("has a hop of less than nothing, and that is said", async () => {
    const { connection } = await hub();
    await publishRecords(connection, "abcd1234", 1, [said({ timeMs: nowMs + 5_000 })]);
    const { hops } = await wayAt(connection, "gw1.abcd1234.1");
    expect(hops[1]).toMatchObject({ hop: "received", tookMs: -5_010 });
    expect(hops[1]?.text).toContain(
      "the clock of device is at least 5s ahead of that of gateway gw1",
    );
  });
});

test("an alert that a later mark of time brought about is found by when its episode began", async () => {
  const { connection, options } = await hub();
  await publishRecords(connection, "abcd1234", 1, [said()]);
  await ensureStream(connection, alertsStreamContract(options));
  const began = formatTime(nowMs - 30);
  const changes = { read_up_to: "gw1.abcd1234.9", started_at: began };
  const warm = { ...transitionOf("freezer-7", 0, 1, changes), instance: fnv1a64("warm") };
  const other = { ...transitionOf("freezer-8", 0, 1, changes), instance: fnv1a64("other") };
  await appendTransition(connection, warm, undefined);
  await appendTransition(connection, other, undefined);
  const { hops } = await wayAt(connection, "gw1.abcd1234.1");
  const alerts = hops.filter(({ hop }) => hop === "alert");
  expect(alerts).toHaveLength(1);
  expect(alerts[0]?.text).toContain("its episode began at the time of the event");
});

describe("what the gateway alone has", () => {
  const text = createEventEncoder(origin)(
    said(),
    eventIdOf(origin.gateway, toRunId("abcd1234"), toSeq(7)),
  );
  const askGateway = async ({ id = "" }) =>
    id === "gw1.abcd1234.7"
      ? { held: true, text, appendedMs: nowMs - 8, forwarded: false }
      : { held: false };

  it("is told without a backbone, and the rest is not known", async () => {
    const connected = () => Promise.reject(new Error("no server answers"));
    const way = await findWay("gw1.abcd1234.7", { connected, askGateway });
    expect(way?.hops).toMatchObject([
      { hop: "device" },
      { hop: "received" },
      { hop: "durable", state: "reached", atMs: nowMs - 8, tookMs: 2, clock: "gateway gw1" },
      { hop: "forwarded", state: "ahead" },
      ...["stored", "processed", "alert", "notified", "history"].map((hop) => ({
        ...{ hop, state: "ahead" },
      })),
    ]);
    expect(way?.notes).toEqual([expect.stringContaining("no server answers")]);
    const sent = async () => ({ held: true, text, appendedMs: nowMs - 8, forwarded: true });
    const later = await findWay("gw1.abcd1234.7", { connected, askGateway: sent });
    expect(later && states(later).slice(3)).toEqual([
      "forwarded reached",
      ...["stored", "processed", "alert", "notified", "history"].map((hop) => `${hop} unknown`),
    ]);
    await expect(findWay("gw1.abcd1234.8", { connected, askGateway })).rejects.toThrow(
      /no server answers; and no gateway here holds/,
    );
    await expect(findWay("x", { connected, askGateway: undefined })).rejects.toThrow(/no server/);
  });

  it("is still ahead of all others where the backbone has it not", async () => {
    const { connection } = await hub();
    const way = await findWay("gw1.abcd1234.7", { connected: async () => connection, askGateway });
    expect(way && states(way).slice(3)).toEqual(
      ["forwarded", "stored", "processed", "alert", "notified", "history"].map(
        (hop) => `${hop} ahead`,
      ),
    );
  });
});

test("nothing anybody writes into the streams keeps a way from being told", async () => {
  const { connection, options } = await hub();
  await publishRecords(connection, "abcd1234", 1, [
    said({ device: toDeviceId("a".repeat(128)), clock: "unsynced" }),
  ]);
  await ensureStream(connection, alertsStreamContract(options));
  await ensureStream(connection, notifyLogStreamContract(options));
  const client = jetstream(connection);
  await client.publish("alert.c.1.plant-a.x", "{");
  const warm = transitionOf("freezer-7", 0, 1, { read_up_to: "gw1.abcd1234.1" });
  await appendTransition(connection, { ...warm, instance: fnv1a64("warm") }, undefined);
  const strange = { schema: "notify.attempt/1", transition: warm.id };
  for (const attempt of [{ schema: "notify.attempt/1" }, strange, { ...strange, at: "x" }])
    await client.publish("notify.ops", JSON.stringify(attempt));
  await client.publish("ev.plant-a.gw1.x.measurement", "no event");
  const way = await wayAt(connection, "gw1.abcd1234.1");
  expect(way.notes[0]).toContain("did not know the time");
  expect(states(way)).toContain("notified unknown");
  for (const id of ["", "gw1.abcd1234.0", "gw1.abcd1234.99", "x".repeat(10_000), "gw9.abcd1234.1"])
    expect(
      await findWay(id, { connected: async () => connection, askGateway: undefined }),
    ).toBeUndefined();
});

test("every way fits the form that the API answers in", async () => {
  const { connection } = await hub();
  await publishRecords(connection, "abcd1234", 1, [said()]);
  const desk = { connected: async () => connection, askGateway: undefined };
  const [route] = wayRoutes({ find: (id) => findWay(id, desk) });
  const visitor = { address: "127.0.0.1", sessionId: undefined, setSession: () => {} };
  const { signal } = new AbortController();
  const asked = { query: {}, body: {}, principal: undefined, visitor, signal };
  const answer = await route?.serve({ ...asked, params: { id: "gw1.abcd1234.1" } });
  expect(wayShape.safeParse(answer).error).toBeUndefined();
  await expect(route?.serve({ ...asked, params: { id: "gw1.abcd1234.2" } })).rejects.toThrow(
    "there is no event gw1.abcd1234.2",
  );
});

test("what people want and do, and what rules compute, has a way by its id, too", async () => {
  const { connection, options } = await hub();
  for (const contract of [commandsStreamContract, alertsStreamContract, derivedStreamContract])
    await ensureStream(connection, contract(options));
  const command = sampleCommand({ id: "c-1", issuedMs: nowMs, by: "kim", reason: "too warm" });
  await appendCommand(connection, command);
  expect((await wayAt(connection, "c-1")).hops.at(-1)).toMatchObject({
    hop: "device",
    state: "ahead",
  });
  const reply = (step: number, state: "queued" | "acknowledged"): GatewayEvent => ({
    ...{ kind: "reply", device: command.device, timeMs: nowMs + step, receivedMs: nowMs + step },
    clock: "gateway",
    data: { command: "c-1", name: command.name, state, step, final: state === "acknowledged" },
  });
  await publishRecords(connection, "abcd1234", 1, [reply(1, "queued"), reply(2, "acknowledged")]);
  const way = await wayAt(connection, "c-1");
  expect(way).toMatchObject({ kind: "command", deviceKey: "plant-a.gw1.freezer-07" });
  expect(way.hops).toMatchObject([
    { hop: "received", atMs: nowMs, clock: "machine of kim", text: "issued by kim: too warm" },
    { hop: "stored", where: "COMMANDS #1" },
    { hop: "device", text: expect.stringMatching(/^queued/) },
    { hop: "device", text: "acknowledged", tookMs: 1, clock: "gateway gw1" },
  ]);
  expect((await wayAt(connection, "gw1.abcd1234.2")).hops[0]).toMatchObject({ state: "none" });

  const site = origin.site;
  const what = { id: "ack-1", verb: "ack", site, instance: "a1", episode: "e1", n: 1 } as const;
  const at = formatTime(nowMs);
  await appendAction(connection, { schema: "alert.action/1", ...what, by: "ana", at }, 0);
  expect(await wayAt(connection, "ack-1")).toMatchObject({
    kind: "action",
    hops: [
      { hop: "received", text: "asked for by ana" },
      { hop: "stored", where: "ALERTS #1" },
    ],
  });

  const value = {
    ...{ site, gateway: origin.gateway, device: toDeviceId("f1"), series: "t_avg", metric: "t" },
    ...{ agg: "avg", startMs: 60_000, endMs: 120_000, atMs: 120_000, value: 1, count: 2, rev: 1 },
    labels: {},
  };
  await appendDerived(connection, value);
  expect(await wayAt(connection, derivedIdOf(value))).toMatchObject({
    kind: "derived",
    hops: [
      { hop: "stored", where: "DERIVED #1" },
      { hop: "history", state: "unknown" },
    ],
  });
});
