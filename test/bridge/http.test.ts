/** A bridge with a real HTTP server. */
import { describe, expect, test } from "vitest";
import type { GatewayEvent } from "../../src/core/event.ts";
import { readSetAside } from "../../src/stream/bridge-aside.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import { alertsStreamContract } from "../../src/stream/stream-contract.ts";
import { backboneOptionsFor, testBackbone } from "../support/backbone.ts";
import { startBridge } from "../support/bridging.ts";
import { fastClock } from "../support/fast-clock.ts";
import { publishRecords, reading } from "../support/gateway-stream.ts";
import { setUpStreams } from "../support/history.ts";
import { append, transition } from "../support/notifying.ts";
import type { WebhookServer } from "../support/open-webhook-server.ts";
import { webhookServer } from "../support/webhook-server.ts";

const patient = { timeout: 30_000 };

const readings = (count: number, from = 0): GatewayEvent[] =>
  Array.from({ length: count }, (_, at) => reading(`f${at % 3}`, from + at, from + at));

const idOf = ({ headers }: WebhookServer["posts"][number]): string => String(headers["ce-id"]);
const takenIds = ({ posts }: WebhookServer): string[] =>
  posts.filter(({ status }) => status < 300).map(idOf);
const target = (url: string, more: object = {}) => ({ name: "hub", kind: "http", url, ...more });

/** The records of each device, in the order in which they came for the first time. */
function orders(server: WebhookServer): number[][] {
  const byDevice = new Map<string, number[]>();
  for (const post of server.posts.filter(({ status }) => status < 300)) {
    const device = String(post.headers["ce-subject"]);
    const seq = Number(idOf(post).split(".").at(-1));
    const seen = byDevice.get(device) ?? [];
    if (!seen.includes(seq)) byDevice.set(device, [...seen, seq]);
  }
  return [...byDevice.values()];
}

