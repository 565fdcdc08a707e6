import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { headers, type NatsConnection } from "@nats-io/transport-node";
import { describe, expect, test } from "vitest";
import { WalkBack } from "../../src/forward/walk-back.ts";
import { natsServer } from "../support/nats-server.ts";
import { origin, plainClient, stream } from "./rig.ts";

const strangers = 3_000;

/** A stream that ends with a message of ours and many by hand behind it. */
async function strangersBehind(names: readonly string[]): Promise<NatsConnection> {
  const { url } = await natsServer();
  const connection = await plainClient(url);
  const { streams } = await jetstreamManager(connection);
  await streams.add({ name: stream, subjects: ["ev.plant-a.gw1.>"] });
  const client = jetstream(connection);
  for (const name of names) {
    const carried = headers();
    carried.set("Ce-Id", name);
    await client.publish("ev.plant-a.gw1.=.status", "{}", { headers: carried });
  }
  for (let n = 1; n < strangers; n += 1) connection.publish("ev.plant-a.gw1.x.measurement", "");
  await client.publish("ev.plant-a.gw1.x.measurement", "by hand");
  return connection;
}

/** The connection, and how many requests were under way at once at most. */
function watched(connection: NatsConnection): { atOnce: number } {
  const seen = { atOnce: 0 };
  let underWay = 0;
  const request = connection.request.bind(connection);
  connection.request = async (...args) => {
    underWay += 1;
    seen.atOnce = Math.max(seen.atOnce, underWay);
    try {
      return await request(...args);
    } finally {
      underWay -= 1;
    }
  };
  return seen;
}

describe("the way back over strangers", () => {
  test("asks for many messages at once, and counts each stranger", async () => {
    const connection = await strangersBehind(["gw1.aaaaaaaa.1", "gw1.aaaaaaaa.2"]);
    const seen = watched(connection);
    const walk = new WalkBack(stream, origin.gateway);
    const end = await walk.readEnd(connection, 1, new AbortController().signal);
    expect(end).toMatchObject({ lastSeq: strangers + 2, strangers, found: { seq: 2 } });
    expect(seen.atOnce).toBe(64);
  });

  test("ends at the first message that the stream still holds", async () => {
    const connection = await strangersBehind([]);
    const walk = new WalkBack(stream, origin.gateway);
    const end = await walk.readEnd(connection, 1, new AbortController().signal);
    expect(end).toMatchObject({ lastSeq: strangers, strangers, found: undefined });
  });
});
