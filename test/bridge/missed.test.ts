/** What a target never gets, and how people hear of it. */
import { jetstreamManager } from "@nats-io/jetstream";
import { describe, expect, test } from "vitest";
import { readSkipped, skipLetter } from "../../src/bridge/skipped-letters.ts";
import type { GatewayEvent } from "../../src/core/event.ts";
import { positionsBucket } from "../../src/core/subject.ts";
import { readSetAside } from "../../src/stream/bridge-aside.ts";
import { openBucket } from "../../src/stream/kv.ts";
import { testBackbone } from "../support/backbone.ts";
import { startBridge } from "../support/bridging.ts";
import { fastClock } from "../support/fast-clock.ts";
import { publishRecords, reading, stream } from "../support/gateway-stream.ts";
import { setUpStreams } from "../support/history.ts";
import { webhookServer } from "../support/webhook-server.ts";

const patient = { timeout: 30_000 };

const readings = (count: number, from = 0): GatewayEvent[] =>
  Array.from({ length: count }, (_, at) => reading("f1", from + at, from + at));

const target = (url: string) => ({ name: "hub", kind: "http", url });

describe("what a target never gets", () => {
  test("is told in its place where the stream let go of it before it was carried", async () => {
    const server = await webhookServer();
    const { url, backbone, connection } = await setUpStreams();
    await publishRecords(connection, "aaaaaaaa", 1, readings(5));
    const first = startBridge(backbone, url, [target(server.url)]);
    await expect.poll(() => server.posts.length, patient).toBe(5);
    await first.stop();
    await publishRecords(connection, "aaaaaaaa", 6, readings(10, 5));
    const { streams } = await jetstreamManager(connection);
    await streams.update(stream, { max_msgs: 3 });

    const second = startBridge(testBackbone(url), url, [target(server.url)]);
    await expect.poll(() => server.posts.length, patient).toBe(9);

    const [gap, ...events] = server.posts.slice(5);
    expect(gap?.headers).toMatchObject({
      "ce-type": "io.sluicegate.bridge-gap.v1",
      "ce-id": "gw1.bridge-gap.aaaaaaaa.5..aaaaaaaa.13",
    });
    expect(JSON.parse(gap?.body ?? "")).toMatchObject({ events: 7 });
    expect(events.map(({ headers }) => headers["ce-id"])).toEqual(
      [13, 14, 15].map((seq) => `gw1.aaaaaaaa.${seq}`),
    );
    expect(second.state().targets[0]).toMatchObject({ missed: 7, aside: 0 });
    expect(await readSetAside(connection)).toMatchObject([{ kind: "gap", events: 7, stream }]);
  });

  test("is what people skip, and what stood behind it goes on", async () => {
    const server = await webhookServer((body) => (body.includes('"v":1}') ? 500 : 200));
    const { url, backbone, connection } = await setUpStreams();
    await publishRecords(connection, "aaaaaaaa", 1, readings(3));
    const bridge = startBridge(backbone, url, [target(server.url)], {
      clock: fastClock(10),
    });
    await expect
      .poll(() => bridge.state().targets[0]?.failing?.letter, patient)
      .toBe("gw1.aaaaaaaa.2");

    const bucket = await openBucket(connection, positionsBucket, 1);
    const letter = { id: "gw1.aaaaaaaa.2", reason: "it never goes" };
    await skipLetter(bucket, "hub", letter, Math.random);

    await expect.poll(() => bridge.state().targets[0]?.carried, patient).toBe(2);
    await expect.poll(() => bridge.state().targets[0]?.behind, patient).toBe(0);
    expect([...(await readSkipped(bucket, "hub")).keys()]).toEqual(["gw1.aaaaaaaa.2"]);
    expect(await readSetAside(connection)).toMatchObject([
      { kind: "skipped", id: "gw1.aaaaaaaa.2", reason: "it never goes" },
    ]);
  });
});
