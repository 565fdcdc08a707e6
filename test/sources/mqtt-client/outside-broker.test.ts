import { describe, expect, it } from "vitest";
import { SimDisk } from "../../support/sim-disk.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { openSource, playedBroker } from "./open-source.ts";

describe("the session at a broker outside", () => {
  it("goes on under a name of its own, and says what it can take", async () => {
    const broker = await playedBroker();
    await openSource({
      url: broker.url,
      user: "gw",
      password: { env: "secret" },
      session_expiry: "1h",
      limits: { max_packet: "64KiB", in_flight_messages: 50 },
    });
    const connection = await broker.next();
    const connect = await connection.admit();
    expect(connect).toMatchObject({
      protocolVersion: 5,
      clientId: "sluicegate-s-gw",
      clean: false,
      keepalive: 60,
      username: "gw",
      properties: { sessionExpiryInterval: 3600, receiveMaximum: 50, maximumPacketSize: 65_536 },
    });
    expect(String(connect.password)).toBe("secret");
    expect((await connection.next("subscribe")).subscriptions).toEqual([
      { topic: "t/#", qos: 1, nl: false, rap: false, rh: 1 },
    ]);
  });

  it("speaks 3.1.1 where it is told to, and shares with a group", async () => {
    const broker = await playedBroker();
    const topics = ["a/#", { filter: "b/+", qos: 0 }];
    await openSource({ url: broker.url, version: "3.1.1", client_id: "x", share: "g", topics });
    const connection = await broker.next();
    expect(await connection.admit()).toMatchObject({ protocolVersion: 4, clientId: "x" });
    expect((await connection.next("subscribe")).subscriptions).toEqual([
      { topic: "$share/g/a/#", qos: 1 },
      { topic: "$share/g/b/+", qos: 0 },
    ]);
  });

  it("asks for what it misses and takes back what is configured no longer", async () => {
    const broker = await playedBroker();
    const { disk } = await openAndLeave(broker, ["a/#", "b/#"]);
    const { source } = await openSource({ url: broker.url, topics: ["b/#", "c/#"] }, { disk });
    const connection = await broker.next();
    await connection.admit({ sessionPresent: true });
    const { subscriptions } = await connection.next("subscribe");
    expect(subscriptions.map(({ topic }) => topic)).toEqual(["c/#"]);
    expect((await connection.next("unsubscribe")).unsubscriptions).toEqual(["a/#"]);
    await source.stop();
  });

  it("is said to be lost where the broker has forgotten it", async () => {
    const broker = await playedBroker();
    const { disk } = await openAndLeave(broker, ["a/#"]);
    const { sink } = await openSource({ url: broker.url, topics: ["a/#"] }, { disk });
    await (await broker.next()).welcome();
    await waitUntil(() => sink.changes.length > 0, "it is said");
    expect(sink.changes).toMatchObject([
      {
        client: broker.url,
        state: "online",
        cause: "session-lost",
        text: expect.stringContaining("missing"),
      },
    ]);
  });
});

