import { jetstreamManager } from "@nats-io/jetstream";
import { expect, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { createAttemptLog } from "../../src/notify/attempt-log.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import { readStreamFacts } from "../../src/stream/message-get.ts";
import { createPositionStore } from "../../src/stream/reading-positions.ts";
import { alertsStreamContract } from "../../src/stream/stream-contract.ts";
import { transitionOf } from "../alerts/given-alerts.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { consoleRole } from "../support/console-role.ts";
import { makeGatewayStream, publishRecords, reading, stream } from "../support/gateway-stream.ts";
import { siteText } from "../support/memory-site.ts";
import { natsServer } from "../support/nats-server.ts";
import { silentLogger } from "../support/silence.ts";
import { waitUntil } from "../support/wait-until.ts";
import { webhookServer } from "../support/webhook-server.ts";

async function setUp() {
  const server = await natsServer();
  const { url } = server;
  const backbone = testBackbone(url);
  const connection = await connectionOf(backbone);
  const backboneOptions = backboneOptionsFor(url);
  await makeGatewayStream(connection, backboneOptions);
  await ensureStream(connection, alertsStreamContract(backboneOptions));
  return { backbone, backboneOptions, connection, server, url };
}

test("streams are told with what is not as it should be and who reads them, and the flow that they make", async () => {
  const { backbone, backboneOptions, connection, url } = await setUp();
  const events = [1, 2, 3].map((second) => reading("f1", -18, second));
  await publishRecords(connection, "aaaaaaaa", 1, events);
  const facts = await readStreamFacts(connection, stream);
  const positions = createPositionStore("historian", backbone, backboneOptions, Math.random);
  const { signal } = new AbortController();
  const mark = { created: facts?.created ?? "", streamSeq: 1, run: "aaaaaaaa", seq: 1 } as never;
  const position = { mark, runs: [], holes: [] };
  await positions.save(
    { format: 1, gateways: { [stream]: position }, alerts: null, derived: null },
    0,
    signal,
  );
  const manager = await jetstreamManager(connection);
  const { config } = await manager.streams.info("ALERTS");
  await manager.streams.update("ALERTS", { ...config, max_msgs_per_subject: 5 });
  const one = await consoleRole(url);
  const streams = await waitUntil(async () => {
    const { body, status } = await one.ask("/streams");
    return status === 200 && body;
  }, "it is connected");
  expect(streams).toMatchObject({
    streams: expect.arrayContaining([
      expect.objectContaining({
        name: "ALERTS",
        problems: ["max_msgs_per_subject is 5, not 1000"],
      }),
      expect.objectContaining({
        ...{ name: stream, messages: 3, problems: [] },
        readers: [{ name: "historian", behind: 2, lagMs: expect.any(Number) }],
      }),
    ]),
  });
  expect((await one.ask("/processors")).body).toMatchObject({
    processors: [{ name: "historian", role: "historian", behind: 2 }],
  });
  const flow = await waitUntil(async () => {
    const { body: seen } = await one.ask("/flow");
    return JSON.stringify(seen).includes("gateway:gw1") && seen;
  }, "the gateway is in the flow");
  expect(flow).toMatchObject({
    nodes: expect.arrayContaining([
      expect.objectContaining({ id: "devices:gw1", name: "1 device" }),
      expect.objectContaining({ id: `stream:${stream}`, kind: "stream" }),
      expect.objectContaining({ id: "historian", state: "ok" }),
    ]),
    edges: expect.arrayContaining([
      expect.objectContaining({ from: "gateway:gw1", to: `stream:${stream}` }),
      expect.objectContaining({ from: `stream:${stream}`, to: "historian", backlog: 2 }),
    ]),
  });
});

test("the flow is told live while somebody looks, and stays while the backbone is away", async () => {
  const { connection, server, url } = await setUp();
  const one = await consoleRole(url);
  const topic = one.role.web?.topicNamed?.("flow");
  const first = await waitUntil(() => topic?.takeChanges(), "it is told");
  expect(JSON.parse(first)).toMatchObject({ [`n:stream:${stream}`]: { text: "0 messages" } });
  await publishRecords(connection, "aaaaaaaa", 1, [reading("f1", -18, 1)]);
  await waitUntil(() => topic?.takeChanges()?.includes('"text":"1 message"'), "it grew");
  await server.kill();
  await waitUntil(async () => (await one.ask("/streams")).status === 503, "it is away");
  expect(topic?.all()).toContain(`n:stream:${stream}`);
  topic?.end();
});

test("what a receiver was never told of is listed, told after all, and then no longer listed", async () => {
  const { backbone, backboneOptions, url } = await setUp();
  const hook = await webhookServer();
  const notify = `notify: { receivers: { duty: { kind: webhook, url: "${hook.url}" } } }\n`;
  const one = await consoleRole(url, { "sluicegate.yaml": siteText + notify });
  const alert = transitionOf("f1", 0, 1);
  const deps = { backbone, backboneOptions, clock: systemClock, logger: silentLogger };
  await createAttemptLog(deps).record({
    ...{ receiver: "duty", transition: alert.id, instance: alert.instance, attempt: 3 },
    ...{ outcome: "dead-letter", reason: "410 gone", alert },
  });
  const listed = await waitUntil(async () => {
    const { body } = await one.ask("/notices");
    return JSON.stringify(body).includes("410 gone") && body;
  }, "it is listed");
  expect(listed).toMatchObject({
    receivers: [{ receiver: "duty", kind: "webhook", givenUp: 1, trouble: "410 gone" }],
    letters: [{ place: 1, receiver: "duty", rule: "cold/FreezerWarm", attempts: 3 }],
  });
  expect((await one.ask("/notices/1/resend", {})).body).toMatchObject({ told: true });
  await waitUntil(async () => {
    const { body } = await one.ask("/notices");
    return JSON.stringify(body).includes('"letters":[]');
  }, "it is not listed any more");
});
