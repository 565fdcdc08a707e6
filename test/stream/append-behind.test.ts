import { jetstreamManager } from "@nats-io/jetstream";
import { describe, expect, test } from "vitest";
import { appendBehind } from "../../src/stream/append-behind.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import { getLastMessage } from "../../src/stream/message-get.ts";
import { plansStreamContract, toStreamConfig } from "../../src/stream/stream-contract.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { natsServer } from "../support/nats-server.ts";

const contract = plansStreamContract(backboneOptionsFor("nats://127.0.0.1:4222"));
const natsSubject = "plan.plant-a.run1";
const message = { stream: contract.name, natsSubject, body: "one", after: 0, id: "run1.1" };

async function setUp() {
  const { url } = await natsServer();
  const connection = await connectionOf(testBackbone(url));
  const manager = await jetstreamManager(connection);
  const messages = async () => (await manager.streams.info(contract.name)).state.messages;
  return { connection, manager, messages };
}

describe("a message behind the last one of its subject", () => {
  test("is stored once, also where the second try is let through by its fence", async () => {
    const { connection, messages } = await setUp();
    await ensureStream(connection, contract);
    expect(await appendBehind(connection, message)).toEqual({ streamSeq: 1, isNew: true });
    // What a server does that no longer looks: it takes whatever follows.
    expect(await appendBehind(connection, { ...message, after: 1 })).toEqual({
      streamSeq: 1,
      isNew: false,
    });
    expect(await messages()).toBe(1);
  });

  test("is refused behind another one", async () => {
    const { connection, messages } = await setUp();
    await ensureStream(connection, contract);
    await appendBehind(connection, message);
    const other = { ...message, body: "two", id: "run1.2" };
    expect(await appendBehind(connection, other)).toBeUndefined();
    expect(await appendBehind(connection, { ...other, after: 1 })).toEqual({
      streamSeq: 2,
      isNew: true,
    });
    expect(await messages()).toBe(2);
  });

  test("is stored again where somebody took it out and the server still knows its id", async () => {
    const { connection, manager, messages } = await setUp();
    await manager.streams.add({
      ...toStreamConfig(contract),
      deny_delete: false,
      deny_purge: false,
    });
    await appendBehind(connection, message);
    await manager.streams.purge(contract.name);
    expect(await appendBehind(connection, message)).toEqual({ streamSeq: 2, isNew: true });
    expect((await getLastMessage(connection, contract.name, natsSubject))?.streamSeq).toBe(2);
    expect(await messages()).toBe(1);
  });
});