describe("a bridge to HTTP", () => {
  test("posts each event once as a CloudEvent in binary mode", async () => {
    const server = await webhookServer();
    const { url, backbone, connection } = await setUpStreams();
    await publishRecords(connection, "aaaaaaaa", 1, [reading('früh "7" %', 1.5, 0)]);

    startBridge(backbone, url, [target(server.url)]);
    await expect.poll(() => server.posts.length, patient).toBe(1);

    const [post] = server.posts;
    expect(post?.body).toBe('[{"n":"temperature","u":"Cel","v":1.5}]');
    expect(post?.headers).toMatchObject({
      "content-type": "application/senml+json",
      "ce-specversion": "1.0",
      "ce-id": "gw1.aaaaaaaa.1",
      "ce-type": "io.sluicegate.measurement.v1",
      "ce-subject": "fr%C3%BCh%20%227%22%20%25",
      "ce-time": "2026-11-21T14:00:00.000Z",
    });
    expect(post?.headers).not.toHaveProperty("ce-datacontenttype");
  });

  test("posts the whole event as it stands in its stream in structured mode", async () => {
    const server = await webhookServer();
    const { url, backbone, connection } = await setUpStreams();
    await publishRecords(connection, "aaaaaaaa", 1, [reading("f1", 1, 0)]);

    startBridge(backbone, url, [target(server.url, { mode: "structured" })]);
    await expect.poll(() => server.posts.length, patient).toBe(1);

    expect(server.posts[0]?.headers["content-type"]).toMatch(/^application\/cloudevents\+json/);
    expect(JSON.parse(server.posts[0]?.body ?? "")).toMatchObject({
      id: "gw1.aaaaaaaa.1",
      data: [{ n: "temperature", v: 1 }],
    });
  });

  test("carries what globs want of it, and alert transitions where they are wanted", async () => {
    const server = await webhookServer();
    const { url, backbone, connection } = await setUpStreams();
    await publishRecords(connection, "aaaaaaaa", 1, readings(6));
    await ensureStream(connection, alertsStreamContract(backboneOptionsFor(url)));
    await append(connection, transition("0a", 0, 1));

    const what = { devices: ["*1"], alerts: true };
    startBridge(backbone, url, [target(server.url, { what })]);
    await expect.poll(() => server.posts.length, patient).toBe(3);

    const types = server.posts.map(({ headers }) => headers["ce-type"]).sort();
    expect(types).toEqual([
      "io.sluicegate.alert-transition.v1",
      "io.sluicegate.measurement.v1",
      "io.sluicegate.measurement.v1",
    ]);
  });

  test("waits while the server fails, keeps the order of each device, and loses nothing", async () => {
    let fails = 0;
    const server = await webhookServer((_, index) => {
      const isBad = index % 7 === 3 && fails < 6;
      if (isBad) fails += 1;
      return isBad ? ([500, 429, 408][fails % 3] ?? 500) : 200;
    });
    const { url, backbone, connection } = await setUpStreams();
    await publishRecords(connection, "aaaaaaaa", 1, readings(60));

    const bridge = startBridge(backbone, url, [target(server.url)]);
    await expect.poll(() => new Set(takenIds(server)).size, patient).toBe(60);

    expect(fails).toBe(6);
    for (const order of orders(server)) expect(order).toEqual([...order].sort((a, b) => a - b));
    await expect.poll(() => bridge.state().targets[0]?.behind, patient).toBe(0);
    expect(bridge.state().targets[0]).toMatchObject({ carried: 60, aside: 0, failing: undefined });
  });

  test("leaves a server alone for as long as it asks", async () => {
    const times: number[] = [];
    const server = await webhookServer((_, index) => {
      times.push(performance.now());
      return index === 0 ? { status: 503, headers: { "retry-after": "2" } } : 200;
    });
    const { url, backbone, connection } = await setUpStreams();
    await publishRecords(connection, "aaaaaaaa", 1, readings(1));

    startBridge(backbone, url, [target(server.url)]);
    await expect.poll(() => takenIds(server).length, patient).toBe(1);

    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(1_990);
  });

  test("sets aside what is refused for ever, and says which and why", async () => {
    const server = await webhookServer((body) =>
      body.includes('"v":3}') ? { status: 422, body: "no threes" } : 200,
    );
    const { url, backbone, connection } = await setUpStreams();
    await publishRecords(connection, "aaaaaaaa", 1, readings(9));

    const bridge = startBridge(backbone, url, [target(server.url)]);
    await expect.poll(() => takenIds(server).length, patient).toBe(8);

    await expect.poll(() => bridge.state().targets[0]?.aside, patient).toBe(1);
    expect(await readSetAside(connection)).toMatchObject([
      {
        ...{ target: "hub", kind: "refused", id: "gw1.aaaaaaaa.4", stream: "GW_gw1", streamSeq: 4 },
        reason: "answered 422: no threes",
      },
    ]);
  });

  test("waits and asks people to look where all would be refused, instead of setting all aside", async () => {
    let isOpen = false;
    const server = await webhookServer(() => (isOpen ? 200 : 401));
    const { url, backbone, connection } = await setUpStreams();
    await publishRecords(connection, "aaaaaaaa", 1, readings(3));

    const bridge = startBridge(backbone, url, [target(server.url)], {
      clock: fastClock(10),
    });
    await expect
      .poll(() => bridge.state().targets[0]?.failing?.reason, patient)
      .toBe("answered 401");
    isOpen = true;

    await expect.poll(() => takenIds(server).length, patient).toBe(3);
    expect(bridge.state().targets[0]).toMatchObject({ aside: 0, failing: undefined });
  });

  test("holds up one target and no other while it is away", async () => {
    const [well, sick] = [await webhookServer(), await webhookServer(() => 503)];
    const { url, backbone, connection } = await setUpStreams();
    await publishRecords(connection, "aaaaaaaa", 1, readings(30));

    const bridge = startBridge(backbone, url, [
      target(sick.url, { name: "sick" }),
      target(well.url, { name: "well" }),
    ]);
    await expect.poll(() => takenIds(well).length, patient).toBe(30);

    const [ofSick] = bridge.state().targets;
    expect(ofSick).toMatchObject({ name: "sick", carried: 0, failing: { reason: "answered 503" } });
  });

  test("goes on behind what was carried when it is started again", async () => {
    const server = await webhookServer();
    const { url, backbone, connection } = await setUpStreams();
    await publishRecords(connection, "aaaaaaaa", 1, readings(5));
    const first = startBridge(backbone, url, [target(server.url)]);
    await expect.poll(() => takenIds(server).length, patient).toBe(5);
    await first.stop();

    await publishRecords(connection, "aaaaaaaa", 6, readings(5, 5));
    startBridge(testBackbone(url), url, [target(server.url)]);
    await expect.poll(() => takenIds(server).length, patient).toBe(10);

    expect(new Set(takenIds(server)).size).toBe(10);
  });
});
