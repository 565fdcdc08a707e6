import { jetstreamManager } from "@nats-io/jetstream";
import { describe, expect, test } from "vitest";
import type { GatewayEvent } from "../../src/core/event.ts";
import { checkpointsBucket } from "../../src/core/subject.ts";
import type { Processor } from "../../src/processor/processor.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import { joinMemory } from "../../src/rules/engine-snapshot.ts";
import { appendAction, lastActionSeq } from "../../src/stream/operator-log.ts";
import { actionOn } from "../alerts/given-alerts.ts";
import { ruleSet } from "../rules/gateway-script.ts";
import { storedTransitions } from "../support/alerts-stream.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { makeGatewayStream, publishRecords, reading, startMs } from "../support/gateway-stream.ts";
import { hasSaved } from "../support/has-saved.ts";
import { natsServer } from "../support/nats-server.ts";
import { startProcessor } from "../support/start-processor.ts";

const run = "aaaaaaaa";
const warm = {
  alert: "Warm",
  select: { metric: "temperature" },
  condition: { threshold: { above: 0 } },
  severity: "warning",
};
const other = { ...warm, alert: "Other", select: { metric: "pressure" } };

function watermark(second: number): GatewayEvent {
  const t = startMs + second * 1_000;
  return {
    kind: "watermark",
    device: null,
    timeMs: t,
    receivedMs: t,
    clock: "gateway",
    data: { t },
  };
}

async function setUp() {
  const { url } = await natsServer();
  const connection = await connectionOf(testBackbone(url));
  await makeGatewayStream(connection, backboneOptionsFor(url));
  const start = (...rules: readonly object[]): Processor =>
    startProcessor(url, {
      createEngine: (memory) =>
        createRuleEngine(ruleSet(...rules), memory && joinMemory(memory.head, memory.parts)),
    });
  const told = async () =>
    (await storedTransitions(connection).catch(() => [])).map(
      ({ labels, reason, state }) => `${labels["device"]}: ${state} ${reason}`,
    );
  return {
    start,
    publish: (seq: number, ...events: readonly GatewayEvent[]) =>
      publishRecords(connection, run, seq, events),
    tells: (...lines: readonly string[]) => expect.poll(told, { timeout: 30_000 }).toEqual(lines),
    hasSaved: (streamSeq: number) => hasSaved(url, streamSeq),
    async clear(device: string) {
      const stored = await storedTransitions(connection);
      const alert = stored.find(({ labels }) => labels["device"] === device);
      if (!alert) throw new Error("nothing fires");
      const action = actionOn(alert, "clear", 30);
      const after = await lastActionSeq(connection, action.site, action.instance);
      await appendAction(connection, action, after);
    },
    loseCheckpoint: async () =>
      (await jetstreamManager(connection)).streams.delete(`KV_${checkpointsBucket}`),
  };
}

/** What fires as the processor has it. */
const firing = (processor: Processor) => processor.state().partitions[0]?.firing?.counts.warning;

describe("after its checkpoint is lost, a processor holds nothing open that the stream says is over", () => {
  test("by a person", async () => {
    const { clear, hasSaved, loseCheckpoint, publish, start, tells } = await setUp();
    const first = start(warm);
    await publish(1, reading("f1", 1, 1), reading("f2", 1, 1), watermark(4));
    await tells("f1: firing for_elapsed", "f2: firing for_elapsed");
    await clear("f1");
    await tells("f1: firing for_elapsed", "f2: firing for_elapsed", "f1: ended cleared");
    await first.stop();
    await loseCheckpoint();

    const second = start(warm);

    await hasSaved(3);
    expect(firing(second)).toBe(1);
    await publish(4, reading("f1", 1, 6), watermark(9));
    await tells(
      "f1: firing for_elapsed",
      "f2: firing for_elapsed",
      "f1: ended cleared",
      "f1: firing for_elapsed",
    );
  });

  test("since its rule was removed for a while", async () => {
    const { hasSaved, loseCheckpoint, publish, start, tells } = await setUp();
    const first = start(warm, other);
    await publish(1, reading("f1", 1, 1), watermark(4));
    await tells("f1: firing for_elapsed");
    await first.stop();
    const between = start(other);
    await publish(3, watermark(9));
    await tells("f1: firing for_elapsed", "f1: ended rule_removed");
    await between.stop();
    await loseCheckpoint();

    const last = start(warm, other);

    await hasSaved(3);
    expect(firing(last)).toBe(0);
    await publish(4, reading("f1", 1, 11), watermark(14));
    await tells("f1: firing for_elapsed", "f1: ended rule_removed", "f1: firing for_elapsed");
    expect(firing(last)).toBe(1);
  });
});
