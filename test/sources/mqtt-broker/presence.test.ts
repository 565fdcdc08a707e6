import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { toSeq } from "../../../src/core/ids.ts";
import { willRefusal } from "../../../src/sources/mqtt-broker/client-steps.ts";
import { Presence } from "../../../src/sources/mqtt-broker/presence.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { mqttBroker, RecordingSink } from "../../support/mqtt-broker.ts";
import { connect } from "../../support/mqtt-device.ts";

describe("presence", () => {
  test("says online, and offline with the cause", async () => {
    const { broker, sink, port } = await mqttBroker();
    const first = await connect({ port, clientId: "d1" });
    expect(broker.clients).toBe(1);
    await first.close();
    await vi.waitFor(() => expect(sink.changes).toHaveLength(2));
    const second = await connect({ port, clientId: "d1" });
    second.destroy();
    await vi.waitFor(() => expect(sink.changes).toHaveLength(4));
    expect(sink.changes.map(({ client, state, cause }) => `${client} ${state} ${cause}`)).toEqual([
      "d1 online connect",
      "d1 offline disconnect",
      "d1 online connect",
      "d1 offline connection-lost",
    ]);
    expect(broker.clients).toBe(0);
  });

  test("a second connection with the same identifier takes the first one's place", async () => {
    const { broker, sink, port } = await mqttBroker();
    const first = await connect({ port, clientId: "d1" });
    const second = await connect({ port, clientId: "d1" });
    await first.closed;
    await second.ping();
    await pause(20);
    expect(sink.changes.map(({ state, cause }) => `${state} ${cause}`)).toEqual([
      "online connect",
      "offline takeover",
      "online connect",
    ]);
    expect(broker.clients).toBe(1);
  });

  test("a client that is silent for longer than its keep alive is closed", async () => {
    const { sink, port } = await mqttBroker();
    const device = await connect({ port, clientId: "d1", keepalive: 1 });
    await device.closed;
    await vi.waitFor(() => expect(sink.changes.at(-1)?.cause).toBe("keepalive"));
  });
});

describe("where many come and go", () => {
  test("who does not stay is not announced, and who stays is", async () => {
    const clock = new ManualClock();
    const sink = new RecordingSink();
    const presence = new Presence(sink, sink, () => clock.wallMs(), clock);
    const visitor = (client: string) =>
      ({ source: "s", client, device: undefined, cause: "disconnect" }) as const;
    for (let n = 0; n < 2_000; n += 1) {
      const short = visitor(`short-${n}`);
      presence.arrive(short);
      presence.leave(short);
    }
    expect(sink.changes).toHaveLength(200);
    const [first, second] = [visitor("long"), visitor("long")];
    presence.arrive(first);
    await clock.advance(900);
    presence.arrive(second);
    expect([sink.changes.length, presence.clients]).toEqual([200, 1]);
    await clock.advance(1_000);
    presence.leave(second);
    expect(sink.changes.slice(200).map(({ client, state }) => `${client} ${state}`)).toEqual([
      "long online",
      "long offline",
    ]);
  });
});

describe("while the disk takes nothing", () => {
  test("announcements are put off within a bound, and then say what has become of each", async () => {
    const clock = new ManualClock();
    const sink = new RecordingSink();
    const log = { durableSeq: toSeq(0) };
    const presence = new Presence(
      {
        message: () => toSeq(0),
        connection: (change) => toSeq(sink.changes.push(change)),
      },
      log,
      () => clock.wallMs(),
      clock,
    );
    const visitor = (client: string) =>
      ({ source: "s", client, device: undefined, cause: "disconnect" }) as const;
    for (let round = 0; round < 30; round += 1) {
      const all = Array.from({ length: 200 }, (_, n) => visitor(`d${n}`));
      for (const one of all) presence.arrive(one);
      await clock.advance(2_000);
      if (round < 29) for (const one of all) presence.leave(one);
    }
    expect(sink.changes).toHaveLength(1_000);
    for (let turn = 0; turn < 5; turn += 1) {
      log.durableSeq = toSeq(sink.changes.length);
      await clock.advance(1_000);
    }
    const last = new Map(sink.changes.map(({ client, state }) => [client, state]));
    expect([...last].filter(([, state]) => state === "online")).toHaveLength(200);
    for (const client of last.keys()) {
      const states = sink.changes.flatMap((change) =>
        change.client === client ? [change.state] : [],
      );
      expect(states).toEqual(states.map((_, at) => (at % 2 === 0 ? "online" : "offline")));
    }
    expect(sink.changes.length).toBeLessThan(1_500);
  });
});

describe("last will", () => {
  const will = { topic: "d1/state", payload: "gone", qos: 1 as const };

  test("comes as a message when the client is lost", async () => {
    const { sink, port } = await mqttBroker();
    const listener = await connect({ port, clientId: "listener" });
    await listener.subscribe("d1/#");
    sink.stalled = true;
    const device = await connect({ port, clientId: "d1", will });
    device.destroy();
    await vi.waitFor(() => expect(sink.messages).toHaveLength(1));
    expect(sink.messages[0]).toMatchObject({
      address: "d1/state",
      attributes: { will: true },
      client: "d1",
    });
    await listener.ping();
    expect(listener.delivered).toEqual([]);
    sink.ackAll();
    await vi.waitFor(() => expect(listener.delivered[0]?.payload).toBe("gone"));
  });

  test("does not come after DISCONNECT", async () => {
    const { sink, port } = await mqttBroker();
    const device = await connect({ port, clientId: "d1", will });
    await device.close();
    await vi.waitFor(() => expect(sink.changes.at(-1)?.state).toBe("offline"));
    expect(sink.messages).toEqual([]);
  });

  test("does not come for a client that is alive or said goodbye, whatever the broker takes it for", () => {
    const [alive, gone] = [{ closed: false }, { closed: true }];
    const [said, silent] = [{ saidGoodbye: true }, { saidGoodbye: false }];
    expect(willRefusal(alive, silent)).toBe("the client is alive");
    expect(willRefusal(gone, said)).toBe("the client said goodbye");
    expect(willRefusal(gone, silent)).toBeUndefined();
  });

  test("does not come when the gateway stops", async () => {
    const { broker, sink, port } = await mqttBroker();
    await connect({ port, clientId: "d1", will });
    await broker.stop();
    await pause(20);
    expect(sink.messages).toEqual([]);
    expect(sink.changes.map(({ state }) => state)).toEqual(["online"]);
  });
});
