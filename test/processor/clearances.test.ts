import { jetstreamManager } from "@nats-io/jetstream";
import { describe, expect, onTestFinished, test } from "vitest";
import type { AlertTransition } from "../../src/core/alert.ts";
import type { OperatorAction } from "../../src/core/operator-action.ts";
import type { Processor } from "../../src/processor/processor.ts";
import { appendAction, lastActionSeq } from "../../src/stream/operator-log.ts";
import { actionOn } from "../alerts/given-alerts.ts";
import { storedTransitions } from "../support/alerts-stream.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { makeGatewayStream, publishRecords, reading } from "../support/gateway-stream.ts";
import { natsServer } from "../support/nats-server.ts";
import { startProcessor } from "../support/start-processor.ts";

const run = "aaaaaaaa";

async function setUp() {
  const { url } = await natsServer();
  const backbone = testBackbone(url);
  const connection = await connectionOf(backbone);
  await makeGatewayStream(connection, backboneOptionsFor(url));
  const stored = () => storedTransitions(connection);
  const has = async (count: number): Promise<AlertTransition[]> => {
    await expect.poll(async () => (await stored()).length, { timeout: 30_000 }).toBe(count);
    return stored();
  };
  const clear = async (alert: AlertTransition | undefined): Promise<OperatorAction> => {
    if (!alert) throw new Error("nothing fires");
    const action = { ...actionOn(alert, "clear", 30), id: `clear-${Math.random()}` };
    const after = await lastActionSeq(connection, action.site, action.instance);
    expect(await appendAction(connection, action, after)).toMatchObject({ outcome: "stored" });
    return action;
  };
  const say = async () => (await stored()).map(({ reason, state }) => `${state} ${reason}`);
  const publish = (seq: number, ...values: number[]) =>
    publishRecords(
      connection,
      run,
      seq,
      values.map((value, index) => reading("f1", value, seq + index)),
    );
  return { url, backbone, connection, has, clear, say, publish };
}

/** Resolves when the processor has saved behind everything that is stored now. */
async function saved(processor: Processor, streamSeq: number): Promise<void> {
  const [partition] = processor.state().partitions;
  const before = partition?.checkpointMs ?? 0;
  await expect
    .poll(
      () => {
        const [now] = processor.state().partitions;
        return now?.gateways[0]?.readUpTo === streamSeq && (now.checkpointMs ?? 0) >= before;
      },
      { timeout: 30_000 },
    )
    .toBe(true);
}

describe("an alert that a person clears", () => {
  test("ends once, and begins anew at the next sample where it still is so", async () => {
    const { clear, has, publish, say, url } = await setUp();
    startProcessor(url);
    await publish(1, 1);
    await clear((await has(1))[0]);
    const [fired, ended] = await has(2);
    expect(ended).toMatchObject({ reason: "cleared", n: 2, episode: fired?.episode });
    await publish(2, 1);
    const [, , again] = await has(3);
    expect(again?.episode).not.toBe(fired?.episode);
    // Asked for again, and for an episode that is over: nothing is left to do.
    await clear(fired);
    await publish(3, 0);
    await has(4);
    expect(await say()).toEqual([
      "firing for_elapsed",
      "ended cleared",
      "firing for_elapsed",
      "ended normal",
    ]);
  });

  test("is cleared by the processor that comes, where none was there when it was asked for", async () => {
    const { clear, has, publish, url } = await setUp();
    await publish(1, 1);
    const first = startProcessor(url);
    const [fired] = await has(1);
    await first.stop();
    await clear(fired);
    startProcessor(url);
    const [, ended] = await has(2);
    expect(ended).toMatchObject({ reason: "cleared", episode: fired?.episode });
  });

  test("stays cleared where everything is read again", async () => {
    const { clear, has, publish, say, url } = await setUp();
    const createBackbone = testBackbone(url, "unsaved");
    const first = startProcessor(url, { backbone: createBackbone });
    await publish(1, 0, 1, 1);
    await clear((await has(1))[0]);
    await has(2);
    await saved(first, 3);
    await createBackbone.close();
    await first.stop();
    // Its checkpoint is gone: the next one reads from the beginning, with the clear before it.
    const connection = await connectionOf(testBackbone(url, "eraser"));
    await (await jetstreamManager(connection)).streams.delete("KV_checkpoints");
    const second = startProcessor(url);
    await saved(second, 3);
    await publish(4, 1, 0);
    await has(4);
    expect(await say()).toEqual([
      "firing for_elapsed",
      "ended cleared",
      "firing for_elapsed",
      "ended normal",
    ]);
  });

  test("ends once where two processors hold its partition", async () => {
    const { clear, has, publish, say, url } = await setUp();
    const two = ["one", "other"].map((name) =>
      startProcessor(url, { backbone: testBackbone(url, name) }),
    );
    onTestFinished(async () => {
      for (const each of two) await each.stop();
    });
    await publish(1, 1);
    await clear((await has(1))[0]);
    await has(2);
    // One that has not heard of it takes the next sample for one of the same episode.
    const knowsOfIt = (processor: Processor): boolean =>
      (processor.state().partitions[0]?.firing?.counts.warning ?? 0) === 0;
    await expect.poll(() => two.every(knowsOfIt), { timeout: 30_000 }).toBe(true);
    await publish(2, 1);
    await has(3);
    await publish(3, 0);
    await has(4);
    expect(await say()).toEqual([
      "firing for_elapsed",
      "ended cleared",
      "firing for_elapsed",
      "ended normal",
    ]);
  });
});
