import { expect, test } from "vitest";
import { openProcessor } from "../../src/app/open-processor.ts";
import type { GatewayEvent } from "../../src/core/event.ts";
import { toDeviceId } from "../../src/core/ids.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { consoleRole, memorySurroundings } from "../support/console-role.ts";
import { makeGatewayStream, publishRecords, reading, startMs } from "../support/gateway-stream.ts";
import { natsServer } from "../support/nats-server.ts";
import { waitUntil } from "../support/wait-until.ts";

test("an alert is explained by what a processor elsewhere saved, and says when that was", async () => {
  const { url } = await natsServer();
  const connection = await connectionOf(testBackbone(url));
  await makeGatewayStream(connection, backboneOptionsFor(url));
  const device = toDeviceId("f1");
  const told: GatewayEvent = {
    ...{ kind: "device", device, timeMs: startMs, receivedMs: startMs, clock: "gateway" },
    data: {
      ...{ device, profile: "acme/fz-200@1", intervalMs: 10_000, tags: {}, attrs: {} },
      metrics: [{ name: "temperature", unit: "Cel" }],
    },
  };
  const profile = "acme/fz-200@1";
  const warm = Array.from({ length: 62 }, (_, at) => ({ ...reading("f1", -10, at * 10), profile }));
  const endMs = startMs + 611_000;
  const mark: GatewayEvent = {
    ...{ kind: "watermark", device: null, timeMs: endMs, receivedMs: endMs, clock: "gateway" },
    data: { t: endMs },
  };
  await publishRecords(connection, "aaaaaaaa", 1, [told, ...warm, mark]);
  const surroundings = await memorySurroundings(url, {
    "sluicegate.yaml": `site: plant-a
gateway: { id: gw1 }
processor: { discover_every: 1s }
devices: [{ id: freezer-07, profile: acme/fz-200 }]
`,
  });
  const processor = await openProcessor(surroundings);
  const one = await consoleRole(url);
  const alert = await waitUntil(async () => {
    const { body } = await one.ask("/alerts");
    const { alerts } = body as { alerts: { instance: string }[] };
    return alerts[0];
  }, "it fires");
  await processor.stop();
  const { body } = await one.ask(`/alerts/${alert.instance}/explain`);
  expect(body).toMatchObject({
    lines: [
      expect.stringMatching(/^as it was saved at 20/),
      expect.stringContaining("it is firing"),
      expect.stringContaining("temperature is -10 °C"),
      expect.anything(),
      expect.anything(),
    ],
  });
});
