import { expect, test } from "vitest";
import { readLastWatermark } from "../../src/stream/last-watermark.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import {
  makeGatewayStream,
  origin,
  publishRecords,
  reading,
  startMs,
} from "../support/gateway-stream.ts";
import { natsServer } from "../support/nats-server.ts";

test("up to when a gateway has told everything is read from what it stored last", async () => {
  const { url } = await natsServer();
  const connection = await connectionOf(testBackbone(url));
  const read = () => readLastWatermark(connection, origin);
  await makeGatewayStream(connection, backboneOptionsFor(url));
  expect(await read()).toBeUndefined();
  const sample = reading("f1", 1, 5);
  const watermarks = [3_000, 9_000].map((ms) => {
    return { ...sample, kind: "watermark", device: null, data: { t: startMs + ms } } as const;
  });
  await publishRecords(connection, "aaaaaaaa", 1, [sample, ...watermarks, sample]);
  expect(await read()).toBe(startMs + 9_000);
});