describe("a message from a broker outside", () => {
  it("is acknowledged when it and those before it are on disk, in order", async () => {
    const broker = await playedBroker();
    const { sink } = await openSource({ url: broker.url });
    const connection = await broker.next();
    await connection.welcome();
    sink.stalled = true;
    for (const id of [1, 2, 3]) connection.publish(id, `m${id}`);
    await waitUntil(() => sink.waiting === 3, "all came");
    sink.ack(1);
    sink.ack(2);
    connection.socket.write(Buffer.from([0xd0, 0]));
    expect(connection.came).toEqual([]);
    sink.ack(0);
    expect(await connection.acked(3)).toEqual([1, 2, 3]);
  });

  it("carries what its publisher added, and that the broker had kept it", async () => {
    const broker = await playedBroker();
    const { sink } = await openSource({ url: broker.url });
    const connection = await broker.next();
    await connection.welcome();
    connection.publish(1, "kept", { retain: true });
    connection.publish(2, "said", {
      properties: {
        contentType: "application/json",
        userProperties: { traceparent: "00-1-2-01", room: ["a", "b"] },
      },
    });
    await waitUntil(() => sink.messages.length === 2, "both came");
    expect(sink.messages.map(({ attributes }) => attributes)).toEqual([
      { retained: true },
      {
        relay: "live",
        properties: {
          contentType: "application/json",
          user: [
            ["traceparent", "00-1-2-01"],
            ["room", "a"],
            ["room", "b"],
          ],
        },
      },
    ]);
  });

  it("carries of what its publisher added no more than there is room for", async () => {
    const broker = await playedBroker();
    const { sink } = await openSource({ url: broker.url });
    const connection = await broker.next();
    await connection.welcome();
    const userProperties = { long: "x".repeat(5_000), short: "y" };
    connection.publish(1, "m", { properties: { userProperties } });
    await waitUntil(() => sink.messages.length === 1, "it came");
    expect(sink.messages[0]?.attributes).toEqual({
      relay: "live",
      properties: { user: [["short", "y"]] },
    });
  });

  it("that comes again after a torn connection is not stored again, and is acknowledged", async () => {
    const broker = await playedBroker();
    const { sink } = await openSource({ url: broker.url });
    const first = await broker.next();
    await first.welcome();
    first.publish(1, "acknowledged");
    expect(await first.acked(1)).toEqual([1]);
    sink.stalled = true;
    first.publish(2, "waiting");
    await waitUntil(() => sink.waiting === 1, "it came");
    first.socket.destroy();
    const second = await broker.next();
    await second.admit({ sessionPresent: true });
    second.publish(1, "acknowledged", { dup: true });
    second.publish(2, "waiting", { dup: true });
    second.publish(3, "never seen", { dup: true });
    await waitUntil(() => sink.messages.length === 3, "the new one came");
    sink.ackAll();
    expect(await second.acked(3)).toEqual([1, 2, 3]);
    expect(sink.payloads).toEqual(["acknowledged", "waiting", "never seen"]);
  });

  it("is stored where a broker that gives out numbers at once may mean another with the same words", async () => {
    const broker = await playedBroker();
    const { sink } = await openSource({ url: broker.url });
    const first = await broker.next();
    await first.welcome();
    for (let at = 0; at < 2; at += 1) {
      first.publish(1, "on");
      await first.acked(1);
    }
    first.socket.destroy();
    const second = await broker.next();
    await second.admit({ sessionPresent: true });
    second.publish(1, "on", { dup: true });
    await second.acked(1);
    expect(sink.payloads).toEqual(["on", "on", "on"]);
  });

  it("of a session that began anew is another one, whatever its number", async () => {
    const broker = await playedBroker();
    const { sink } = await openSource({ url: broker.url });
    const first = await broker.next();
    await first.welcome();
    first.publish(1, "on");
    await first.acked(1);
    first.socket.destroy();
    const second = await broker.next();
    await second.welcome();
    second.publish(1, "on", { dup: true });
    await second.acked(1);
    expect(sink.payloads).toEqual(["on", "on"]);
  });
});

describe("a broker outside that sends more than the disk takes", () => {
  it("is read no further, and is read on when there is room", async () => {
    const broker = await playedBroker();
    const limits = { in_flight_bytes: "64KiB" };
    const { sink, source } = await openSource({ url: broker.url, limits });
    const connection = await broker.next();
    await connection.welcome();
    sink.stalled = true;
    const payload = "x".repeat(2_000);
    const count = 5_000;
    for (let id = 1; id <= count; id += 1) connection.publish(id, payload);
    await waitUntil(() => source.holding, "it is held back");
    const mostAtOnce = (2 * 65_536) / payload.length;
    expect(sink.waiting).toBeLessThan(mostAtOnce);
    sink.stalled = false;
    sink.ackAll();
    await connection.acked(count);
    expect(sink.messages).toHaveLength(count);
    expect(source.holding).toBe(false);
  });

  it("and more messages than it was told is read no further either, and what it sends again is known", async () => {
    const broker = await playedBroker();
    const limits = { in_flight_messages: 10 };
    const { sink, source } = await openSource({ url: broker.url, limits });
    const first = await broker.next();
    await first.welcome();
    sink.stalled = true;
    for (let id = 1; id <= 1_000; id += 1) first.publish(id, `m${id}`.padEnd(4_000));
    await waitUntil(() => source.holding, "it is held back");
    const { waiting } = sink;
    expect(waiting).toBeLessThan(100);
    first.socket.destroy();
    const second = await broker.next();
    await second.admit({ sessionPresent: true });
    for (let id = 1; id <= waiting; id += 1)
      second.publish(id, `m${id}`.padEnd(4_000), { dup: true });
    await waitUntil(() => source.holding, "it is held back again");
    sink.ackAll();
    await second.acked(waiting);
    expect(sink.messages).toHaveLength(waiting);
  });
});

async function openAndLeave(broker: Awaited<ReturnType<typeof playedBroker>>, topics: string[]) {
  const disk = new SimDisk({ random: Math.random });
  const { source } = await openSource({ url: broker.url, topics }, { disk });
  const connection = await broker.next();
  await connection.welcome();
  connection.publish(1, "m", { topic: "a/1" });
  await connection.acked(1);
  await source.stop();
  return { disk };
}
