import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { describe, expect, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import type { CommandState } from "../../src/core/command.ts";
import { encodeOrder } from "../../src/core/command-codec.ts";
import type { GatewayEvent } from "../../src/core/event.ts";
import { toDeviceId } from "../../src/core/ids.ts";
import { commandSubject, commandsStream, gatewayCommands } from "../../src/core/subject.ts";
import {
  appendCancel,
  appendCommand,
  commandIdOf,
  readCommands,
} from "../../src/stream/command-log.ts";
import { openCommandReader, type ReadOrder } from "../../src/stream/command-reader.ts";
import { followReplies, repliesOf } from "../../src/stream/command-replies.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import type { EntryMark } from "../../src/stream/marked-reading.ts";
import { commandsStreamContract } from "../../src/stream/stream-contract.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { sampleCancel, sampleCommand } from "../support/commands.ts";
import { makeGatewayStream, origin, publishRecords, startMs } from "../support/gateway-stream.ts";
import { natsServer } from "../support/nats-server.ts";
import { silentLogger, silentMetrics } from "../support/silence.ts";
import { waitUntil } from "../support/wait-until.ts";

async function setUp() {
  const { url } = await natsServer();
  const backbone = testBackbone(url);
  const connection = await connectionOf(backbone);
  const options = backboneOptionsFor(url);
  const makeStream = () => ensureStream(connection, commandsStreamContract(options));
  await makeStream();
  /** Reads `count` orders behind the mark, and says how often it began anew. */
  const read = async (count: number, mark?: EntryMark) => {
    const stop = new AbortController();
    let anew = 0;
    const reader = openCommandReader(
      origin,
      mark,
      stop.signal,
      {
        backbone,
        backboneOptions: options,
        clock: systemClock,
        random: Math.random,
        logger: silentLogger,
        metrics: silentMetrics,
      },
      () => {
        anew += 1;
      },
    );
    const orders: ReadOrder[] = [];
    while (orders.length < count) orders.push(...((await reader.next()) ?? []));
    stop.abort();
    await reader.next();
    return { anew, orders, ids: orders.map((order) => commandIdOf(order)) };
  };
  return { connection, makeStream, options, read };
}

describe("the stream of commands", () => {
  test("takes a command once, however often the append is repeated", async () => {
    const { connection } = await setUp();
    const command = sampleCommand();
    expect(await appendCommand(connection, command)).toEqual({ streamSeq: 1, stored: true });
    expect(await appendCommand(connection, command)).toEqual({ streamSeq: 1, stored: false });
    expect(await appendCancel(connection, sampleCancel(command))).toMatchObject({ stored: true });
    expect(await appendCancel(connection, sampleCancel(command))).toMatchObject({ stored: false });
    expect(await appendCommand(connection, sampleCommand({ id: "c-2" }))).toMatchObject({
      stored: true,
    });
  });

  test("takes nothing that no gateway would read", async () => {
    const { connection } = await setUp();
    const tooLong = sampleCommand({ params: { text: "x".repeat(70_000) } });
    for (const command of [tooLong, sampleCommand({ id: "a b" }), sampleCommand({ by: "" })])
      await expect(appendCommand(connection, command)).rejects.toMatchObject({
        code: "stream.refused",
      });
  });

  test("gives a gateway its own orders in order, and passes over what is none", async () => {
    const { connection, read } = await setUp();
    const first = sampleCommand();
    await appendCommand(connection, first);
    const other = { ...origin, gateway: sampleCommand().gateway, site: first.site };
    await jetstream(connection).publish(commandSubject(first, "set_point"), "by hand");
    const { text } = encodeOrder({ order: "command", command: sampleCommand({ id: "c-x" }) });
    await jetstream(connection).publish(commandSubject(first, "another"), text);
    await appendCommand(connection, sampleCommand({ id: "c-2", device: toDeviceId("f/2") }));
    await appendCancel(connection, sampleCancel(first));
    expect((await read(3)).ids).toEqual(["c-1", "c-2", "c-1"]);

    const all: string[] = [];
    const filter = gatewayCommands(other.site, other.gateway);
    await readCommands(connection, filter, 0, (order) => all.push(order.order));
    expect(all).toEqual(["command", "command", "cancel"]);
  });

  test("is read on behind the mark, and from its beginning where it is another one", async () => {
    const { connection, makeStream, read } = await setUp();
    for (const id of ["c-1", "c-2"]) await appendCommand(connection, sampleCommand({ id }));
    const { orders } = await read(2);
    await appendCommand(connection, sampleCommand({ id: "c-3" }));
    expect(await read(1, orders[1]?.mark)).toMatchObject({ anew: 0, ids: ["c-3"] });

    await (await jetstreamManager(connection)).streams.delete(commandsStream);
    await makeStream();
    await appendCommand(connection, sampleCommand({ id: "c-4" }));
    expect(await read(1, orders[0]?.mark)).toMatchObject({ anew: 1, ids: ["c-4"] });
  });
});

describe("steps of commands", () => {
  const step = (command: string, number: number, state: CommandState): GatewayEvent => ({
    kind: "reply",
    device: toDeviceId("freezer-07"),
    timeMs: startMs,
    receivedMs: startMs,
    clock: "gateway",
    data: { command, name: "set_point", state, step: number, final: state === "acknowledged" },
  });

  test("are those of one command, each once, where the gateway stored some again", async () => {
    const { connection, options } = await setUp();
    await makeGatewayStream(connection, options);
    await publishRecords(connection, "aaaaaaaa", 1, [
      step("c-1", 1, "queued"),
      step("c-2", 1, "queued"),
      step("c-1", 2, "sent"),
      step("c-1", 1, "queued"),
      step("c-1", 2, "sent"),
      step("c-1", 3, "acknowledged"),
    ]);
    const steps = await repliesOf(connection, origin, "c-1", 0);
    expect(steps.map(({ reply }) => reply.state)).toEqual(["queued", "sent", "acknowledged"]);
    const device = toDeviceId("freezer-08");
    expect(await repliesOf(connection, { ...origin, device }, "c-1", 0)).toEqual([]);
  });

  test("are followed from a gateway that has no stream yet", async () => {
    const { connection, options } = await setUp();
    const stop = new AbortController();
    const states: CommandState[] = [];
    const following = (async () => {
      const from = { storedMs: 0 };
      for await (const { reply } of followReplies(
        connection,
        origin,
        from,
        stop.signal,
        systemClock,
      ))
        states.push(reply.state);
    })();
    await makeGatewayStream(connection, options);
    await publishRecords(connection, "aaaaaaaa", 1, [
      step("c-1", 1, "queued"),
      step("c-1", 2, "sent"),
    ]);
    await waitUntil(() => states.length === 2, "both steps");
    expect(states).toEqual(["queued", "sent"]);
    stop.abort();
    await following;
  });
});
