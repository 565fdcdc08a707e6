import { jetstreamManager } from "@nats-io/jetstream";
import { describe, expect, test } from "vitest";
import { toGatewayId, toSiteId } from "../../src/core/ids.ts";
import { lookAtGateways } from "../../src/stream/discover-gateways.ts";
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
    expect(await lookAtGateways(connection)).toEqual({ gateways: [], lookalikes: [] });
    const origin = { site: toSiteId("Werk 1"), gateway: toGatewayId("box.7") };
    await ensureStream(connection, gatewayStreamContract(origin, options));
    await ensureStream(connection, alertsStreamContract(options));

    const { gateways, lookalikes } = await lookAtGateways(connection);

    expect(gateways.map(({ gateway }) => gateway)).toEqual([{ ...origin, stream: "GW_box=2E7" }]);
    expect(lookalikes).toEqual([]);
  });
});

describe("a stream that only looks like a gateway's", () => {
  test("is passed over with a reason, and hides no other", async () => {
    const { connection, options } = await setUp();
    await makeGatewayStream(connection, options);
    const { streams } = await jetstreamManager(connection);
    await streams.add({ name: "GW_gw1_backup", mirror: { name: stream } });
    await streams.add({ name: "GW_all", sources: [{ name: stream }] });
    await streams.add({ name: "GW_other", subjects: ["ev.plant-b.gw7.>"] });
    await streams.add({ name: "GW_gw8", subjects: ["ev.plant-b.gw8.>", "more.>"] });
    const fed = { name: "GW_gw9", subjects: ["ev.plant-b.gw9.>"], sources: [{ name: stream }] };
    await streams.add(fed);
    await streams.add({ name: "GW_of_others", subjects: ["others.>"] });
    await streams.add({ name: "ARCHIVE", subjects: ["ev.plant-b.gw10.>"] });
    await streams.add({ name: "NO_GATEWAY", subjects: ["nothing.>"] });

    const { gateways, lookalikes } = await lookAtGateways(connection);

    expect(gateways.map(({ gateway }) => gateway)).toEqual([{ ...origin, stream }]);
    const reasons = lookalikes.map(({ reason, stream }) => `${stream}: ${reason}`);
    expect(reasons.toSorted()).toEqual([
      "ARCHIVE: the stream of gateway gw10 is GW_gw10",
      "GW_all: it is fed from other streams",
      "GW_gw1_backup: it is fed from other streams",
      "GW_gw8: its subjects are not those of one gateway",
      "GW_gw9: it is fed from other streams",
      "GW_of_others: its subjects are not those of one gateway",
      "GW_other: the stream of gateway gw7 is GW_gw7",
    ]);
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
