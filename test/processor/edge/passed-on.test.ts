import { describe, expect, test } from "vitest";
import type { AlertTransition } from "../../../src/core/alert.ts";
import type { GatewayEvent } from "../../../src/core/event.ts";
import { createRuleEngine } from "../../../src/rules/engine.ts";
import { joinMemory } from "../../../src/rules/engine-snapshot.ts";
import { ofEdge, ofHub } from "../../../src/rules/rule-set.ts";
import { ruleSet } from "../../rules/gateway-script.ts";
import { storedTransitions } from "../../support/alerts-stream.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../../support/backbone.ts";
import {
  makeGatewayStream,
  publishRecords,
  reading,
  storedEvent,
} from "../../support/gateway-stream.ts";
import { natsServer } from "../../support/nats-server.ts";
import { startProcessor } from "../../support/start-processor.ts";

const run = "aaaaaaaa";
const rule = {
  alert: "Warm",
  select: { metric: "temperature" },
  condition: { threshold: { above: 0 } },
  hold: "1h",
  severity: "warning",
};
const atEdge = ofEdge(ruleSet({ ...rule, evaluate: "edge" }));
/** The hub has the same rule, and does not know that gateways evaluate it. */
const atHub = ofHub(ruleSet(rule));

function watermark(second: number): GatewayEvent {
  const { receivedMs, timeMs } = reading("f1", 0, second);
  return {
    ...{ kind: "watermark", device: null, timeMs, receivedMs, clock: "gateway" },
    data: { t: timeMs },
  };
}

/** What a gateway's own rules find in its events, as it writes it behind them. */
function behind(events: readonly GatewayEvent[]): GatewayEvent[] {
  const engine = createRuleEngine(atEdge);
  return events.flatMap((event, at) =>
    [...engine.feed(storedEvent(event, run, at + 1))].map((found): GatewayEvent => {
      const timeMs = Date.parse(found.at);
      const data: AlertTransition = { ...found, late: false, observed_at: found.at };
      return {
        ...{ kind: "alert-transition", device: event.device, timeMs, receivedMs: timeMs },
        ...{ clock: "gateway", data },
      };
    }),
  );
}

describe("what a gateway found itself", () => {
  test("is stored once beside what the hub finds, and goes on over processors that know nothing of before", async () => {
    const { url } = await natsServer();
    const connection = await connectionOf(testBackbone(url));
    await makeGatewayStream(connection, backboneOptionsFor(url));
    const start = () =>
      startProcessor(url, {
        createEngine: (memory) =>
          createRuleEngine(atHub, memory && joinMemory(memory.head, memory.parts)),
      });
    const ids = async (): Promise<string[]> => {
      const stored = await storedTransitions(connection).catch((): AlertTransition[] => []);
      return stored
        .filter(({ evaluated }) => evaluated === "edge")
        .map(({ reason, state }) => `${state} ${reason}`);
    };
    const breach = [reading("f1", 5, 1), watermark(2)];
    const normal = [reading("f1", -5, 60), watermark(61)];
    const [fired, ended] = behind([...breach, ...normal]);
    if (!fired || !ended) throw new Error("the gateway finds nothing");

    const first = start();
    await publishRecords(connection, run, 1, [...breach, fired]);
    await expect.poll(ids, { timeout: 60_000 }).toEqual(["firing for_elapsed"]);
    await first.stop();
    const second = start();
    await publishRecords(connection, run, 4, [watermark(10), watermark(20)]);
    await expect
      .poll(() => second.state().partitions[0]?.gateways[0]?.readUpTo, { timeout: 60_000 })
      .toBe(5);
    await second.stop();
    start();
    await publishRecords(connection, run, 6, [...normal, ended]);
    await expect.poll(ids, { timeout: 60_000 }).toEqual(["firing for_elapsed", "ended normal"]);
    const stored = await storedTransitions(connection);
    const [own, hub] = [true, false].map((isEdge) =>
      stored.filter(({ evaluated }) => (evaluated === "edge") === isEdge),
    );
    expect(new Set(own?.map(({ instance }) => instance)).size).toBe(1);
    expect(hub?.some(({ instance }) => instance === own?.[0]?.instance)).toBe(false);
    expect(own?.[0]).toMatchObject({ read_up_to: `gw1.${run}.3`, late: true });
  });
});
