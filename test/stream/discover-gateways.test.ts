import { jetstreamManager } from "@nats-io/jetstream";
import { describe, expect, test } from "vitest";
import { toGatewayId, toSiteId } from "../../src/core/ids.ts";
import { discoverGateways } from "../../src/stream/discover-gateways.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import { readWholeStream } from "../../src/stream/read-whole-stream.ts";
import { alertsStreamContract, gatewayStreamContract } from "../../src/stream/stream-contract.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import {
  makeGatewayStream,
  origin,
  publishRecords,
  reading,
  stream,
} from "../support/gateway-stream.ts";
import { natsServer } from "../support/nats-server.ts";

async function setUp() {
  const { url } = await natsServer();
  const connection = await connectionOf(testBackbone(url));
  return { connection, options: backboneOptionsFor(url) };
}

describe("gateways on the backbone", () => {
  test("are found by their streams, with names as people gave them", async () => {
    const { connection, options } = await setUp();
    expect(await discoverGateways(connection)).toEqual([]);
    const origin = { site: toSiteId("Werk 1"), gateway: toGatewayId("box.7") };
    await ensureStream(connection, gatewayStreamContract(origin, options));
    await ensureStream(connection, alertsStreamContract(options));
    const manager = await jetstreamManager(connection);
    await manager.streams.add({ name: "GW_of_others", subjects: ["others.>"] });

    expect(await discoverGateways(connection)).toEqual([{ ...origin, stream: "GW_box=2E7" }]);
  });
});

describe("a stream that only looks like a gateway's", () => {
  test("is passed over, and hides no other", async () => {
    const { connection, options } = await setUp();
    await makeGatewayStream(connection, options);
    const { streams } = await jetstreamManager(connection);
    await streams.add({ name: "GW_gw1_backup", mirror: { name: stream } });
    await streams.add({ name: "GW_all", sources: [{ name: stream }] });
    await streams.add({ name: "GW_other", subjects: ["ev.plant-b.gw7.>"] });
    await streams.add({ name: "GW_gw8", subjects: ["ev.plant-b.gw8.>", "more.>"] });
    const fed = { name: "GW_gw9", subjects: ["ev.plant-b.gw9.>"], sources: [{ name: stream }] };
    await streams.add(fed);

    expect(await discoverGateways(connection)).toEqual([{ ...origin, stream }]);
  });
});

describe("whole stream", () => {
  test("is read once from the first message to the last", async () => {
    const { connection, options } = await setUp();
    const seqs: number[] = [];
    const note = ({ streamSeq }: { readonly streamSeq: number }) => seqs.push(streamSeq);
    await readWholeStream(connection, stream, note);
    await makeGatewayStream(connection, options);
    await readWholeStream(connection, stream, note);
    expect(seqs).toEqual([]);
    const events = Array.from({ length: 40 }, (_, index) => reading("f1", index, index));
    await publishRecords(connection, "aaaaaaaa", 1, events);

    await readWholeStream(connection, stream, note);

    expect(seqs).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
  });
});
