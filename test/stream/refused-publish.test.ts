import { jetstreamManager } from "@nats-io/jetstream";
import { connect, headers } from "@nats-io/transport-node";
import { expect, it, onTestFinished } from "vitest";
import { publishRefused } from "../../src/stream/refused-publish.ts";
import { natsServer } from "../support/nats-server.ts";

async function streamAt() {
  const { url } = await natsServer();
  const connection = await connect({ servers: [url] });
  onTestFinished(() => connection.close());
  const { streams } = await jetstreamManager(connection);
  await streams.add({ name: "GW_gw1", subjects: ["ev.site.gw1.>"] });
  return { connection, streams };
}

it("a publish that is to be refused is answered by the stream, and leaves nothing in it", async () => {
  const { connection, streams } = await streamAt();
  const { strange } = await publishRefused(connection, "ev.site.gw1.=.doctor", 10_000);
  expect(strange).toBeUndefined();
  const { state } = await streams.info("GW_gw1");
  expect([state.messages, state.last_seq]).toEqual([0, 0]);
});

it("either of its two conditions is enough for the stream to refuse it", async () => {
  const { connection, streams } = await streamAt();
  for (const [name, value] of [
    ["Nats-Expected-Stream", "no stream.has this name"],
    ["Nats-Expected-Last-Sequence", String(Number.MAX_SAFE_INTEGER)],
  ] as const) {
    const head = headers();
    head.set(name, value);
    const reply = await connection.request("ev.site.gw1.=.doctor", "", {
      ...{ timeout: 10_000, headers: head },
    });
    expect(reply.json()).toMatchObject({ error: { code: 400 } });
  }
  expect((await streams.info("GW_gw1")).state.messages).toBe(0);
});

it("where something else than a stream answers, it says what", async () => {
  const { connection } = await streamAt();
  connection.subscribe("elsewhere", { callback: (_, message) => void message.respond("hello") });
  expect((await publishRefused(connection, "elsewhere", 10_000)).strange).toBe("hello");
});
