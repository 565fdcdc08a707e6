import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { describe, expect, test } from "vitest";
import type { AlertTransition } from "../../src/core/alert.ts";
import type { StoredEvent } from "../../src/core/event.ts";
import { toGatewayId, toSiteId } from "../../src/core/ids.ts";
import { checkpointsBucket } from "../../src/core/subject.ts";
import type { Processor } from "../../src/processor/processor.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import { joinMemory } from "../../src/rules/engine-snapshot.ts";
import { GatewayScript, ruleSet, run, s } from "../rules/gateway-script.ts";
import { storedTransitions } from "../support/alerts-stream.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { publishEvent } from "../support/gateway-stream.ts";
import { makeStreams } from "../support/many-gateways.ts";
import { natsServer } from "../support/nats-server.ts";
import { startProcessor } from "../support/start-processor.ts";

const rules = ruleSet(
  {
    alert: "SiteWarm",
    select: { metric: "temperature" },
    per: "site",
    condition: { window: { agg: "avg", over: "30s", every: "5s", above: 0 } },
    for: "10s",
    severity: "critical",
  },
  {
    alert: "SiteBusy",
    select: { metric: "temperature" },
    per: "site",
    condition: { window: { agg: "count", over: "20s", every: "5s", above: 7 } },
    severity: "info",
  },
);

const origins = ["gw1", "gw2", "gw3"].map((gateway) => ({
  site: toSiteId("plant-a"),
  gateway: toGatewayId(gateway),
}));

/** Twenty minutes of a gateway: warm and busy now and then, each at other times. */
function lifeOf(n: number, fromS: number): readonly StoredEvent[] {
  const script = new GatewayScript(origins[n]?.gateway);
  for (let t = fromS; t < 1_200; t += 5) {
    const isWarm = Math.floor((t + n * 40) / 150) % 2 === 1;
    const isBusy = Math.floor((t + n * 20) / 100) % 3 === 1;
    script.sample("f1", t * s, isWarm ? 5 : -4);
    if (isBusy) script.sample("f1", (t + 2) * s, isWarm ? 4 : -5);
    if (t % 10 === 0) script.watermark((t + 4) * s);
  }
  return script.watermark(1_300 * s).events;
}

const lives = [lifeOf(0, 0), lifeOf(1, 0), lifeOf(2, 300)] as const;

function expectedIds(): readonly string[] {
  const engine = createRuleEngine(rules);
  engine.expect(origins);
  return run(rules, lives.flat(), engine)
    .filter(({ rule }) => rule.startsWith("g/"))
    .map(({ id }) => id);
}

async function publish(
  connection: NatsConnection,
  events: readonly (StoredEvent | undefined)[],
): Promise<void> {
  const client = jetstream(connection);
  for (const event of events)
    if (event) await publishEvent(client, event, event.position, {}, event.origin);
}

async function setUp() {
  const { url } = await natsServer();
  const connection = await connectionOf(testBackbone(url));
  await makeStreams(connection, origins, backboneOptionsFor(url));
  const start = (name: string, backbone = testBackbone(url, name)): Processor =>
    startProcessor(url, {
      backbone,
      createEngine: (memory) =>
        createRuleEngine(rules, memory && joinMemory(memory.head, memory.parts)),
    });
  const stored = async (): Promise<readonly AlertTransition[]> =>
    (await storedTransitions(connection).catch(() => [])).filter(({ rule }) =>
      rule.startsWith("g/"),
    );
  return { connection, start, stored, url };
}

const readOf = (processor: Processor): number =>
  (processor.state().partitions[0]?.gateways ?? []).reduce(
    (sum, { readUpTo = 0 }) => sum + readUpTo,
    0,
  );

describe("rules per site on a backbone", () => {
  test("find the same over stops, hand-overs and one that is cut off, with a gateway that speaks late", async () => {
    const ids = expectedIds();
    expect(ids.length).toBeGreaterThan(5);
    const { connection, start, stored, url } = await setUp();
    const [first, second, third] = lives;
    // One gateway is far ahead of the other, and the third is there and was never heard.
    await publish(connection, [...first.slice(0, 100), ...second.slice(0, 30)]);
    const one = start("one");
    await expect.poll(() => readOf(one), { timeout: 30_000 }).toBe(130);
    await one.stop();

    await publish(connection, second.slice(30, 100));
    const quick = start("quick");
    await quick.stop();

    const backbone = testBackbone(url, "two");
    const two = start("two", backbone);
    await publish(connection, first.slice(100, 250));
    await expect.poll(() => readOf(two), { timeout: 30_000 }).toBeGreaterThan(200);
    await publish(connection, third.slice(0, 150));
    await backbone.close();
    start("three");
    await publish(connection, third.slice(150));
    await publish(connection, [...second.slice(100), ...first.slice(250)]);

    const told = async (): Promise<string[]> => (await stored()).map(({ id }) => id).sort();
    await expect.poll(told, { timeout: 60_000, interval: 200 }).toEqual([...ids].sort());
    for (const { labels } of await stored()) expect(labels).not.toHaveProperty("gateway");
  });

  test("find the same where everything is read again at once", async () => {
    const { connection, start, stored } = await setUp();
    await Promise.all(lives.map((events) => publish(connection, events)));
    const expected = [...expectedIds()].sort();
    const told = async (): Promise<string[]> => (await stored()).map(({ id }) => id).sort();
    const one = start("one");
    await expect.poll(told, { timeout: 60_000, interval: 200 }).toEqual(expected);
    await one.stop();
    expect(await told()).toEqual(expected);
  });

  test("find the same after the checkpoint is lost, and end nothing before all gateways are read again", async () => {
    const { connection, start, stored } = await setUp();
    // What is open in the middle is only found where all of them were read so far.
    await Promise.all(lives.map((events) => publish(connection, events.slice(0, -60))));
    const one = start("one");
    const total = lives.flat().length;
    await expect.poll(() => readOf(one), { timeout: 60_000 }).toBe(total - 3 * 60);
    await one.stop();
    const before = await stored();
    for (const { read_also, read_up_to } of before)
      expect(gatewaysOf([read_up_to ?? "", ...(read_also ?? [])])).toEqual(["gw1", "gw2", "gw3"]);
    await (await jetstreamManager(connection)).streams.delete(`KV_${checkpointsBucket}`);

    const two = start("two");

    await expect.poll(() => readOf(two), { timeout: 60_000 }).toBe(total - 3 * 60);
    expect(await stored()).toEqual(before);
    await Promise.all(lives.map((events) => publish(connection, events.slice(-60))));
    const told = async (): Promise<string[]> => (await stored()).map(({ id }) => id).sort();
    await expect.poll(told, { timeout: 60_000, interval: 200 }).toEqual([...expectedIds()].sort());
  });
});

const gatewaysOf = (eventIds: readonly string[]): string[] =>
  eventIds.map((id) => id.split(".", 1).join()).sort();
