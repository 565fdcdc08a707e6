import { jetstreamManager } from "@nats-io/jetstream";
import { headers, type NatsConnection } from "@nats-io/transport-node";
import { describe, expect, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import type { AlertTransition } from "../../src/core/alert.ts";
import type { Clock } from "../../src/core/clock.ts";
import type { GatewayEvent } from "../../src/core/event.ts";
import { eventIdOf, toGatewayId, toRunId, toSeq, toSiteId } from "../../src/core/ids.ts";
import type { Processor } from "../../src/processor/processor.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import { joinMemory } from "../../src/rules/engine-snapshot.ts";
import { shippedRules } from "../../src/rules/reserved/reserved-rules.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import { gatewayStreamContract } from "../../src/stream/stream-contract.ts";
import { ruleSet } from "../rules/gateway-script.ts";
import { storedTransitions } from "../support/alerts-stream.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { createEventEncoder } from "../support/event-encoder.ts";
import {
  makeGatewayStream,
  publishRecords,
  reading,
  startMs,
  stream,
} from "../support/gateway-stream.ts";
import { natsServer } from "../support/nats-server.ts";
import { startProcessor } from "../support/start-processor.ts";

const run = "aaaaaaaa";
const rules = ruleSet(
  {
    alert: "Warm",
    select: { metric: "temperature" },
    condition: { threshold: { above: 0 } },
    severity: "warning",
  },
  {
    alert: "SiteWarm",
    select: { metric: "temperature" },
    per: "site",
    condition: { window: { agg: "avg", over: "10s", every: "1s", above: 0 } },
    severity: "warning",
  },
);
/** A quarter of the usual, so that a minute need not be waited for. */
const reserved = {
  ...shippedRules,
  gatewayOffline: { ...shippedRules.gatewayOffline, afterMs: 15_000 },
};
/** Ten times as fast. */
const quickClock: Clock = { ...systemClock, monotonicMs: () => systemClock.monotonicMs() * 10 };

async function setUp() {
  const { url } = await natsServer();
  const connection = await connectionOf(testBackbone(url));
  await makeGatewayStream(connection, backboneOptionsFor(url));
  const start = (name: string): Processor =>
    startProcessor(url, {
      backbone: testBackbone(url, name),
      createEngine: (memory) =>
        createRuleEngine(rules, memory && joinMemory(memory.head, memory.parts), reserved),
      clock: quickClock,
    });
  return { connection, start, url };
}

function own(second: number, cause: string): GatewayEvent {
  const timeMs = startMs + second * 1_000;
  const data = { state: "unknown", cause } as const;
  return { kind: "status", device: null, timeMs, receivedMs: timeMs, clock: "gateway", data };
}

async function told(connection: NatsConnection): Promise<string[]> {
  const stored = await storedTransitions(connection).catch((): AlertTransition[] => []);
  return stored.map(({ reason, rule, state }) => `${rule} ${state} ${reason}`);
}

const tells = (connection: NatsConnection, lines: readonly string[]) =>
  expect.poll(() => told(connection), { timeout: 60_000, interval: 100 }).toEqual(lines);

describe("a gateway that is gone", () => {
  test("is an alert, once for two processors and over a restart, until it speaks again", async () => {
    const { connection, start } = await setUp();
    await publishRecords(connection, run, 1, [reading("f1", -1, 1)]);
    const first = start("first");
    start("second");
    await tells(connection, ["sluicegate/GatewayOffline firing for_elapsed"]);
    await first.stop();
    const third = start("third");
    await expect
      .poll(() => third.state().partitions[0]?.gateways[0]?.readUpTo, { timeout: 60_000 })
      .toBe(1);

    await publishRecords(connection, run, 2, [reading("f1", -1, 2)]);

    await tells(connection, [
      "sluicegate/GatewayOffline firing for_elapsed",
      "sluicegate/GatewayOffline ended normal",
    ]);
  });

  test("is none where it said that it stops", async () => {
    const { connection, start, url } = await setUp();
    await publishRecords(connection, run, 1, [
      own(1, "gateway-started"),
      own(2, "gateway-stopped"),
    ]);
    const quiet = start("one");
    await expect
      .poll(() => quiet.state().partitions[0]?.gateways[0]?.readUpTo, { timeout: 60_000 })
      .toBe(2);
    // Another one that is only dead is found meanwhile.
    const other = { site: toSiteId("plant-a"), gateway: toGatewayId("gw2") };
    await ensureStream(connection, gatewayStreamContract(other, backboneOptionsFor(url)));
    const id = eventIdOf(other.gateway, toRunId(run), toSeq(1));
    const carried = headers();
    carried.set("Ce-Id", id);
    const body = createEventEncoder(other)(own(1, "gateway-started"), id);
    connection.publish("ev.plant-a.gw2.=.status", body, { headers: carried });
    await tells(connection, ["sluicegate/GatewayOffline firing for_elapsed"]);
    const [alert] = await storedTransitions(connection);
    expect(alert?.labels).toEqual(other);
  });

  test("ends its alerts when its stream is removed, also while nobody looked", async () => {
    const { connection, start } = await setUp();
    await publishRecords(connection, run, 1, [
      reading("f1", 5, 1),
      { ...own(2, ""), kind: "watermark", data: { t: startMs + 2_000 } },
      ...[70, 75, 80].map((second) => reading("f1", 5, second)),
      { ...own(90, ""), kind: "watermark", data: { t: startMs + 80_000 } },
      own(90, "gateway-stopped"),
    ]);
    const first = start("first");
    await tells(connection, ["g/Warm firing for_elapsed", "g/SiteWarm firing for_elapsed"]);
    await first.stop();
    await jetstreamManager(connection).then(({ streams }) => streams.delete(stream));

    start("second");

    await tells(connection, [
      "g/Warm firing for_elapsed",
      "g/SiteWarm firing for_elapsed",
      "g/Warm ended gateway_removed",
      "g/SiteWarm ended gateway_removed",
    ]);
  });
});

test("a processor says what its rules counted", async () => {
  const { connection, start } = await setUp();
  await publishRecords(connection, run, 1, [
    reading("f1", 5, 1),
    { ...own(2, ""), kind: "watermark", data: { t: startMs + 2_000 } },
  ]);
  const processor = start("one");
  await expect
    .poll(() => processor.state().partitions[0]?.rules, { timeout: 60_000 })
    .toMatchObject({ samples: 1, leftOut: 0, displaced: 0 });
});
